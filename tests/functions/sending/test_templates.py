"""Templates: texts with variables that people keep, and that sends and bulk requests of people and programs name."""

from __future__ import annotations

from typing import Any

import pytest

from smskit.dispatch.store import jobs
from smskit.models.template import MOST_TEMPLATES
from tests.support import bulk, console
from tests.support.client_api import SEND, ClientApi
from tests.support.console import Console
from tests.support.world import FakeRadioPhone, World

Sent = tuple[World, ClientApi]
TEMPLATE = {
    "name": "Parcel",
    "message": "Hello {name}, your parcel {parcel} has arrived",
    "longest": {"name": "Wanjiku", "parcel": "KE-4711"},
}
BY = {"recipient": SEND["recipient"]}


@pytest.fixture
def phone(sent_world: Sent) -> FakeRadioPhone:
    """A phone that is online."""
    made = sent_world[0].add_phone(limit=10_000)
    made.connect()
    return made


@pytest.fixture
def desk(sent_world: Sent) -> Console:
    """An operator of the account."""
    return Console(console.person("operator", sent_world[1].account_id))


def keep(desk: Console, **changes: Any) -> str:
    answer = desk.post("/console/templates", TEMPLATE | changes)
    assert answer.status == 201, answer.text
    return str(answer.body["templateId"])


def said(api: ClientApi, job_id: str) -> str:
    found = jobs.get(job_id)
    assert found is not None and found.account_id in (api.account_id, f"tst_{api.account_id[4:]}")
    return found.message


def test_a_template_is_kept_shown_changed_and_removed(sent_world: Sent, desk: Console) -> None:
    answer = desk.post("/console/templates", TEMPLATE)
    template_id = answer.body["templateId"]
    assert (answer.status, answer.headers["location"]) == (201, f"/console/templates/{template_id}")
    assert answer.body == {
        "templateId": template_id, **TEMPLATE, "variables": ["name", "parcel"], "encoding": "GSM-7", "segments": 1,
        "createdAt": "2026-06-23T10:00:00Z", "changedAt": "2026-06-23T10:00:00Z",
    }  # fmt: skip
    assert desk.get("/console/templates").body == {"templates": [answer.body]}
    assert desk.get(f"/console/templates/{template_id}").body == answer.body
    sent_world[0].clock.shift(60)
    changed = desk.patch(f"/console/templates/{template_id}", {"message": "Hi {name}!", "longest": {}}).body
    assert (changed["message"], changed["longest"], changed["name"]) == ("Hi {name}!", {}, "Parcel")
    assert (changed["createdAt"], changed["changedAt"]) == ("2026-06-23T10:00:00Z", "2026-06-23T10:01:00Z")
    assert desk.patch(f"/console/templates/{template_id}", {"name": "Parcel"}).body == changed, "nothing changes"
    assert desk.call("DELETE", f"/console/templates/{template_id}").status == 204
    assert desk.call("DELETE", f"/console/templates/{template_id}").status == 404
    assert desk.get(f"/console/templates/{template_id}").status == 404
    assert desk.get("/console/templates").body == {"templates": []}
    noted = [(item["action"], item["subject"], item.get("details")) for item in sent_world[0].cloud.items("accounts")
             if str(item.get("action")).startswith("template.")]  # fmt: skip
    assert sorted(noted, key=str) == sorted(
        [
            ("template.created", template_id, {"name": "Parcel"}),
            ("template.changed", template_id, {"fields": "message, longest"}),
            ("template.removed", template_id, None),
        ],
        key=str,
    )


@pytest.mark.parametrize(
    ("message", "longest", "encoding", "segments"),
    [
        ("x" * 150 + "{a}", {}, "GSM-7", 1),
        ("x" * 150 + "{a}", {"a": "1234567890"}, "GSM-7", 1),
        ("x" * 150 + "{a}", {"a": "12345678901"}, "GSM-7", 2),
        ("x" * 70 + "{a}{a}", {"a": "ж"}, "UCS-2", 2),
        ("{{" + "x" * 159, {}, "GSM-7", 2),
        ("x" * 158 + "{{", {}, "GSM-7", 1),
    ],
)
def test_segments_are_counted_at_the_longest_value_given(
    desk: Console, message: str, longest: dict[str, str], encoding: str, segments: int
) -> None:
    body = desk.post("/console/templates", {"name": "n", "message": message, "longest": longest}).body
    assert (body["encoding"], body["segments"]) == (encoding, segments)


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"name": ""}, "#/name", "name must not be empty"),
        ({"name": "  "}, "#/name", "must not be blank"),
        ({"name": "x" * 65}, "#/name", "name must have at most 64 characters"),
        ({"message": "Hi {name"}, "#/message", "message has a { that belongs to no variable"),
        ({"message": "x" * 1601}, "#/message", "message must have at most 1600 characters"),
        ({"longest": {"nme": "x"}}, "#/longest/nme", "longest.nme is no variable of the message"),
        ({"longest": {"name": "x" * 1600}}, "#/longest", "longest makes the message longer than 1600 characters"),
        ({"longest": {"name": 7}}, "#/longest/name", "longest.name must be a string"),
        ({"text": "Hi"}, "#/text", "text is not a known field"),
    ],
)
def test_a_template_that_cannot_be_is_named_and_kept_nowhere(
    desk: Console, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    kept = keep(desk)
    for answer in (
        desk.post("/console/templates", TEMPLATE | changes), desk.patch(f"/console/templates/{kept}", changes)
    ):  # fmt: skip
        assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
        assert rule in answer.body["errors"][0]["detail"]
    assert [each["name"] for each in desk.get("/console/templates").body["templates"]] == ["Parcel"]


def test_an_account_has_at_most_a_hundred(sent_world: Sent, desk: Console) -> None:
    made = [keep(desk, name=f"n{number}") for number in range(MOST_TEMPLATES)]
    answer = desk.post("/console/templates", TEMPLATE)
    assert (answer.status, answer.slug) == (409, "too-many-templates")
    assert desk.call("DELETE", f"/console/templates/{made[0]}").status == 204
    keep(desk)
    assert len(desk.get("/console/templates").body["templates"]) == MOST_TEMPLATES


def test_a_send_by_a_template(sent_world: Sent, phone: FakeRadioPhone, desk: Console) -> None:
    _, api = sent_world
    by = BY | {"templateId": keep(desk), "variables": {"name": "Asha", "parcel": "{4711}", "more": "unused"}}
    answer = api.post("/api/sms/send", by)
    assert answer.status == 202
    assert said(api, answer.body["jobId"]) == "Hello Asha, your parcel {4711} has arrived"
    by_person = desk.post("/console/messages", by)
    assert said(api, by_person.body["jobId"]) == "Hello Asha, your parcel {4711} has arrived"


def test_the_message_is_the_templates_of_the_moment_and_a_key_is_known_by_what_was_asked(
    sent_world: Sent, phone: FakeRadioPhone, desk: Console
) -> None:
    _, api = sent_world
    template_id = keep(desk)
    by = BY | {"templateId": template_id, "variables": {"name": "A", "parcel": "1"}, "idempotencyKey": "k"}
    first = api.post("/api/sms/send", by)
    desk.patch(f"/console/templates/{template_id}", {"message": "Bye {name}", "longest": {}})
    again = api.post("/api/sms/send", by)
    assert (again.status, again.body) == (202, first.body), "it is the same request"
    assert said(api, first.body["jobId"]) == "Hello A, your parcel 1 has arrived"
    other = api.post("/api/sms/send", by | {"variables": {"name": "B", "parcel": "1"}})
    assert (other.status, other.slug) == (409, "idempotency-conflict")
    words = api.send(message="Hello A, your parcel 1 has arrived", idempotencyKey="k")
    assert words.status == 409, "to say it in words is another request"
    desk.delete(f"/console/templates/{template_id}")
    again = api.post("/api/sms/send", by)
    assert (again.status, again.body) == (202, first.body), "its answer stands"
    assert api.post("/api/sms/send", by | {"idempotencyKey": "l"}).slug == "unknown-template"


@pytest.mark.parametrize(
    ("changes", "status", "slug", "pointer", "rule"),
    [
        ({"variables": {"name": "A"}}, 400, "invalid-request", "#/variables/parcel",
         "variables.parcel is required: the message has it"),
        ({"variables": None}, 400, "invalid-request", "#/variables", "variables must not be null"),
        ({"variables": {"name": {"a": 1}, "parcel": "1"}}, 400, "invalid-request", "#/variables/name",
         "variables.name must be a string"),
        ({"variables": {"name": "x" * 1600, "parcel": "1"}}, 400, "invalid-request", "#/variables",
         "variables make the message longer than 1600 characters"),
        ({"message": "Hello"}, 400, "invalid-request", "#/templateId", "must not stand beside message"),
        ({"templateId": "tpl_00000000000000000000"}, 422, "unknown-template", "#/templateId",
         "templateId is no template of this account"),
        ({"templateId": "Parcel"}, 400, "invalid-request", "#/templateId", "must be a template's id"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_send_by_a_template_is_named(
    sent_world: Sent, phone: FakeRadioPhone, desk: Console, changes: dict[str, Any], status: int, slug: str,
    pointer: str, rule: str,
) -> None:  # fmt: skip
    _, api = sent_world
    by = BY | {"templateId": keep(desk), "variables": {"name": "A", "parcel": "1"}} | changes
    before = api.kept()
    answer = api.post("/api/sms/send", by)
    assert (answer.status, answer.slug, answer.pointers) == (status, slug, [pointer])
    assert rule in answer.body["errors"][0]["detail"]
    assert api.kept() == before


def test_variables_are_those_of_a_template(sent_world: Sent, phone: FakeRadioPhone) -> None:
    """Words of one's own go out as they are written, braces and all."""
    _, api = sent_world
    answer = api.send(message="Hi {name}", variables={"name": "A"})
    assert (answer.status, answer.pointers) == (400, ["#/variables"])
    assert said(api, api.send(message="Hi {name} }{").body["jobId"]) == "Hi {name} }{"


def test_what_is_missing_is_named_beside_what_else_is_wrong(sent_world: Sent) -> None:
    _, api = sent_world
    answer = api.post("/api/sms/send", {"priority": 11})
    assert sorted(answer.pointers) == ["#/message", "#/priority", "#/recipient"]
    answer = api.post("/api/sms/send/bulk", {"recipients": []})
    assert sorted(answer.pointers) == ["#/message", "#/recipients"]


def test_a_bulk_by_a_template(sent_world: Sent, phone: FakeRadioPhone, desk: Console) -> None:
    world, api = sent_world
    template_id = keep(desk, message="Hello {name}, {code}", longest={})
    rows = bulk.rows(3)
    rows[1]["variables"].pop("code")
    by = {"templateId": template_id, "recipients": rows, "idempotencyKey": "k"}
    first = api.post("/api/sms/send/bulk", by)
    assert [row["row"] for row in first.body["accepted"]] == [0, 2]
    assert first.body["refused"][0]["problem"]["errors"][0]["pointer"] == "#/recipients/1/variables/code"
    desk.call("DELETE", f"/console/templates/{template_id}")
    assert api.post("/api/sms/send/bulk", by).body == first.body, "what was accepted is as it was"
    world.advance(2)
    assert said(api, first.body["accepted"][1]["jobId"]) == "Hello N2, 0002"
    answer = api.post("/api/sms/send/bulk", by | {"idempotencyKey": "other"})
    assert (answer.status, answer.slug, answer.pointers) == (422, "unknown-template", ["#/templateId"])
    both = api.post("/api/sms/send/bulk", by | {"message": "Hi"})
    assert (both.status, both.pointers) == (400, ["#/templateId"])


def test_a_test_key_sends_by_the_accounts_templates(sent_world: Sent, desk: Console) -> None:
    _, api = sent_world
    by = BY | {"templateId": keep(desk), "variables": {"name": "A", "parcel": "1"}}
    answer = api.test_client().post("/api/sms/send", by)
    assert (answer.status, said(api, answer.body["jobId"])) == (202, "Hello A, your parcel 1 has arrived")


def test_no_other_account_sends_by_it_or_sees_it(sent_world: Sent, phone: FakeRadioPhone, desk: Console) -> None:
    world, _ = sent_world
    template_id = keep(desk)
    stranger = ClientApi(world.cloud)
    by = BY | {"templateId": template_id, "variables": {"name": "A", "parcel": "1"}, "waitForPhone": True}
    answer = stranger.post("/api/sms/send", by)
    assert (answer.status, answer.slug) == (422, "unknown-template")
    assert Console(console.person("owner", stranger.account_id)).get(f"/console/templates/{template_id}").status == 404
