"""What people send, and withdraw: by the rules of the client API, in their own name."""

from __future__ import annotations

import io
from typing import Any

import pytest

from smskit.accounts.logic import audit_log
from smskit.clients.logic import clients
from smskit.dispatch.gateways import job_queues
from smskit.dispatch.store import job_ends, jobs
from smskit.errors import ConditionFailedError, QueueUnavailableError, UnavailableError
from smskit.models.job import JobStatus
from smskit.opt_outs.logic import opt_outs
from smskit.platform.times import now_ms
from tests.support import console, seeds
from tests.support.client_api import SEND, ClientApi
from tests.support.console import Console
from tests.support.http_events import Answer
from tests.support.world import World

PATH = "/console/messages"
KEY = {"idempotencyKey": "order-1"}


@pytest.fixture
def agent(api: ClientApi) -> Console:
    seeds.phone(api.account_id, sims=2)
    return Console(console.person("operator", api.account_id))


def send(who: Console, **changes: Any) -> Answer:
    return who.post(PATH, SEND | changes)


def cancel(who: Console, job_id: str) -> Answer:
    return who.post(f"{PATH}/{job_id}/cancel")


def noted(api: ClientApi) -> list[tuple[str, str, Any]]:
    """Actions, subjects and details of the audit log, but for the invitations."""
    found = [item for item in api.cloud.items("accounts") if item["pk"] == f"{api.account_id}#audit"]
    told = [(item["at"], item["action"], item["subject"], item.get("details")) for item in found]
    return [entry[1:] for entry in sorted(told) if entry[1] != "member.invited"]


def pooled(api: ClientApi) -> set[str]:
    return {item["jobId"] for item in api.cloud.items("pool") if item["pk"].startswith("pool#")}


def test_a_person_sends_as_a_client_does_and_the_job_names_them(api: ClientApi, agent: Console) -> None:
    answer = send(agent, recipient="0712 345 678", priority=9, validitySeconds=300, clientReference="order-1")
    assert (answer.status, answer.body["status"]) == (202, "Pending")
    job_id = answer.body["jobId"]
    assert answer.headers["location"] == f"{PATH}/{job_id}"
    job = jobs.get(job_id)
    assert job is not None and agent.who is not None
    assert (job.recipient, job.message, job.priority) == ("+254712345678", SEND["message"], 9)
    assert (job.client_id, job.client_reference) == (agent.who.source, "order-1")
    assert job.expires_at - job.created_at == 300_000
    assert len(api.cloud.messages("urgent")) == 1
    assert agent.get(answer.headers["location"]).body["clientId"] == agent.who.source
    assert api.status(job_id).body["recipient"] == "+254712345678"


def test_the_log_tells_who_sent_and_neither_what_nor_to_whom(
    api: ClientApi, agent: Console, log_text: io.StringIO
) -> None:
    job_id = send(agent).body["jobId"]
    assert noted(api) == [("message.queued", job_id, None)]
    told = str(api.cloud.items("accounts")) + log_text.getvalue()
    assert SEND["message"] not in told and "712345678" not in told


def test_a_refused_send_is_answered_as_by_the_client_api_and_leaves_nothing(api: ClientApi, agent: Console) -> None:
    opt_outs.add(api.account_id, "+254722000111", "admin", None, now_ms())
    foreign = seeds.phone(ClientApi(api.cloud).account_id).device_id
    before = api.kept()
    for changes in (
        {"recipient": "0201234567"}, {"recipient": "+254722000111"}, {"message": " "}, {"message": "x" * 1601},
        {"priority": 11}, {"priority": True}, {"devices": [foreign]}, {"priorty": 1}, {"validitySeconds": 29},
        {"message": "x" * 160 * 200},
    ):  # fmt: skip
        mine, theirs = send(agent, **changes), api.send(**changes)
        assert mine.status >= 400
        assert [each.body[name] for each in (mine, theirs) for name in ("type", "detail")] == 2 * [
            theirs.body["type"], theirs.body["detail"],
        ]  # fmt: skip
        assert mine.pointers == theirs.pointers
    assert api.kept() == before and noted(api) == []


def test_without_a_phone_nothing_is_sent(api: ClientApi) -> None:
    answer = send(Console(console.person("operator", api.account_id)))
    assert (answer.status, answer.slug) == (422, "no-eligible-device")


def test_a_key_of_a_person_is_their_own(api: ClientApi, agent: Console) -> None:
    first, again = send(agent, **KEY), send(agent, **KEY)
    assert first.body == again.body and again.status == 202
    conflict = send(agent, **KEY, priority=1)
    assert (conflict.status, conflict.slug, conflict.pointers) == (409, "idempotency-conflict", ["#/idempotencyKey"])
    client = api.send(**KEY, message="Another text")
    colleague = send(console.colleague(agent, "operator"), **KEY, message="A third one")
    assert client.status == colleague.status == 202
    assert len({answer.body["jobId"] for answer in (first, client, colleague)}) == 3
    assert len(api.cloud.items("jobs")) == 3


def test_no_clients_limit_counts_for_a_person(api: ClientApi, agent: Console) -> None:
    clients.change(api.account_id, api.tenant.client_id, None, 1)
    assert [api.send().status for _ in range(2)] == [202, 429]
    assert [send(agent).status for _ in range(3)] == [202, 202, 202]


def test_a_failure_to_note_it_has_no_message_sent_twice(
    api: ClientApi, agent: Console, monkeypatch: pytest.MonkeyPatch, log_text: io.StringIO
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise UnavailableError("no")

    monkeypatch.setattr(audit_log, "note", fail)
    assert send(agent).status == 202
    assert "UnavailableError" in log_text.getvalue()


def test_what_could_not_be_queued_is_not_noted(api: ClientApi, agent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise QueueUnavailableError("no")

    monkeypatch.setattr(job_queues, "enqueue", fail)
    assert send(agent).slug == "unavailable"
    assert api.cloud.items("jobs") == [] and noted(api) == []


def test_a_message_is_withdrawn_once_with_its_entry(api: ClientApi, agent: Console) -> None:
    for job_id in (send(agent).body["jobId"], api.send().body["jobId"]):
        answer = cancel(agent, job_id)
        assert (answer.status, answer.body["status"], answer.body["tries"]) == (200, "Cancelled", [])
        assert [entry["event"] for entry in answer.body["timeline"]] == ["accepted", "cancelled"]
        again = cancel(agent, job_id)
        assert (again.status, again.slug) == (409, "not-cancellable")
        assert [entry for entry in noted(api) if entry[1] == job_id][-1:] == [("message.cancelled", job_id, None)]
    assert [action for action, *_ in noted(api)].count("message.cancelled") == 2


def test_a_message_that_waits_in_the_pool_is_taken_out_of_it(sent_world: tuple[World, ClientApi]) -> None:
    world, api = sent_world
    agent = Console(console.person("operator", api.account_id))
    phone = world.add_phone()
    phone.connect()
    waiting = [send(agent, recipient=f"+25471234567{number}").body["jobId"] for number in range(5)]
    world.pump()
    withdrawn = next(job_id for job_id in waiting if job_id in pooled(api))
    assert cancel(agent, withdrawn).body["status"] == "Cancelled"
    assert withdrawn not in pooled(api) != set()
    taken, *_ = phone.take_offers()
    phone.claim(taken)
    answer = cancel(agent, taken["jobId"])
    assert (answer.status, answer.slug) == (409, "not-cancellable") and "Assigned" in answer.body["detail"]


def test_a_phone_that_claims_it_meanwhile_wins(api: ClientApi, agent: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    job_id = send(agent).body["jobId"]
    write = job_ends.cancel_with

    def late(job: Any, also: Any, now: int) -> Any:
        job_ends.close(job_id, JobStatus.DEAD_LETTER, None, now)
        return write(job, also, now)

    monkeypatch.setattr(job_ends, "cancel_with", late)
    assert cancel(agent, job_id).slug == "not-cancellable"
    assert [action for action, *_ in noted(api)] == ["message.queued"]


def test_a_job_that_is_gone_cannot_be_cancelled(api: ClientApi, agent: Console) -> None:
    job = jobs.get(send(agent).body["jobId"])
    assert job is not None and jobs.take_back(job)
    with pytest.raises(ConditionFailedError) as refused:
        job_ends.cancel_with(job, [], now_ms())
    assert refused.value.item is None
    assert cancel(agent, job.job_id).slug == "not-found"
