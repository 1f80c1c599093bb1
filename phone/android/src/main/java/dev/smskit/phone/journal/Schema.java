package dev.smskit.phone.journal;

/** The tables. Android 8.0 has SQLite 3.18: no UPSERT and no RETURNING. */
final class Schema {
    static final int VERSION = 2;

    static final String[] STATEMENTS = {
        """
        CREATE TABLE jobs (
            job_id TEXT NOT NULL, token TEXT NOT NULL, sim_slot INTEGER NOT NULL, sim INTEGER NOT NULL,
            recipient TEXT NOT NULL, message TEXT NOT NULL, segments INTEGER NOT NULL, priority INTEGER NOT NULL, expires_at INTEGER NOT NULL,
            state TEXT NOT NULL, state_at TEXT NOT NULL DEFAULT '', error_code TEXT, error_message TEXT,
            acknowledged INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL,
            PRIMARY KEY (job_id, token))""",
        "CREATE INDEX jobs_by_state ON jobs (state)",
        "CREATE INDEX jobs_unacknowledged ON jobs (job_id) WHERE acknowledged = 0",
        """
        CREATE TABLE parts (
            job_id TEXT NOT NULL, token TEXT NOT NULL, part INTEGER NOT NULL, sent TEXT, delivery TEXT,
            PRIMARY KEY (job_id, token, part))""",
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY, seq INTEGER, job_id TEXT NOT NULL, token TEXT NOT NULL, state TEXT NOT NULL,
            at TEXT NOT NULL, error_code TEXT, error_message TEXT, refusals INTEGER NOT NULL DEFAULT 0)""",
        "CREATE INDEX outbox_by_seq ON outbox (seq)",
        "CREATE INDEX outbox_by_job ON outbox (job_id, token)",
        """
        CREATE TABLE received (
            id INTEGER PRIMARY KEY, seq INTEGER, phone_message_id TEXT NOT NULL UNIQUE, item TEXT NOT NULL,
            bytes INTEGER NOT NULL, refusals INTEGER NOT NULL DEFAULT 0, refusal TEXT, arrived_at INTEGER NOT NULL)""",
        "CREATE INDEX received_by_seq ON received (seq)",
        "CREATE TABLE usage (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, sim_slot INTEGER NOT NULL, parts INTEGER NOT NULL)",
        "CREATE INDEX usage_by_time ON usage (at)",
        "CREATE TABLE identity (journal_id TEXT NOT NULL, device_id TEXT NOT NULL, place TEXT NOT NULL)",
        "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL)",
    };

    /**
     * From version 1, which didn't say which SIM a job was claimed for. What the radio has not seen is held no more: the
     * next hello doesn't name it, and the server gives it out anew.
     */
    static final String[] FROM_1 = {
        "ALTER TABLE jobs ADD COLUMN sim INTEGER NOT NULL DEFAULT -1",
        "DELETE FROM jobs WHERE state IN ('Claimed', 'Cleared')",
    };

    private Schema() {
    }
}
