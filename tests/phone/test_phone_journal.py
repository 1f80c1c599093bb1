"""The journal's promises, one by one."""

import time

import pytest

from smskit_phone.clock import Questions, ServerClock
from smskit_phone.database import Database
from smskit_phone.jobs import Failure, Key, Offer, State
from smskit_phone.journal import Journal

AT = "2026-01-01T00:00:00.000Z"


def offer(job_id: str = "job_1", token: str = "t1", priority: int = 1) -> Offer:
    return Offer(Key(job_id, token), 0, "+254700000001", "text", 1, priority, 9e9, 9e9)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "journal.sqlite3"


@pytest.fixture
def journal(path):
    journal = Journal(path, "dvc_1")
    yield journal
    journal.close()


def at_the_radio(journal: Journal, one: Offer) -> bool:
    journal.hold([one])
    journal.clear([one.key])
    return journal.begin_sending(one.key, AT)


def test_commits_are_synced_and_the_file_is_its_owners(path):
    database = Database(path)

    assert database.rows("PRAGMA synchronous")[0][0] == 2
    assert path.stat().st_mode & 0o777 == 0o600
    database.close()


def test_an_offer_is_held_once(journal):
    assert journal.hold([offer()]) == [offer().key]
    assert journal.hold([offer()]) == []


def test_only_a_cleared_job_goes_to_the_radio_and_only_once(journal):
    journal.hold([offer()])
    assert not journal.begin_sending(offer().key, AT)

    journal.clear([offer().key])
    assert journal.begin_sending(offer().key, AT)
    assert not journal.begin_sending(offer().key, AT)


def test_a_job_at_the_radio_cannot_be_given_back(journal):
    at_the_radio(journal, offer())

    assert journal.release([offer().key]) == []
    assert journal.get(offer().key).state is State.SENDING


@pytest.mark.parametrize(
    ("state", "failure", "again"),
    [
        (State.SENT, None, False),
        (State.UNKNOWN, Failure("unknown_outcome", "?"), False),
        (State.FAILED, Failure("invalid_number", "?"), False),
        (State.FAILED, Failure("no_service", "?"), True),
    ],
)
def test_another_token_is_handed_over_only_after_a_transient_refusal(journal, state, failure, again):
    at_the_radio(journal, offer())
    journal.finish("job_1", state, AT, failure)

    assert at_the_radio(journal, offer(token="t2")) is again

    if not again:
        second = journal.get(Key("job_1", "t2"))
        assert (second.state, second.failure, second.state_at) == (state, failure, AT)
        assert [report.key.token for report in journal.outbox.next_batch().reports] == ["t1", "t2"]


def test_a_go_without_a_claim_adopts_what_the_radio_has_seen(journal):
    at_the_radio(journal, offer())
    journal.finish("job_1", State.SENT, AT)

    assert journal.adopt(Key("job_1", "t9"))
    assert not journal.adopt(Key("job_2", "t9"))
    assert journal.get(Key("job_1", "t9")).state is State.SENT


def test_recovering_says_unknown_for_what_was_at_the_radio_and_wants_a_new_go_for_the_rest(path):
    journal = Journal(path, "dvc_1")
    at_the_radio(journal, offer("at_radio"))
    journal.hold([offer("cleared")])
    journal.clear([offer("cleared").key])
    journal.close()

    journal = Journal(path, "dvc_1")
    assert [key.job_id for key in journal.recover(AT)] == ["at_radio"]
    assert journal.recover(AT) == []
    assert [job.key.job_id for job in journal.held() if job.state is State.CLAIMED] == ["cleared"]
    (report,) = journal.outbox.next_batch().reports
    assert (report.state, report.failure.code) == (State.UNKNOWN, "unknown_outcome")
    journal.close()


def test_delivered_follows_sent_only_and_each_is_reported_once(journal):
    at_the_radio(journal, offer())
    assert journal.finish("job_1", State.DELIVERED, AT) == []

    for _ in range(2):
        journal.finish("job_1", State.SENT, AT)
        journal.finish("job_1", State.DELIVERED, AT)

    assert [report.state for report in journal.outbox.next_batch().reports] == [State.SENT, State.DELIVERED]


def test_the_text_is_kept_no_longer_than_the_radio_needs_it(journal):
    at_the_radio(journal, offer())
    assert journal.get(offer().key).message == "text"

    journal.finish("job_1", State.SENT, AT)
    assert journal.get(offer().key).message == ""


def test_a_batch_keeps_its_seq_and_items_and_holds_fifty_at_most(path):
    journal = Journal(path, "dvc_1")
    for number in range(60):
        at_the_radio(journal, offer(f"job_{number}"))
        journal.finish(f"job_{number}", State.SENT, AT)
    first = journal.outbox.next_batch()
    journal.close()

    journal = Journal(path, "dvc_1")
    assert journal.outbox.next_batch() == first
    assert (first.seq, len(first.reports)) == (1, 50)
    journal.outbox.acknowledge(1)
    second = journal.outbox.next_batch()
    assert (second.seq, len(second.reports)) == (2, 10)
    journal.outbox.acknowledge(2)
    journal.close()

    journal = Journal(path, "dvc_1")
    assert journal.outbox.next_batch() is None
    at_the_radio(journal, offer("next"))
    journal.finish("next", State.SENT, AT)
    assert journal.outbox.next_batch().seq == 3
    journal.close()


def test_a_refused_batch_is_halved_until_the_one_report_is_given_up(journal):
    for number in range(8):
        at_the_radio(journal, offer(f"job_{number}"))
        journal.finish(f"job_{number}", State.SENT, AT)
    taken, given_up = [], []

    for _ in range(40):
        batch = journal.outbox.next_batch()
        if batch is None:
            break
        jobs = [report.key.job_id for report in batch.reports]
        if "job_5" in jobs:
            given_up += journal.outbox.refuse(batch.seq)
        else:
            taken += [key.job_id for key in journal.outbox.acknowledge(batch.seq)]

    assert sorted(taken) == [f"job_{number}" for number in range(8) if number != 5]
    assert given_up == [Key("job_5", "t1")]
    assert journal.outbox.is_empty()


def test_open_jobs_are_those_without_a_final_word_at_the_server(journal):
    for job_id in ("acknowledged", "reported"):
        at_the_radio(journal, offer(job_id))
        journal.finish(job_id, State.SENT, AT)
        if job_id == "acknowledged":
            journal.outbox.acknowledge(journal.outbox.next_batch().seq)
    at_the_radio(journal, offer("sending"))
    journal.hold([offer("claimed")])

    open_jobs = {job.key.job_id: job.state for job in journal.open_jobs(10)}

    assert open_jobs == {"reported": State.SENT, "sending": State.SENDING, "claimed": State.CLAIMED}


def test_a_report_is_put_out_again_when_the_server_asks_and_none_is_waiting(journal):
    at_the_radio(journal, offer())
    journal.finish("job_1", State.SENT, AT)
    journal.report_again(offer().key)
    assert len(journal.outbox.next_batch().reports) == 1
    journal.outbox.acknowledge(1)

    journal.report_again(offer().key)

    assert [report.state for report in journal.outbox.next_batch().reports] == [State.SENT]


def test_pruning_removes_finished_acknowledged_jobs_only(journal):
    for job_id in ("acknowledged", "reported"):
        at_the_radio(journal, offer(job_id))
        journal.finish(job_id, State.SENT, AT)
        if job_id == "acknowledged":
            journal.outbox.acknowledge(journal.outbox.next_batch().seq)
    journal.hold([offer("claimed")])

    journal.prune(time.time() - 60)
    assert journal.get(offer("acknowledged").key)
    journal.prune(time.time() + 60)

    assert journal.get(offer("acknowledged").key) is None
    assert journal.get(offer("reported").key)
    assert journal.get(offer("claimed").key)


def test_the_clock_runs_early_rather_than_late_and_is_unknown_before_it_is_told():
    uptime = [100.0]
    clock = ServerClock(lambda: uptime[0])
    assert clock.passed(9e9)

    uptime[0] = 103.0
    clock.learn(5000.0, asked_at=101.0)
    assert not clock.passed(5002.1)
    assert clock.passed(5002.0)

    uptime[0] = 104.0
    clock.learn(5000.0, asked_at=100.0)
    assert clock.passed(5003.0), "a sample with a longer round trip must not turn the clock"


def test_an_answer_that_the_network_held_is_not_taken_for_that_to_a_later_question():
    uptime, questions = [100.0], Questions()
    clock = ServerClock(lambda: uptime[0])
    questions.ask(100.0)
    questions.ask(120.0)

    uptime[0] = 121.0  # both answers come now: the server had stamped them at 5000 and 5020
    clock.learn(5000.0, questions.answered())
    assert clock.passed(5021.0)
    clock.learn(5020.0, questions.answered())
    assert clock.passed(5021.0)
    assert questions.answered() is None


def test_a_question_whose_answer_was_lost_makes_later_answers_neither_early_nor_useless_for_ever():
    questions = Questions()
    questions.ask(0.0)
    questions.ask(30.0)
    assert questions.answered() == 0.0

    questions.ask(300.0)
    assert questions.answered() == 300.0
