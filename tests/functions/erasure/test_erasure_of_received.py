"""What came in: kept for the account's days, and erased with its number by the console's door and its timers."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.entrypoints import webhook_sender
from smskit.erasure import logic as erasure
from smskit.errors import ContentionError
from smskit.inbox.store import inbound_messages
from smskit.models.timer import EraseTimer
from smskit.platform.times import now_ms
from smskit.webhooks.store import deliveries
from tests.functions.dispatch.test_races import once_before
from tests.functions.webhooks.test_crashes import Killed, die
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import Console
from tests.support.inbox import ALICE, BOB, Inbox, sms
from tests.support.webhooks import Webhooks

SECRET, DAY = "the hidden words", 86_400


@pytest.fixture
def home(inbox: Inbox) -> Console:
    return Console(console.person("owner", inbox.account_id))


def erase(home: Console, number: str = ALICE) -> None:
    assert home.post("/console/erasures", {"number": number}).status == 202


def run_to_end(inbox: Inbox) -> None:
    inbox.world.advance(2)
    inbox.world.advance(90)


def traces(cloud: Cloud, word: str, *tables: str) -> list[dict[str, Any]]:
    found = [item for name in tables or ("messages", "contacts", "jobs") for item in cloud.items(name)]
    return [item for item in found if word in json.dumps(item)]


def texts(page: dict[str, Any]) -> list[str]:
    return [message["content"] for message in page["messages"]]


def places(inbox: Inbox) -> dict[str, tuple[int, int]]:
    """What readers go by and TTL, of each number of the feed."""
    found = [item for item in inbox.cloud.items("messages") if item["sk"].startswith("feed#")]
    return {item["sk"]: (item["previousAt"], item["ttl"]) for item in found}


def test_nothing_that_came_in_from_the_number_stays(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    for count in (19, 19, 13):
        phone.receive(*[sms(SECRET) for _ in range(count)], sms("of Bob", BOB))
    conversation = inbox.conversation()["conversationId"]
    inbox.reply(conversation, SECRET)
    erase(home)
    run_to_end(inbox)
    assert traces(inbox.cloud, SECRET) == [] and traces(inbox.cloud, ALICE) == []
    assert inbox.contents() == ["of Bob"] * 3
    assert [entry["number"] for entry in inbox.conversations()["conversations"]] == [BOB]
    assert inbox.conversation(BOB)["unreadCount"] == 3
    assert inbox.api.get(f"/api/conversations/{conversation}/messages").status == 404
    for item in inbox.cloud.items("messages"):
        if item.get("closed"):
            assert set(item) == {"pk", "sk", "closed", "previousAt", "ttl"}


def test_readers_of_the_feed_pass_erased_numbers_and_miss_nothing(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms("one", BOB), sms(SECRET), sms(SECRET), sms("two", BOB))
    first = inbox.feed(limit=1)
    between = inbox.feed(first["cursor"], limit=1)
    before = places(inbox)
    erase(home)
    run_to_end(inbox)
    assert places(inbox) == before
    phone.receive(sms("three", BOB))
    for cursor in (first["cursor"], between["cursor"]):
        assert texts(inbox.feed(cursor)) == ["two", "three"]
    assert [message["content"] for message in inbox.feed_to_end(limit=1)] == ["one", "two", "three"]


def test_a_phone_that_repeats_an_erased_message_brings_nothing_back(inbox: Inbox, home: Console) -> None:
    phone, again = inbox.phone(), sms(SECRET)
    phone.receive(again)
    erase(home)
    run_to_end(inbox)
    phone.connect()
    assert phone.receive(again)["type"] == "ack"
    assert inbox.contents() == [] and inbox.conversations()["conversations"] == []
    assert traces(inbox.cloud, SECRET) == []


@pytest.mark.parametrize("landline", ["+254202123456", "+442071838750"])
def test_a_number_that_gets_no_sms_is_erased_too(inbox: Inbox, home: Console, landline: str) -> None:
    inbox.phone().receive(sms(SECRET, landline), sms("of Bob", BOB))
    erase(home, landline)
    run_to_end(inbox)
    assert traces(inbox.cloud, SECRET) == traces(inbox.cloud, landline) == [] and inbox.contents() == ["of Bob"]


def test_the_same_number_in_another_account_is_untouched(inbox: Inbox, home: Console) -> None:
    other = Inbox(inbox.cloud, inbox.clock)
    other.phone().receive(sms("theirs"))
    theirs = other.conversation()
    inbox.phone().receive(sms(SECRET))
    erase(home)
    run_to_end(inbox)
    assert inbox.contents() == [] and other.contents() == ["theirs"]
    assert other.conversation() == theirs and texts(other.thread(theirs["conversationId"])) == ["theirs"]


def test_an_opt_out_and_its_trail_stay_and_the_conversation_goes(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms(SECRET), sms("STOP"))
    trail = [item for item in inbox.cloud.items("messages") if item.get("direction") == "audit"]
    (contact,) = traces(inbox.cloud, ALICE, "contacts")
    erase(home)
    run_to_end(inbox)
    (left,) = traces(inbox.cloud, ALICE, "contacts")
    assert left == {
        name: contact[name]
        for name in ("pk", "sk", "optedOut", "optChangedAt", "optOuts", "optedOutAt", "optOutSource", "optOutReason")
    }
    assert len(trail) == 1 and traces(inbox.cloud, ALICE, "messages") == trail
    assert inbox.conversations()["conversations"] == []
    assert inbox.api.send(recipient=ALICE).slug == "recipient-opted-out"
    phone.receive(sms("START"))
    assert inbox.conversation()["unreadCount"] == 1, "whoever was erased may write anew"


def test_what_comes_in_after_the_request_stays(inbox: Inbox, home: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = inbox.phone()
    for _ in range(2):
        phone.receive(*[sms(SECRET) for _ in range(15)])
    erase(home)
    inbox.clock.shift(1)
    once_before(monkeypatch, inbound_messages, "erase", lambda: phone.receive(sms("anew")) and None)
    run_to_end(inbox)
    assert inbox.contents() == ["anew"] and traces(inbox.cloud, SECRET) == []
    line = inbox.conversation()
    assert line["unreadCount"] == 1 and texts(inbox.thread(line["conversationId"])) == ["anew"]


def test_who_writes_before_the_first_piece_keeps_the_conversation(inbox: Inbox, home: Console) -> None:
    phone = inbox.phone()
    phone.receive(sms(SECRET))
    erase(home)
    inbox.clock.shift(1)
    phone.receive(sms("anew"))
    run_to_end(inbox)
    assert inbox.contents() == ["anew"] and texts(inbox.thread(inbox.conversation()["conversationId"])) == ["anew"]


def test_a_list_that_lags_is_gone_through_once_more(
    inbox: Inbox, home: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.phone().receive(sms(SECRET))
    erase(home)
    with monkeypatch.context() as patch:
        patch.setattr(inbound_messages, "of_conversation", lambda *_: ([], False))
        inbox.world.advance(2)
    assert inbox.contents() == [SECRET]
    inbox.world.advance(90)
    assert inbox.contents() == []


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("number", range(1, 11))
def test_a_piece_that_is_cut_off_at_any_request_and_run_again_erases_all(
    inbox: Inbox, home: Console, monkeypatch: pytest.MonkeyPatch, number: int, after: bool
) -> None:
    phone = inbox.phone()
    phone.receive(sms(SECRET), sms("kept", BOB), sms(SECRET))
    phone.receive(sms("STOP"))
    piece = EraseTimer(inbox.account_id, ALICE, now_ms(), "in")
    inbox.clock.shift(1)
    with monkeypatch.context() as patch:
        die(patch, number, after=after)
        with contextlib.suppress(Killed):
            erasure.run(piece, now_ms())
    for _ in range(2):
        erasure.run(piece, now_ms())
    run_to_end(inbox)
    assert traces(inbox.cloud, SECRET) == [] and inbox.contents() == ["kept"]
    assert [entry["number"] for entry in inbox.conversations()["conversations"]] == [BOB]


def test_the_logs_of_the_endpoints_lose_what_told_of_it(
    inbox: Inbox, home: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WEBHOOK_LOCAL", "true")
    # The stand-in's long poll never ends on a clock that stands still.
    monkeypatch.setattr(webhook_sender, "HELP_SECONDS", 0)
    hooks = Webhooks(inbox.cloud, inbox.clock, inbox.api)
    _, well_id, _ = hooks.hook("sms:received")
    ill, ill_id, _ = hooks.hook("sms:received", rule=500)
    try:
        inbox.phone().receive(sms(SECRET), sms(SECRET), sms("kept", BOB))
        hooks.fan_out(hooks.stream("messages"))
        hooks.send()
        assert len(traces(inbox.cloud, SECRET, "webhooks")) == 4
        erase(home)
        run_to_end(inbox)
        assert traces(inbox.cloud, SECRET, "webhooks") == []
        for webhook_id in (well_id, ill_id):
            assert len([entry for entry in hooks.log(webhook_id) if entry["event"] == "sms:received"]) == 1
        told, ill.rule = len(ill.calls), 200
        hooks.recover()
        assert [call.payload["content"] for call in ill.calls[told:]] == ["kept"]
    finally:
        hooks.close()


def test_a_message_is_found_again_when_the_log_could_not_be_emptied(
    inbox: Inbox, home: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox.phone().receive(sms(SECRET))
    erase(home)

    def throttled(*_: Any) -> None:
        raise ContentionError("BatchWriteItem was throttled")

    with monkeypatch.context() as patch:
        patch.setattr(deliveries, "forget", throttled)
        inbox.world.pump()
    assert inbox.contents() == [SECRET]
    inbox.world.advance(60)
    run_to_end(inbox)
    assert inbox.contents() == []


def test_what_came_in_is_kept_for_the_accounts_days(inbox: Inbox) -> None:
    account_settings.change(inbox.account_id, SettingsChange(retention_days=3))
    phone, now = inbox.phone(), now_ms() // 1000
    inbound_messages.take_numbers(inbox.account_id, 1, now_ms())
    phone.receive(sms("Hello"))
    inbox.clock.shift(7)
    assert inbox.contents() == ["Hello"]
    kept = {item["ttl"] - now for item in inbox.cloud.items("messages") if "ttl" in item}
    assert kept == {3 * DAY, 3 * DAY + 7}, "message, marker and the number that was closed later"


@pytest.mark.parametrize(("days", "shown"), [(3, False), (365, True)])
def test_fewer_days_count_for_what_is_stored_already(inbox: Inbox, days: int, shown: bool) -> None:
    phone = inbox.phone()
    phone.receive(sms("Hello"))
    inbox.clock.shift(1)
    inbox.reply(inbox.conversation()["conversationId"], "Hi")
    account_settings.change(inbox.account_id, SettingsChange(retention_days=days))
    inbox.clock.shift(4 * DAY)
    line = inbox.conversation()
    assert texts(inbox.thread(line["conversationId"])) == (["Hi", "Hello"] if shown else [])
    assert ("preview" in line["lastMessage"]) is shown
    assert inbox.contents() == (["Hello"] if shown else [])


def test_days_that_are_raised_again_bring_nothing_back(inbox: Inbox) -> None:
    inbox.phone().receive(sms("Hello"))
    inbox.clock.shift(2 * DAY)
    for days in (1, 30):
        account_settings.change(inbox.account_id, SettingsChange(retention_days=days))
        account_settings.forget()
        line = inbox.conversation()
        assert "preview" not in line["lastMessage"] and inbox.contents() == []
        assert inbox.thread(line["conversationId"])["messages"] == []


def test_more_days_bring_nothing_back(inbox: Inbox) -> None:
    inbox.phone().receive(sms("Hello"))
    account_settings.change(inbox.account_id, SettingsChange(retention_days=365))
    inbox.clock.shift(31 * DAY)
    line = inbox.conversation()
    assert "preview" not in line["lastMessage"]
    assert inbox.thread(line["conversationId"])["messages"] == [] and inbox.contents() == []
