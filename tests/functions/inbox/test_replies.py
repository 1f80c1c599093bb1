"""Replies: by the SIM that was written to last, or by another one if the client says so, or not at all."""

from __future__ import annotations

import io
from typing import Any

import pytest

from smskit.contacts import store as contacts
from smskit.phones.store.device_items import device_key
from smskit.platform import table
from tests.support.inbox import ALICE, Inbox, sms
from tests.support.world import FakeRadioPhone

UNKNOWN = "cnv_4N8R2T6W0X3Z7B1D5F9H"
Phones = tuple[FakeRadioPhone, FakeRadioPhone]


@pytest.fixture
def phones(inbox: Inbox) -> Phones:
    """One that owns the conversation with its second SIM, and another."""
    owner, other = inbox.phone(sims=2), inbox.phone()
    owner.receive(sms(simSlot=1))
    return owner, other


def test_it_leaves_by_the_owner_sim(inbox: Inbox, phones: Phones) -> None:
    owner, other = phones
    assert inbox.reply(inbox.conversation()["conversationId"]).status == 202
    inbox.world.pump()
    (offer,) = owner.take_offers()
    assert offer["simSlot"] == 1 and offer["recipient"] == ALICE and other.offers == []


@pytest.mark.parametrize("away", ["offline", "revoked"])
def test_it_is_refused_while_that_sim_is_offline_and_falls_back_when_told_so(
    inbox: Inbox, phones: Phones, away: str
) -> None:
    owner, other = phones
    conversation = inbox.conversation()["conversationId"]
    owner.drop()
    if away == "revoked":
        key = device_key(inbox.account_id, owner.device_id)
        table.update("devices", key, "SET isRevoked = :true", {":true": True})
    refused = inbox.reply(conversation)
    assert (refused.status, refused.slug) == (422, "no-eligible-device")
    assert "fallback" in refused.body["detail"] and inbox.cloud.items("jobs") == []
    assert inbox.reply(conversation, fallback=False).status == 422
    assert inbox.reply(conversation, fallback=True).status == 202
    inbox.world.pump()
    assert len(other.take_offers()) == 1


def test_with_fallback_the_owner_still_comes_first(inbox: Inbox, phones: Phones) -> None:
    inbox.reply(inbox.conversation()["conversationId"], fallback=True)
    inbox.world.pump()
    assert [offer["simSlot"] for offer in phones[0].take_offers()] == [1]


def test_nobody_online_is_refused_with_fallback_too(inbox: Inbox, phones: Phones) -> None:
    for phone in phones:
        phone.drop()
    answer = inbox.reply(inbox.conversation()["conversationId"], fallback=True)
    assert (answer.status, answer.slug) == (422, "no-eligible-device")


@pytest.mark.parametrize("fallback", [False, True])
def test_a_key_sends_once_also_when_the_owner_has_changed_or_gone(inbox: Inbox, phones: Phones, fallback: bool) -> None:
    conversation = inbox.conversation()["conversationId"]
    asked = {"idempotencyKey": "k1", "fallback": fallback}
    first = inbox.reply(conversation, **asked)
    inbox.clock.shift(1)
    phones[1].receive(sms("now on another phone"))
    assert inbox.reply(conversation, **asked).body == first.body
    phones[1].drop()
    assert inbox.reply(conversation, **asked).body == first.body
    assert len(inbox.cloud.items("jobs")) == 1
    assert inbox.conversation()["lastMessage"]["preview"] == "now on another phone", "a repetition moves nothing"
    conflict = inbox.reply(conversation, "another text", **asked)
    assert (conflict.status, conflict.slug) == (409, "idempotency-conflict")
    phones[0].connect()
    assert inbox.api.send(recipient=ALICE, message="Hello yourself", idempotencyKey="k1").status == 409


@pytest.mark.parametrize("sender", ["MPESA", "22141", "+12125552368x", "+254202222222", ""])
def test_who_takes_no_sms_gets_none(inbox: Inbox, sender: str) -> None:
    inbox.phone().receive(sms(sender=sender))
    answer = inbox.reply(inbox.conversation(sender)["conversationId"])
    assert (answer.status, answer.slug) == (422, "not-replyable")


def test_who_has_opted_out_gets_none(inbox: Inbox, phones: Phones) -> None:
    key = {"pk": inbox.account_id, "sk": f"contact#{ALICE}"}
    table.update("contacts", key, "SET optedOut = :true", {":true": True})
    answer = inbox.reply(inbox.conversation()["conversationId"])
    assert (answer.status, answer.slug) == (422, "recipient-opted-out")
    assert inbox.conversation()["optedOut"] is True


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "#/message"), ({"message": ""}, "#/message"), ({"message": " "}, "#/message"),
        ({"message": "x" * 1601}, "#/message"), ({"message": "x", "priority": 11}, "#/priority"),
        ({"message": "x", "fallback": "yes"}, "#/fallback"), ({"message": "x", "fallback": None}, "#/fallback"),
        ({"message": "x", "recipient": ALICE}, "#/recipient"), ({"message": "x", "devices": []}, "#/devices"),
        ({"message": "x", "idempotencyKey": "é"}, "#/idempotencyKey"),
        ({"message": "x", "validitySeconds": 29}, "#/validitySeconds"),
    ],
)  # fmt: skip
def test_bad_input_is_named(inbox: Inbox, body: dict[str, Any], pointer: str) -> None:
    answer = inbox.api.post(f"/api/conversations/{UNKNOWN}/reply", body)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])


def test_a_reply_that_is_queued_is_accepted_though_the_list_could_not_be_told(
    inbox: Inbox, phones: Phones, monkeypatch: pytest.MonkeyPatch,
    log_text: io.StringIO,
) -> None:  # fmt: skip
    conversation = inbox.conversation()["conversationId"]
    with monkeypatch.context() as patch:
        patch.setattr(contacts, "replied", lambda job: 1 / 0)
        assert inbox.reply(conversation).status == 202
    assert "ZeroDivisionError" in log_text.getvalue()
    assert len(inbox.thread(conversation)["messages"]) == 2
