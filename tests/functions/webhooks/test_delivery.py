"""From a job's change to the customer's endpoint, when all goes well."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from smskit import aws
from smskit.dispatch.store import jobs
from smskit.entrypoints import event_fanout
from smskit.inbox.store.inbound_items import message_item
from smskit.models.inbound_message import InboundMessage
from smskit.models.job import JobStatus, Rank
from smskit.models.lane import LaneKey
from smskit.platform.codec import encode_item
from smskit.platform.ids import is_id
from smskit.platform.times import now_ms
from smskit.webhooks.logic import events, fan_out
from tests.support.webhooks import Webhooks, record


def test_a_delivered_sms_reaches_the_endpoint_signed_and_logged(hooks: Webhooks) -> None:
    hook, webhook_id, secret = hooks.hook("sms:delivered")
    job = hooks.job(client_reference="order-1042")

    hooks.fan_out([hooks.delivered(job)])
    hooks.send()

    (call,) = hook.calls
    payload = call.payload
    assert is_id("evt", payload.pop("eventId"))
    assert payload == {
        "event": "sms:delivered",
        "jobId": job.job_id,
        "recipient": "+254712345678",
        "status": "Delivered",
        "deviceId": job.device_id,
        "simSlot": 0,
        "attempts": 1,
        "deliveredAt": "2026-06-23T10:00:00Z",
        "clientReference": "order-1042",
    }
    assert call.event_id == call.payload["eventId"]
    assert call.headers["content-type"] == "application/json"
    assert call.headers["user-agent"] == "SMSKit-Webhooks/1"
    assert call.verified_by(secret)
    (entry,) = hooks.log(webhook_id)
    assert (entry["status"], entry["event"], entry["eventId"]) == ("Delivered", "sms:delivered", call.event_id)
    (attempt,) = entry["attempts"]
    assert (attempt["status"], attempt["response"]) == (200, "seen")
    assert hooks.executions() == {}


def test_the_stream_of_the_jobs_table_tells_it(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:sent", "sms:delivered", "sms:failed")
    job = replace(hooks.job(), status=JobStatus.PENDING, rank=Rank.PENDING, token=None, attempts=0)
    assert jobs.create(job) is None
    lane = LaneKey(hooks.account_id, "dvc_1", 0)
    jobs.assign(job.job_id, "t", lane, "c", now_ms(), now_ms(), job.created_at)
    jobs.mark_sent(job.job_id, "t", now_ms())
    jobs.mark_delivered(job.job_id, "t", now_ms())

    hooks.fan_out(hooks.stream())
    hooks.send()

    assert sorted(event["event"] for event in hook.events()) == ["sms:delivered", "sms:sent"]
    assert {event["sentAt"] for event in hook.events("sms:sent")} == {"2026-06-23T10:00:00Z"}


def test_failed_and_given_up_jobs_are_the_same_event_with_their_reason(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:failed")
    dead = hooks.job()

    hooks.fan_out([
        hooks.failed(),
        record(dead, replace(dead, status=JobStatus.DEAD_LETTER, rank=Rank.CLOSED, failed_at=now_ms())),
    ])  # fmt: skip
    hooks.send()

    by_status = {event["status"]: event for event in hook.events("sms:failed")}
    assert by_status["Failed"]["error"] == {"code": "invalid_number", "message": "The number is not in use"}
    assert by_status["Failed"]["failedAt"] == by_status["DeadLetter"]["failedAt"] == "2026-06-23T10:00:00Z"
    assert "error" not in by_status["DeadLetter"]


def test_a_guess_and_what_the_phone_says_later_are_two_events(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:failed", "sms:sent")
    job = hooks.job()
    unknown = replace(job, status=JobStatus.FAILED, rank=Rank.UNKNOWN, failed_at=now_ms())
    sent = replace(job, status=JobStatus.SENT, rank=Rank.SENT, sent_at=now_ms())

    hooks.fan_out([record(job, unknown), record(unknown, sent), hooks.failed(sent)])
    hooks.send()

    assert sorted(event["event"] for event in hook.events()) == ["sms:failed", "sms:failed", "sms:sent"]
    assert len({event["eventId"] for event in hook.events()}) == 3


def test_what_does_not_change_the_state_is_no_event(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:delivered")
    job = replace(hooks.job(), status=JobStatus.DELIVERED, rank=Rank.DELIVERED, delivered_at=now_ms())
    hooks.fan_out([record(job, replace(job, sent_at=now_ms()))])
    hooks.send()
    assert hook.calls == []


def test_only_subscribers_of_the_account_get_an_event(hooks: Webhooks) -> None:
    wanted, _, _ = hooks.hook("sms:delivered")
    other, _, _ = hooks.hook("sms:failed")
    stranger = Webhooks(hooks.cloud, hooks.clock)
    foreign, _, _ = stranger.hook("sms:delivered")
    hooks.happen()
    assert (len(wanted.calls), len(other.calls), len(foreign.calls)) == (1, 0, 0)
    stranger.close()


def test_a_received_sms_has_the_fields_of_the_public_reference(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:received")
    received = InboundMessage(
        "msg_1", hooks.account_id, "+254712345678", "+254700000000", "YES", "dvc_3K7J2H5F8M1N4Q9R6V0W", 0,
        1_782_209_100_000, "cnv_1", now_ms(), 1,
    )  # fmt: skip
    change = {
        "NewImage": encode_item(message_item(received, 0, 0)),
        "SequenceNumber": "7",
        "ApproximateCreationDateTime": 0,
    }
    hooks.fan_out([{"eventName": "INSERT", "dynamodb": change}])
    hooks.send()

    (call,) = hook.calls
    assert call.payload == {
        "event": "sms:received",
        "eventId": call.event_id,
        "from": "+254712345678",
        "to": "+254700000000",
        "content": "YES",
        "deviceId": "dvc_3K7J2H5F8M1N4Q9R6V0W",
        "simSlot": 0,
        "receivedAt": "2026-06-23T10:05:00Z",
    }
    assert list(call.payload) == [
        "event", "eventId", "from", "to", "content", "deviceId", "simSlot", "receivedAt",
    ]  # fmt: skip


def test_a_message_of_many_bytes_arrives_whole(hooks: Webhooks) -> None:
    """Text is sent as UTF-8; the queue's limit is far away."""
    hook, _, secret = hooks.hook("sms:received")
    message = InboundMessage(
        "msg_2", hooks.account_id, "+254712345678", "+2547", "🎉" * 1600, "dvc_1", 0, now_ms(), "cnv_1", now_ms()
    )
    messages, _ = fan_out.messages_for(hooks.account_id, [events.received(message)], again=False)
    fan_out.queue(messages)
    hooks.send()
    (call,) = hook.calls
    assert call.payload["content"] == "🎉" * 1600
    assert call.verified_by(secret)


@pytest.mark.parametrize("process", ["the same process", "a new process"])
def test_stream_records_that_come_twice_are_one_event(hooks: Webhooks, process: str) -> None:
    hook, webhook_id, _ = hooks.hook("sms:delivered")
    records = [hooks.delivered() for _ in range(3)]
    hooks.fan_out(records)
    hooks.send()
    if process == "a new process":
        event_fanout.forget()
    hooks.fan_out(records)
    hooks.send()
    assert len(hook.calls) == 3
    assert len(hooks.log(webhook_id)) == 3


def test_a_fan_out_that_dies_after_it_queued_makes_no_second_event(
    hooks: Webhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve messages are two requests: the process is killed between them."""
    from smskit import aws

    class Killed(BaseException):
        """The end of a process."""

    hook, webhook_id, _ = hooks.hook("sms:delivered")
    records = [hooks.delivered() for _ in range(12)]
    sqs, requests = aws.client("sqs"), []
    whole = sqs.send_message_batch

    def dying(**arguments: object) -> object:
        if requests:
            raise Killed
        requests.append(1)
        return whole(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(sqs, "send_message_batch", dying)
        with pytest.raises(Killed):
            hooks.fan_out(records)
    hooks.send()
    assert len(hook.calls) == 10
    event_fanout.forget()
    hooks.fan_out(records)
    hooks.send()
    assert len(hook.calls) == 12
    assert len({call.event_id for call in hook.calls}) == len(hooks.log(webhook_id)) == 12


def test_one_bad_record_loses_no_other(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:delivered")
    good, bad = hooks.delivered(), hooks.delivered()
    bad["dynamodb"]["NewImage"]["status"] = {"S": "Nonsense"}
    failed = hooks.fan_out([bad, good])
    hooks.send()
    assert failed == [bad["dynamodb"]["SequenceNumber"]]
    assert len(hook.calls) == 1


def test_events_that_the_queue_does_not_take_come_again(hooks: Webhooks, monkeypatch: pytest.MonkeyPatch) -> None:
    hook, _, _ = hooks.hook("sms:delivered")
    records = [hooks.delivered() for _ in range(3)]
    sqs = aws.client("sqs")
    whole = sqs.send_message_batch

    def halfway(**arguments: object) -> object:
        entries: list[dict[str, str]] = arguments["Entries"]  # type: ignore[assignment]
        answer = whole(**arguments | {"Entries": entries[:-1]})
        return answer | {"Failed": [{"Id": entries[-1]["Id"], "Code": "x", "SenderFault": False}]}

    with monkeypatch.context() as patch:
        patch.setattr(sqs, "send_message_batch", halfway)
        failed = hooks.fan_out(records)
    assert failed == [records[2]["dynamodb"]["SequenceNumber"]]
    hooks.fan_out(records[2:])
    hooks.send()
    assert len(hook.calls) == 3


def test_a_message_that_the_queue_delivers_twice_is_posted_once(hooks: Webhooks) -> None:
    hook, _, _ = hooks.hook("sms:delivered")
    hooks.fan_out([hooks.delivered()])
    messages = hooks.receive()
    hooks.hand_over(messages)
    messages[0]["Attributes"]["ApproximateReceiveCount"] = "2"
    hooks.hand_over(messages)
    assert len(hook.calls) == 1


def test_an_endpoint_that_was_removed_gets_nothing_more(hooks: Webhooks) -> None:
    hook, webhook_id, _ = hooks.hook("sms:delivered")
    hooks.fan_out([hooks.delivered()])
    assert hooks.api.call("DELETE", f"/api/webhooks/{webhook_id}").status == 200
    hooks.clock.shift(6)
    hooks.send()
    assert hook.calls == []


def test_texts_and_secrets_are_never_logged(hooks: Webhooks, log_text: io.StringIO) -> None:
    _, _, secret = hooks.hook("sms:delivered")
    hooks.happen()
    text = log_text.getvalue()
    assert secret not in text and "+254712345678" not in text
