"""What tests of inbound SMS look at."""

import sqlite3

ALICE = "+254712345678"


def contents(server) -> list[str]:
    return [message["content"] for message in server.inbound.values()]


def waiting(runner) -> list[tuple[str, str | None]]:
    """What the journal holds: phoneMessageId and why it was set aside."""
    connection = sqlite3.connect(runner.state_dir / "journal.sqlite3")
    try:
        return connection.execute("SELECT phone_message_id, refusal FROM received ORDER BY id").fetchall()
    finally:
        connection.close()


def files(runner) -> list[str]:
    return sorted(file.name for file in (runner.state_dir / "inbox").iterdir())
