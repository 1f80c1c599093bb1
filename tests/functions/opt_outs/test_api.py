"""The opt-out routes: add, remove, list and the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from smskit.contacts import store as contacts
from smskit.errors import TransactionRefusedError
from smskit.models.lane import LaneKey
from smskit.platform import table
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.http_events import Answer
from tests.support.keywords import NUMBER, receive

PATH = "/api/opt-outs/%2B254712345678"


@pytest.fixture(autouse=True)
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as made:
        yield made


def add(api: ClientApi, number: str = NUMBER, **more: Any) -> Answer:
    return api.post("/api/opt-outs", {"number": number} | more)


def remove(api: ClientApi, path: str = PATH, query: str = "") -> Answer:
    return api.call("DELETE", path, query=query)


def listed(api: ClientApi, query: str = "") -> list[str]:
    return [entry["number"] for entry in api.get("/api/opt-outs", query=query).body["optOuts"]]


def history(api: ClientApi, path: str = PATH, query: str = "") -> dict[str, Any]:
    answer = api.get(f"{path}/history", query=query)
    assert answer.status == 200, answer.body
    return answer.body


def test_one_number_is_asked_for(cloud: Cloud, api: ClientApi) -> None:
    nothing = api.get(PATH)
    assert (nothing.status, nothing.slug) == (404, "not-found")
    made = add(api, reason="Asked on the phone").body
    for path in (PATH, "/api/opt-outs/+254712345678", "/api/opt-outs/0712345678"):
        shown = api.get(path)
        assert (shown.status, shown.body) == (200, made)
    assert ClientApi(cloud).get(PATH).status == 404
    remove(api)
    assert api.get(PATH).status == 404
    wrong = api.get("/api/opt-outs/nonsense")
    assert (wrong.status, wrong.pointers) == (400, ["#/number"])


def test_a_number_that_was_added_is_sent_nothing_until_it_is_removed(api: ClientApi) -> None:
    seeds.phone(api.account_id)
    made = add(api, reason="Asked on the phone")
    assert (made.status, made.body) == (201, {
        "number": NUMBER, "optedOutAt": "2026-06-23T10:00:00Z", "reason": "Asked on the phone",
        "source": f"api:{api.tenant.client_id}",
    })  # fmt: skip
    refused = api.send()
    assert (refused.status, refused.slug, refused.pointers) == (422, "recipient-opted-out", ["#/recipient"])
    assert api.kept()["jobs"] == []
    removed = remove(api)
    assert (removed.status, removed.text) == (204, "")
    assert "content-type" not in removed.headers and "ratelimit" in removed.headers
    assert api.send().status == 202


def test_a_stop_by_sms_refuses_the_next_send(api: ClientApi) -> None:
    device = seeds.phone(api.account_id)
    receive(LaneKey(api.account_id, device.device_id, 0), "stop")
    assert (api.send().status, api.send(idempotencyKey="k").slug) == (422, "recipient-opted-out")
    assert ClientApi(api.cloud).send().slug == "no-eligible-device", "another account may, if it had a phone"
    (entry,) = api.get("/api/opt-outs").body["optOuts"]
    assert entry["source"].startswith("sms:msg_") and entry["reason"] == "STOP"


def test_adding_and_removing_twice_changes_nothing_the_second_time(
    api: ClientApi, clock: time_machine.Coordinates
) -> None:
    first = add(api, reason="first")
    clock.shift(60)
    again = add(api, "0712 345 678", reason="second")
    assert (again.status, again.body) == (200, first.body)
    assert [entry["change"] for entry in history(api)["entries"]] == ["opted-out"]
    assert [remove(api).status for _ in range(2)] == [204, 404]
    assert [entry["change"] for entry in history(api)["entries"]] == ["opted-in", "opted-out"]


def test_the_trail_tells_who_did_what_and_why(api: ClientApi, clock: time_machine.Coordinates) -> None:
    device = seeds.phone(api.account_id)
    receive(LaneKey(api.account_id, device.device_id, 0), "Acha")
    clock.shift(1)
    remove(api, query="reason=Signed%20up%20again")
    clock.shift(1)
    add(api)
    told = history(api)
    client = f"api:{api.tenant.client_id}"
    by_sms = told["entries"][2]
    assert told == {"number": NUMBER, "hasMore": False, "entries": [
        {"change": "opted-out", "at": "2026-06-23T10:00:02Z", "source": client},
        {"change": "opted-in", "at": "2026-06-23T10:00:01Z", "reason": "Signed up again", "source": client},
        {"change": "opted-out", "at": "2026-06-23T10:00:00Z", "reason": "ACHA", "source": by_sms["source"]},
    ]}  # fmt: skip
    assert by_sms["source"].startswith("sms:msg_")
    (item,) = [item for item in api.cloud.items("contacts") if item["pk"] == api.account_id]
    assert "optOutReason" not in item, "the reason of the opt-out before isn't that of this one"
    assert item["ownerDeviceId"] == device.device_id, "what else is known of the contact stays"


def test_the_trail_comes_in_pages(api: ClientApi, clock: time_machine.Coordinates) -> None:
    for _ in range(3):
        add(api)
        remove(api)
    add(api, "+254712345679")
    seen: list[dict[str, Any]] = []
    query = "limit=4"
    while query:
        page = history(api, query=query)
        seen += page["entries"]
        query = f"limit=4&cursor={page['cursor']}" if page["hasMore"] else ""
    assert [entry["change"] for entry in seen] == ["opted-in", "opted-out"] * 3
    times = [entry["at"] for entry in seen]
    assert times == [f"2026-06-23T10:00:00.00{ms}Z" for ms in (5, 4, 3, 2, 1)] + ["2026-06-23T10:00:00Z"]


def test_the_list_is_newest_first_and_pages_neither_skip_nor_repeat(
    api: ClientApi, clock: time_machine.Coordinates
) -> None:
    numbers = [f"+2547123456{number:02d}" for number in range(23)]
    for position, number in enumerate(numbers):
        clock.shift(position % 3)  # some at the same time
        add(api, number)
    seen: list[str] = []
    cursor, pages = "", 0
    while pages == 0 or cursor:
        page = api.get("/api/opt-outs", query=f"limit=5{cursor}").body
        seen += [entry["number"] for entry in page["optOuts"]]
        cursor = f"&cursor={page['cursor']}" if page["hasMore"] else ""
        pages += 1
        assert ("cursor" in page) is page["hasMore"]
    assert sorted(seen) == numbers and pages == 5
    assert seen[:2] == [numbers[22], numbers[21]] or seen[:2] == [numbers[21], numbers[22]]
    assert listed(api, "limit=100") == seen
    remove(api, f"/api/opt-outs/{numbers[22]}")
    assert numbers[22] not in listed(api, "limit=100")


@pytest.mark.parametrize(
    "path", ["/api/opt-outs/+254712345678", PATH, "/api/opt-outs/0712345678", "/api/opt-outs/254712345678",
             "/api/opt-outs/0712%20345%20678"],
)  # fmt: skip
def test_a_number_in_a_path_may_be_written_in_any_way(api: ClientApi, path: str) -> None:
    add(api)
    assert history(api, path)["number"] == NUMBER
    assert remove(api, path).status == 204


@pytest.mark.parametrize("number", ["hello", "", "+2542022222", "0700", "+254202222222"])
def test_what_is_no_number_is_refused(api: ClientApi, number: str) -> None:
    answer = add(api, number)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/number"])
    assert answer.body["detail"].startswith("number ")
    if number:
        for refused in (remove(api, f"/api/opt-outs/{number}"), api.get(f"/api/opt-outs/{number}/history")):
            assert (refused.status, refused.pointers) == (400, ["#/number"])
    assert api.cloud.items("contacts") == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [({"number": NUMBER, "reason": " "}, "#/reason"), ({"number": NUMBER, "reason": "x" * 201}, "#/reason"),
     ({"number": NUMBER, "reason": None}, "#/reason"), ({"number": NUMBER, "why": "x"}, "#/why"),
     ({"reason": "x"}, "#/number"), ({"number": 254712345678}, "#/number")],
)  # fmt: skip
def test_a_bad_request_is_refused_by_field(api: ClientApi, body: dict[str, Any], pointer: str) -> None:
    answer = api.post("/api/opt-outs", body)
    assert (answer.status, answer.pointers) == (400, [pointer])
    assert api.cloud.items("contacts") == []


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "cursor=", "cursor=nonsense", "cursor=%00",
                                   "cursor=" + "A" * 129])  # fmt: skip
def test_bad_pages_are_refused(api: ClientApi, query: str) -> None:
    assert api.get("/api/opt-outs", query=query).status == 400
    assert api.get(f"{PATH}/history", query=query).status == 400


@pytest.mark.parametrize(("query", "pointer"), [("limt=5", "#/limt"), ("limit=5&=true", "#/"), ("a~/b=1", "#/a~0~1b")])
def test_a_parameter_that_the_route_does_not_take_is_refused(api: ClientApi, query: str, pointer: str) -> None:
    answer = api.get("/api/opt-outs", query=query)
    assert (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", [pointer])
    assert "not a known parameter" in answer.body["detail"]
    assert api.get("/api/devices", query="utm=1").status == 200, "a route without parameters doesn't look at them"


def test_a_reason_that_is_none_is_refused_when_removing(api: ClientApi) -> None:
    add(api)
    assert [remove(api, query=f"reason={text}").status for text in ("", "%20", "x" * 201)] == [400] * 3
    assert listed(api) == [NUMBER]


def test_accounts_see_and_change_their_own_opt_outs_only(api: ClientApi) -> None:
    add(api)
    other = ClientApi(api.cloud)
    assert listed(other) == [] and history(other)["entries"] == []
    assert remove(other).status == 404
    assert contacts.get(api.account_id, NUMBER).opted_out


def test_a_number_that_never_opted_out_has_an_empty_story_and_cannot_be_removed(api: ClientApi) -> None:
    assert history(api) == {"number": NUMBER, "entries": [], "hasMore": False}
    answer = remove(api)
    assert (answer.status, answer.slug) == (404, "not-found")


def test_nothing_is_sent_to_say_so(api: ClientApi) -> None:
    seeds.phone(api.account_id)
    add(api)
    remove(api)
    assert api.kept()["jobs"] == [] and api.kept()["queued"] == 0


def test_under_too_many_changes_at_once_the_client_may_try_again(
    api: ClientApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: Any) -> None:
        raise TransactionRefusedError(["TransactionConflict", "None"])

    with monkeypatch.context() as patch:
        patch.setattr(table, "transact", busy)
        answer = add(api)
    assert (answer.status, answer.headers["retry-after"]) == (503, "1")
    assert add(api).status == 201


def test_texts_and_numbers_stay_out_of_the_logs(api: ClientApi, log_text: Any) -> None:
    add(api, reason="A secret reason")
    remove(api, query="reason=Another")
    text = log_text.getvalue()
    assert "answered" in text
    assert not any(secret in text for secret in ("254712345678", "secret reason", "Another"))
