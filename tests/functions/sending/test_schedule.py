"""Messages that are to be sent later: kept, moved, withdrawn, and sent to the second, whatever dies on the way."""

from __future__ import annotations

import io
from typing import Any

import pytest

from smskit import aws
from smskit.contacts import store as contacts
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.logic import janitor, schedules, timers
from smskit.dispatch.store import jobs, schedule
from smskit.errors import QueueUnavailableError
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.timer import JobsTimer, TimerKind
from smskit.platform import timer_queue
from smskit.platform.times import now_ms, rfc3339
from tests.support import console
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.inbox import ALICE, Inbox, sms
from tests.support.meter import Meter
from tests.support.world import FakeRadioPhone, World

Sent = tuple[World, ClientApi]
START = "2026-06-23T10:00:00Z"
DAY = 86_400


@pytest.fixture
def phone(sent_world: Sent) -> FakeRadioPhone:
    """A phone that is online."""
    made = sent_world[0].add_phone()
    made.connect()
    return made


def at(seconds: float) -> str:
    return rfc3339(now_ms() + int(seconds * 1000))


def stored(job_id: str) -> Job:
    job = jobs.get(job_id)
    assert job is not None
    return job


def pass_minutes(world: World, seconds: float, phone: FakeRadioPhone | None = None) -> None:
    """Time passes, the janitor looks once a minute, and the phone is heard."""
    while seconds > 0:
        if phone is not None:
            phone.say({"type": "heartbeat", "sims": []})
        world.tick()
        world.advance(min(60, seconds))
        seconds -= 60


def offered(phone: FakeRadioPhone) -> set[str]:
    """The jobs that the phone was offered; one that it didn't claim may have come again."""
    return {offer["jobId"] for offer in phone.take_offers()}


def notes(world: World) -> list[str]:
    return sorted(item["sk"] for item in world.cloud.items("pool") if item["pk"].startswith("due#"))


def test_a_message_is_kept_until_it_is_due_and_goes_to_the_second(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    due = at(600)
    answer = api.send(sendAt=due, validitySeconds=60)
    job_id = answer.body["jobId"]
    assert (answer.status, answer.body) == (202, {"jobId": job_id, "status": "Scheduled", "sendAt": due})
    shown = api.status(job_id).body
    assert (shown["status"], shown["sendAt"], shown["createdAt"]) == ("Scheduled", due, START)
    assert [(entry["event"], entry["at"], entry.get("detail")) for entry in shown["timeline"]] == [
        ("accepted", START, None), ("scheduled", START, due),
    ]  # fmt: skip
    pass_minutes(world, 599, phone)
    assert phone.offers == [] and world.cloud.queued() == 0
    world.advance(1)
    (offer,) = phone.take_offers()
    assert stored(job_id).expires_at == now_ms() + 60_000, "its validity counts from when it is due"
    phone.claim(offer)
    phone.report("Sent", offer)
    shown = api.status(job_id).body
    assert (shown["status"], shown["sendAt"]) == ("Sent", due)
    assert [entry["event"] for entry in shown["timeline"]][:3] == ["accepted", "scheduled", "due"]
    assert notes(world) == []


@pytest.mark.parametrize("seconds", [0, 1, 119, 120, 121])
def test_what_is_due_soon_does_not_wait_for_the_janitor_to_look(
    sent_world: Sent, phone: FakeRadioPhone, seconds: int
) -> None:
    world, api = sent_world
    world.tick()
    assert api.send(sendAt=at(seconds)).body["status"] == "Scheduled"
    world.advance(60)
    world.tick()
    world.advance(60)
    world.tick()
    world.advance(seconds - 120 + 0.9 if seconds > 120 else 0)
    assert len(offered(phone)) == 1


def test_offsets_say_the_same_moment(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    first = api.send(sendAt="2026-06-24T08:00:00+03:00", idempotencyKey="k")
    assert first.body["sendAt"] == "2026-06-24T05:00:00Z"
    assert api.send(sendAt="2026-06-24T05:00:00.000Z", idempotencyKey="k").body == first.body


IMPOSSIBLE = pytest.mark.parametrize(
    ("send_at", "rule"),
    [
        ("2026-06-23T09:59:59.999Z", "sendAt must not lie in the past"),
        ("2026-06-23T12:59:59+03:00", "sendAt must not lie in the past"),
        ("1970-01-01T00:00:00Z", "sendAt must not lie in the past"),
        ("2026-07-23T10:00:00.001Z", "sendAt must be at most 30 days ahead"),
        ("2026-07-24T10:00:00Z", "sendAt must be at most 30 days ahead"),
        ("9998-12-31T23:59:59Z", "sendAt must be at most 30 days ahead"),
        ("2026-06-24T10:00:00", "must be an RFC 3339 time"),
        ("2026-06-24", "must be an RFC 3339 time"),
        ("2026-06-24T10:00:00 03:00", "must be an RFC 3339 time"),
        ("2027-02-29T10:00:00Z", "must be an RFC 3339 time"),
        ("2026-06-31T10:00:00Z", "must be an RFC 3339 time"),
        ("2026-06-24T24:00:00Z", "must be an RFC 3339 time"),
        ("2026-06-24T10:00:60Z", "must be an RFC 3339 time"),
        ("tomorrow", "must be an RFC 3339 time"),
        ("", "must be an RFC 3339 time"),
        (1782216000, "sendAt must be a string"),
        (None, "sendAt must not be null"),
        (["2026-06-24T10:00:00Z"], "sendAt must be a string"),
    ],
)


@IMPOSSIBLE
def test_a_time_that_cannot_be_is_named_and_leaves_nothing(
    sent_world: Sent, phone: FakeRadioPhone, send_at: Any, rule: str
) -> None:
    _, api = sent_world
    before = api.kept()
    answer = api.send(sendAt=send_at)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/sendAt"])
    assert rule in answer.body["errors"][0]["detail"] and api.kept() == before
    job_id = api.send(sendAt=at(600)).body["jobId"]
    before = api.kept()
    moved = api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": send_at})
    assert (moved.status, moved.pointers) == (400, ["#/sendAt"]) and api.kept() == before


@IMPOSSIBLE
def test_so_it_is_in_replies_and_bulk_requests_of_programs_and_people(inbox: Inbox, send_at: Any, rule: str) -> None:
    inbox.phone().receive(sms())
    person = Console(console.person("operator", inbox.account_id))
    reply = f"conversations/{inbox.conversation()['conversationId']}/reply"
    many = {"message": "Hi", "recipients": [{"recipient": ALICE}, {"recipient": "+254712"}], "idempotencyKey": "k"}
    kept = inbox.api.kept()
    for post, path, body in (
        (inbox.api.post, f"/api/{reply}", {"message": "Hi"}),
        (inbox.api.post, "/api/sms/send/bulk", many),
        (person.post, f"/console/{reply}", {"message": "Hi"}),
        (person.post, "/console/messages", {"recipient": ALICE, "message": "Hi"}),
        (person.post, "/console/batches", many),
    ):
        answer = post(path, body | {"sendAt": send_at})
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/sendAt"]), path
        assert rule in answer.body["errors"][0]["detail"]
        assert inbox.api.kept() == kept and inbox.cloud.items("batches") == []
        assert not any(inbox.cloud.has_visible(queue) for queue in ("timers", "background"))


def test_thirty_days_ahead_is_as_far_as_it_goes(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    assert api.send(sendAt="2026-07-23T10:00:00Z").status == 202


def test_a_send_of_no_other_time_never_shows_the_state(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    answer = api.send()
    assert answer.body == {"jobId": answer.body["jobId"], "status": "Pending"}
    shown = api.status(answer.body["jobId"]).body
    assert shown["status"] == "Pending" and "sendAt" not in shown
    assert [entry["event"] for entry in shown["timeline"]] == ["accepted"]


def test_the_same_rules_hold_for_what_is_sent_later(sent_world: Sent) -> None:
    world, api = sent_world
    assert api.send(sendAt=at(60)).slug == "no-eligible-device"
    assert api.send(sendAt=at(60), waitForPhone=True).status == 202
    api.post("/api/opt-outs", {"number": "+254712345678"})
    assert api.send(sendAt=at(60), waitForPhone=True).slug == "recipient-opted-out"
    assert len(world.cloud.items("jobs")) == 1


def test_who_opts_out_before_it_is_due_gets_nothing(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600)).body["jobId"]
    api.post("/api/opt-outs", {"number": "+254712345678"})
    pass_minutes(world, 601, phone)
    assert [verdict["verdict"] for verdict in phone.claim()] == ["gone"]
    assert api.status(job_id).body["error"]["code"] == "opted-out"


def test_a_key_keeps_its_answer_after_the_time_has_come(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    asked = {"sendAt": at(600), "idempotencyKey": "k"}
    first = api.send(**asked)
    assert api.send(**asked).body == first.body
    assert api.send(sendAt=at(601), idempotencyKey="k").slug == "idempotency-conflict"
    assert api.send(idempotencyKey="k").slug == "idempotency-conflict"
    pass_minutes(world, 700, phone)
    assert api.send(**asked).body == first.body, "though that time lies in the past by now"
    world.pump()
    assert len(offered(phone)) == 1 and len(world.cloud.items("jobs")) == 1


def test_it_is_moved_and_goes_at_the_new_time_only(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600), validitySeconds=90).body["jobId"]
    later = at(DAY)
    moved = api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": later})
    assert (moved.status, moved.body["status"], moved.body["sendAt"]) == (200, "Scheduled", later)
    assert moved.body == api.status(job_id).body
    assert [entry.get("detail") for entry in moved.body["timeline"]][1:] == ["2026-06-23T10:10:00Z", later]
    assert stored(job_id).expires_at - stored(job_id).created_at == 90_000
    pass_minutes(world, 700, phone)
    assert phone.offers == []
    sooner = at(30)
    assert api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": sooner}).status == 200
    assert len(notes(world)) == 1, "the old note went with the move"
    world.advance(29)
    assert phone.offers == []
    world.advance(1)
    assert len(offered(phone)) == 1
    late = api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": at(60)})
    assert (late.status, late.slug) == (409, "not-scheduled")


def test_it_is_moved_while_its_timer_is_on_its_way(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(60)).body["jobId"]
    world.tick()
    for seconds in (300, 90, 1_000):
        api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": at(seconds)})
    pass_minutes(world, 999, phone)
    assert phone.offers == []
    world.advance(1)
    assert len(offered(phone)) == 1


def test_the_timeline_of_what_is_moved_often_stays_short(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    job_id = api.send(sendAt=at(60)).body["jobId"]
    for number in range(20):
        api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": at(100 + number)})
    told = stored(job_id).timeline
    assert len(told) == schedule.MOST_MOVES_TOLD and told[-1].detail == at(119)


def test_the_same_time_again_changes_nothing(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    due = at(600)
    job_id = api.send(sendAt=due).body["jobId"]
    before = world.cloud.items("jobs")
    assert api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": due}).status == 200
    assert world.cloud.items("jobs") == before


@pytest.mark.parametrize("when", ["far ahead", "its timer is on its way"])
def test_it_is_withdrawn(sent_world: Sent, phone: FakeRadioPhone, when: str) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600 if when == "far ahead" else 30)).body["jobId"]
    world.tick()
    cancelled = api.post(f"/api/sms/{job_id}/cancel")
    assert (cancelled.status, cancelled.body["status"]) == (200, "Cancelled")
    world.clock.shift(1)
    assert api.post(f"/api/sms/{job_id}/cancel").status == 409
    assert api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": at(60)}).slug == "not-scheduled"
    pass_minutes(world, 700, phone)
    assert phone.offers == [] and world.cloud.queued() == 0 and notes(world) == []


def test_only_its_own_account_moves_it(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600)).body["jobId"]
    for client, asked in ((ClientApi(world.cloud), job_id), (api, "job_7H2K9M4P1Q6R3T8V5W0X"), (api, "nonsense")):
        assert client.call("PATCH", f"/api/sms/{asked}", {"sendAt": at(60)}).status == 404
    empty = api.call("PATCH", f"/api/sms/{job_id}", {})
    assert (empty.status, empty.body) == (200, api.status(job_id).body), "a change of nothing"
    other = api.call("PATCH", f"/api/sms/{job_id}", {"sendAt": at(60), "message": "x"})
    assert (other.status, other.pointers) == (400, ["#/message"])


def test_people_move_messages_by_their_role_and_the_log_tells_of_it(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    operator, viewer = (Console(console.person(role, api.account_id)) for role in ("operator", "viewer"))
    made = operator.post("/console/messages", {"recipient": "0712345678", "message": "Hi", "sendAt": at(600)})
    assert made.body == {"jobId": made.body["jobId"], "status": "Scheduled", "sendAt": at(600)}
    path = f"/console/messages/{made.body['jobId']}"
    assert viewer.patch(path, {"sendAt": at(900)}).status == 403
    moved = operator.patch(path, {"sendAt": at(900)})
    assert (moved.status, moved.body["sendAt"], moved.body["message"]) == (200, at(900), "Hi")
    entries = [item for item in world.cloud.items("accounts") if item.get("action") == "message.rescheduled"]
    assert [entry["subject"] for entry in entries] == [made.body["jobId"]] and at(900) in str(entries[0])
    assert operator.post(f"{path}/cancel").body["status"] == "Cancelled"
    assert operator.patch(path, {"sendAt": at(60)}).slug == "not-scheduled"


def test_a_reply_is_kept_as_well_and_the_conversation_stays_where_it_is(inbox: Inbox) -> None:
    owner, other = inbox.phone(), inbox.phone()
    owner.receive(sms())
    inbox.clock.shift(10)
    conversation = inbox.conversation()["conversationId"]
    answer = inbox.reply(conversation, sendAt=at(600))
    assert answer.body["status"] == "Scheduled"
    assert inbox.conversation()["lastMessage"]["at"] == rfc3339(now_ms())
    inbox.clock.shift(5)
    owner.receive(sms("And one more"))
    assert inbox.conversation()["lastMessage"]["preview"] == "And one more"
    pass_minutes(inbox.world, 596, owner)
    assert offered(owner) == {answer.body["jobId"]} and other.offers == []
    contact = contacts.get(inbox.account_id, "+254712345678")
    assert contact.last is not None and contact.last.direction == "in"


def test_lists_show_it_where_it_is_due(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    later, plain = api.send(sendAt=at(600)).body["jobId"], api.send().body["jobId"]
    soon = api.send(sendAt=at(60)).body["jobId"]
    assert [job["jobId"] for job in api.get("/api/sms").body["jobs"]] == [later, soon, plain]
    assert [job["jobId"] for job in api.get("/api/sms", query="status=Scheduled").body["jobs"]] == [later, soon]
    assert [job["jobId"] for job in api.get("/api/sms", query=f"until={START}").body["jobs"]] == [plain]


def test_a_phone_that_went_away_meanwhile_is_waited_for_and_then_it_expires(
    sent_world: Sent, phone: FakeRadioPhone
) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600), validitySeconds=60).body["jobId"]
    phone.drop()
    pass_minutes(world, 630)
    assert api.status(job_id).body["status"] == "Pending"
    world.advance(40)
    assert api.status(job_id).body["error"]["code"] == "expired"


def test_what_an_outage_of_ours_missed_is_caught_up_within_its_validity(
    sent_world: Sent, phone: FakeRadioPhone
) -> None:
    world, api = sent_world
    missed = api.send(sendAt=at(600), validitySeconds=7_200).body["jobId"]
    too_late = api.send(sendAt=at(600), validitySeconds=60).body["jobId"]
    world.clock.shift(3_600)
    assert api.status(missed).body["status"] == "Scheduled"
    world.tick()
    phone.connect()
    world.pump()
    assert offered(phone) == {missed}
    assert api.status(too_late).body["error"]["code"] == "expired"


def test_one_that_nobody_looked_after_ends_when_it_is_read(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(600), validitySeconds=60).body["jobId"]
    world.clock.shift(661)
    assert api.status(job_id).body["error"]["code"] == "expired"
    world.tick()
    world.pump()
    assert phone.offers == []


def test_it_is_erased_with_its_number(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    job_id = api.send(sendAt=at(25 * DAY)).body["jobId"]
    owner = Console(console.person("owner", api.account_id))
    owner.post("/console/erasures", {"number": "0712345678"})
    world.clock.shift(0.001)
    kept = api.send(sendAt=at(600)).body["jobId"]
    world.advance(120)
    assert api.status(job_id).status == 404
    assert api.status(kept).body["status"] == "Scheduled", "what was accepted after the request stays"
    (item,) = [item for item in world.cloud.items("jobs") if item["pk"] == job_id]
    assert item["erased"] and "recipient" not in item


def test_a_timer_that_dies_between_its_steps_loses_no_job(
    sent_world: Sent, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Released and not queued: the message comes again, and finds the job Pending."""
    world, api = sent_world
    job_id = api.send(sendAt=at(600)).body["jobId"]
    world.clock.shift(600)
    with monkeypatch.context() as broken:
        broken.setattr(job_queues, "enqueue_all", _unavailable)
        with pytest.raises(QueueUnavailableError):
            schedules.release([job_id], now_ms())
    assert stored(job_id).status is JobStatus.PENDING and world.cloud.queued() == 0
    schedules.release([job_id], now_ms())
    schedules.release([job_id], now_ms())
    world.pump()
    assert offered(phone) == {job_id}


def _unavailable(*_: Any) -> None:
    raise QueueUnavailableError("down")


def test_an_answer_that_is_lost_is_no_job_that_is_lost(
    sent_world: Sent, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The write that makes it Pending is done and its answer lost; the second try meets itself."""
    world, api = sent_world
    job_id = api.send(sendAt=at(600)).body["jobId"]
    world.clock.shift(600)
    plain = schedule.release

    def twice(job: Job, now: int) -> Job:
        plain(job, now)
        return plain(job, now)

    monkeypatch.setattr(schedule, "release", twice)
    schedules.release([job_id], now_ms())
    world.pump()
    assert offered(phone) == {job_id}


def test_a_queue_that_takes_no_timer_costs_a_minute_and_not_the_message(
    sent_world: Sent, phone: FakeRadioPhone, monkeypatch: pytest.MonkeyPatch, log_text: io.StringIO
) -> None:
    world, api = sent_world
    with monkeypatch.context() as broken:
        broken.setattr(timer_queue, "set_timers", _unavailable)
        assert api.send(sendAt=at(5)).body["status"] == "Scheduled"
    assert "QueueUnavailableError" in log_text.getvalue()
    world.advance(10)
    world.tick()
    world.pump()
    assert len(offered(phone)) == 1


def test_a_timer_that_failed_for_good_is_set_again_and_ends_no_job() -> None:
    timer = JobsTimer(TimerKind.DUE, ("job_1",))
    assert janitor.jobs_of_timer(timer) == [] and timers.is_lasting(timer.kind)


def test_what_waits_far_ahead_costs_the_janitor_nothing(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    counted = []
    for _ in range(2):
        meter = Meter(aws.session())
        aws.client.cache_clear()
        schedules.hand_over(now_ms(), now_ms() + 20_000)
        counted.append(dict(meter.requests))
        for _ in range(60):
            api.send(sendAt=at(DAY))
    assert counted[0] == counted[1] == {"dynamodb.Query": schedule.SHARDS}


def test_scheduled_comes_before_all_else_in_rank() -> None:
    others = [value for name, value in vars(Rank).items() if name.isupper() and name != "SCHEDULED"]
    assert all(value > Rank.SCHEDULED for value in others) and min(others) == Rank.PENDING
