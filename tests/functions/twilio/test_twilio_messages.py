"""Messages sent, shown, withdrawn, redacted and erased in Twilio's shape: the same jobs as any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from smskit.dispatch.store import jobs
from smskit.dispatch.store.job_items import job_item, job_of
from smskit.models.job import Job, JobError, JobStatus, Rank, Target
from smskit.platform import table
from smskit.platform.times import now_ms, rfc3339
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.twilio import TwilioApi, job_id_of, refused


def stored(message: dict[str, object]) -> Job:
    job = jobs.get(job_id_of(message))
    assert job is not None
    return job


def test_a_message_is_answered_stored_and_queued_as_any_other(messages: TwilioApi, cloud: Cloud) -> None:
    message = messages.sent(To="0712 345 678", MessageIntent="otp", ValidityPeriod="300")

    job = stored(message)
    assert {name: message[name] for name in ("account_sid", "to", "body", "status", "direction", "api_version")} == {
        "account_sid": messages.sid,
        "to": "+254712345678",
        "body": "Your code is 123456",
        "status": "queued",
        "direction": "outbound-api",
        "api_version": "2010-04-01",
    }
    assert len(messages.sid) == len(message["sid"]) == 34
    assert (message["num_segments"], message["num_media"], message["price"]) == ("1", "0", None)
    assert message["uri"] == f"{messages.path}/{message['sid']}.json"
    assert (job.priority, job.expires_at - job.created_at, job.callback) == (9, 300_000, None)
    assert (job.account_id, job.client_id) == (messages.api.account_id, messages.api.tenant.client_id)
    (queued,) = cloud.messages("urgent")
    assert job_of(queued["Body"]) == job
    assert messages.api.status(job.job_id).body["status"] == "Pending"


def test_what_was_sent_otherwise_is_a_message_too(messages: TwilioApi) -> None:
    job_id = messages.api.send().body["jobId"]
    assert [job_id_of(message) for message in messages.list()["messages"]] == [job_id]


def test_a_message_is_as_long_as_its_plain_characters_make_it(messages: TwilioApi) -> None:
    curly = "“Your code” – 123456 " * 4
    assert messages.sent(Body=curly)["num_segments"] == "2"
    smart = messages.sent(Body=curly, SmartEncoded="true")
    assert (smart["num_segments"], smart["body"]) == ("1", '"Your code" - 123456 ' * 4)


def test_a_message_goes_out_by_the_sim_that_it_names(messages: TwilioApi) -> None:
    phone = seeds.phone(messages.api.account_id)
    seeds.change_lane(phone, 0, phone_number="0700000001")
    message = messages.sent(From="+254700000001", MessagingServiceSid="MG" + "0" * 32)
    assert (message["from"], message["messaging_service_sid"]) == ("+254700000001", "MG" + "0" * 32)
    assert stored(message).targets == (Target(phone.device_id, 0),)


def test_a_number_of_another_account_is_no_sender(messages: TwilioApi, cloud: Cloud) -> None:
    foreign = seeds.phone(ClientApi(cloud).account_id)
    seeds.change_lane(foreign, 0, phone_number="+254700000001")
    assert refused(messages.create(From="+254700000001")) == (400, 21606, ["#/From"])


def test_a_message_may_be_sent_later_and_withdrawn(messages: TwilioApi) -> None:
    message = messages.sent(SendAt=in_an_hour(), ScheduleType="fixed")
    assert message["status"] == "scheduled"
    assert messages.update(message["sid"], Status="canceled").body["status"] == "canceled"
    assert stored(message).status is JobStatus.CANCELLED
    assert refused(messages.update(message["sid"], Status="canceled")) == (400, 30409, [])


def in_an_hour() -> str:
    return rfc3339((now_ms() // 1000 + 3600) * 1000)


STATES: list[tuple[str, int | None, Callable[[Job], Job]]] = [
    ("queued", None, lambda job: job),
    ("sending", None, lambda job: replace(job, status=JobStatus.ASSIGNED, rank=Rank.ASSIGNED)),
    ("sent", None, lambda job: replace(job, status=JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms())),
    ("delivered", None, lambda job: replace(job, status=JobStatus.DELIVERED, rank=Rank.DELIVERED, sent_at=now_ms())),
    ("failed", 30036, lambda job: failed(job, JobStatus.DEAD_LETTER, "expired")),
    ("failed", 21610, lambda job: failed(job, JobStatus.DEAD_LETTER, "opted-out")),
    ("failed", 30005, lambda job: failed(job, JobStatus.FAILED, "invalid_number")),
    ("failed", 30004, lambda job: failed(job, JobStatus.FAILED, "short_code_refused")),
    ("failed", 30008, lambda job: failed(job, JobStatus.FAILED, "permission_denied")),
    ("undelivered", 30008, lambda job: replace(failed(job, JobStatus.FAILED, "generic_failure"), sent_at=now_ms())),
    ("undelivered", 30008, lambda job: failed(job, JobStatus.FAILED, "outcome_unknown")),
]


def failed(job: Job, status: JobStatus, code: str) -> Job:
    return replace(job, status=status, rank=Rank.FAILED, failed_at=now_ms(), error=JobError(code, "So it is"))


@pytest.mark.parametrize(("state", "code", "change"), STATES, ids=[f"{state}-{code}" for state, code, _ in STATES])
def test_each_state_has_its_word_and_each_error_its_code(
    messages: TwilioApi, state: str, code: int | None, change: Callable[[Job], Job]
) -> None:
    message = messages.sent()
    table.put("jobs", job_item(change(stored(message))))
    shown = messages.fetch(message["sid"]).body
    assert (shown["status"], shown["error_code"]) == (state, code)
    assert shown["error_message"] == ("So it is" if code else None)
    assert (shown["date_sent"] is not None) == (stored(message).sent_at is not None)


def test_a_message_tells_the_number_that_it_went_out_from(messages: TwilioApi) -> None:
    phone = seeds.phone(messages.api.account_id)
    seeds.change_lane(phone, 0, phone_number="+254700000001")
    message = messages.sent()
    sent = replace(stored(message), status=JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms(),
                   device_id=phone.device_id, sim_slot=0)  # fmt: skip
    table.put("jobs", job_item(sent))
    assert messages.fetch(message["sid"]).body["from"] == "+254700000001"
    assert messages.list()["messages"][0]["from"] == "+254700000001"


def ended(messages: TwilioApi) -> dict[str, object]:
    message = messages.sent()
    table.put("jobs", job_item(replace(stored(message), status=JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms())))
    return message


def test_a_message_that_has_ended_loses_its_text_alone(messages: TwilioApi, cloud: Cloud) -> None:
    message = ended(messages)
    redacted = messages.update(str(message["sid"]), Body="").body
    assert redacted == messages.fetch(str(message["sid"])).body
    assert (redacted["body"], redacted["status"], redacted["to"]) == ("", "sent", "+254712345678")
    assert "Your code" not in str(cloud.items("jobs"))


def test_a_message_that_has_ended_is_erased(messages: TwilioApi, cloud: Cloud) -> None:
    message = ended(messages)
    answer = messages.delete(str(message["sid"]))
    assert (answer.status, answer.text) == (204, "")
    assert refused(messages.fetch(str(message["sid"]))) == (404, 20404, [])
    assert refused(messages.delete(str(message["sid"]))) == (404, 20404, [])
    assert messages.list()["messages"] == []
    assert "254712345678" not in str(cloud.items("jobs"))


@pytest.mark.parametrize("status", [JobStatus.SCHEDULED, JobStatus.PENDING, JobStatus.ASSIGNED])
def test_what_still_has_to_be_sent_keeps_its_text(messages: TwilioApi, status: JobStatus) -> None:
    message = messages.sent()
    rank = getattr(Rank, status.name)
    table.put("jobs", job_item(replace(stored(message), status=status, rank=rank)))
    before = stored(message)
    assert refused(messages.update(message["sid"], Body="")) == (409, 20009, [])
    assert refused(messages.delete(message["sid"])) == (409, 20009, [])
    assert stored(message) == before


def test_a_message_of_another_account_is_not_there(messages: TwilioApi, cloud: Cloud) -> None:
    foreign = TwilioApi(ClientApi(cloud))
    sid = messages.sent()["sid"]
    answers = [foreign.fetch(sid), foreign.update(sid, Status="canceled"), foreign.update(sid, Body=""),
               foreign.delete(sid)]  # fmt: skip
    assert [refused(answer) for answer in answers] == [(404, 20404, [])] * 4
    assert messages.fetch(sid).body["status"] == "queued"


@pytest.mark.parametrize("sid", ["SM0", "SM" + "g" * 32, "MM" + "0" * 32, "SM" + "f" * 32, "SM0000001" + "0" * 25])
def test_what_is_no_sid_of_a_message_that_was_sent_is_not_there(messages: TwilioApi, sid: str) -> None:
    assert refused(messages.fetch(sid)) == (404, 20404, [])
