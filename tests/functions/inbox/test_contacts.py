"""What people call a number and note of it: kept beside the conversation, told of in the log, erased with the rest."""

from __future__ import annotations

import json

import pytest

from tests.support import console
from tests.support.console import Console
from tests.support.inbox import ALICE, BOB, Inbox, sms

NAME, NOTE = "Amina \u0623\u0645\u064a\u0646\u0629", "Prefers the <b>morning</b>"


@pytest.fixture
def home(inbox: Inbox) -> Console:
    return Console(console.person("owner", inbox.account_id))


def entries(home: Console) -> list[dict[str, object]]:
    found = home.get("/console/audit").body["entries"]
    return [entry for entry in found if entry["action"] == "contact.changed"]


def test_a_name_and_a_note_are_kept_and_shown(inbox: Inbox, home: Console) -> None:
    inbox.phone().receive(sms("Hello"))
    answer = home.post("/console/contacts", {"number": ALICE, "name": f" {NAME} ", "note": NOTE})
    conversation = inbox.conversation()
    assert (answer.status, answer.body) == (
        200,
        {
            "number": ALICE, "name": NAME, "note": NOTE, "optedOut": False,
            "conversationId": conversation["conversationId"],
        },
    )  # fmt: skip
    assert home.get(f"/console/contacts/{ALICE}").body == answer.body
    assert conversation["contactName"] == NAME and NOTE not in json.dumps(conversation)
    (listed,) = home.get("/console/conversations").body["conversations"]
    assert listed["contactName"] == NAME
    inbox.phone().receive(sms("Again"))
    assert inbox.conversation()["contactName"] == NAME


def test_who_has_never_written_has_a_name_and_no_conversation(inbox: Inbox, home: Console) -> None:
    assert home.get(f"/console/contacts/{BOB}").status == 404
    assert home.post("/console/contacts", {"number": BOB, "name": "Bob"}).status == 200
    assert home.get(f"/console/contacts/{BOB}").body == {"number": BOB, "name": "Bob", "optedOut": False}
    assert home.get("/console/conversations").body["conversations"] == []
    inbox.phone().receive(sms("Hello", BOB))
    (listed,) = home.get("/console/conversations").body["conversations"]
    assert (listed["number"], listed["contactName"]) == (BOB, "Bob")
    assert home.get("/console/opt-outs").body["optOuts"] == []


def test_an_empty_text_takes_away_and_an_absent_one_leaves(home: Console) -> None:
    home.post("/console/contacts", {"number": BOB, "name": "Bob", "note": NOTE})
    assert home.post("/console/contacts", {"number": BOB, "name": " "}).body == {
        "number": BOB, "note": NOTE, "optedOut": False,
    }  # fmt: skip
    assert home.post("/console/contacts", {"number": BOB, "note": ""}).body == {"number": BOB, "optedOut": False}
    assert home.get(f"/console/contacts/{BOB}").status == 404


def test_the_log_tells_what_was_changed_and_not_the_texts(inbox: Inbox, home: Console) -> None:
    wanted = {"number": BOB, "name": "Bob", "note": NOTE}
    home.post("/console/contacts", wanted)
    home.post("/console/contacts", wanted)
    home.post("/console/contacts", {"number": BOB})
    inbox.clock.shift(1)
    home.post("/console/contacts", wanted | {"name": "Robert"})
    assert [entry["details"] for entry in entries(home)] == [{"changed": "name"}, {"changed": "name note"}]
    text = json.dumps(entries(home))
    assert BOB not in text and "Bob" not in text and NOTE not in text


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"number": "x", "name": "Bob"}, "#/number"),
        ({"name": "Bob"}, "#/number"),
        ({"number": BOB, "name": "x" * 65}, "#/name"),
        ({"number": BOB, "note": "x" * 501}, "#/note"),
        ({"number": BOB, "name": None}, "#/name"),
        ({"number": BOB, "names": "Bob"}, "#/names"),
    ],
)
def test_bad_input_is_refused_by_field(home: Console, body: object, pointer: str) -> None:
    answer = home.post("/console/contacts", body)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
    assert entries(home) == []


@pytest.mark.parametrize("writes", ["never", "before", "meanwhile"])
def test_name_and_note_are_erased_with_the_number(inbox: Inbox, home: Console, writes: str) -> None:
    phone = inbox.phone()
    if writes != "never":
        phone.receive(sms("Hello"))
    home.post("/console/contacts", {"number": ALICE, "name": NAME, "note": NOTE})
    home.post("/console/contacts", {"number": BOB, "name": "Bob"})
    home.post("/console/erasures", {"number": ALICE})
    if writes == "meanwhile":
        inbox.clock.shift(1)
        phone.receive(sms("Hello again"))
    inbox.world.advance(2)
    inbox.world.advance(90)
    stored = inbox.cloud.items("contacts")
    assert not any("note" in item or item.get("name") == NAME for item in stored)
    assert [item["name"] for item in stored if "name" in item] == ["Bob"]
    left = [item for item in stored if ALICE in item["sk"]]
    assert len(left) == (1 if writes == "meanwhile" else 0)


def test_a_name_stays_with_an_opt_out_until_it_is_erased(inbox: Inbox, home: Console) -> None:
    home.post("/console/contacts", {"number": ALICE, "name": NAME})
    assert home.post("/console/opt-outs", {"number": ALICE}).status == 201
    assert home.get(f"/console/contacts/{ALICE}").body == {"number": ALICE, "name": NAME, "optedOut": True}
    home.post("/console/erasures", {"number": ALICE})
    inbox.world.advance(2)
    inbox.world.advance(90)
    assert home.get(f"/console/contacts/{ALICE}").body == {"number": ALICE, "optedOut": True}
