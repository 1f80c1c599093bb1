"""Bulk requests: each row by the rules of a send, one answer that says what became of it, and its message sent once."""

from __future__ import annotations

import json
from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.dispatch.store import jobs
from smskit.models.account_settings import QuietHours
from smskit.models.job import JobStatus
from smskit.platform.times import minute_of, now_ms, rfc3339
from smskit.sending.api.bulk_requests import BulkRequest
from tests.support import bulk
from tests.support.client_api import ClientApi
from tests.support.world import FakeRadioPhone, World

Sent = tuple[World, ClientApi]


@pytest.fixture
def phone(sent_world: Sent) -> FakeRadioPhone:
    """A phone that is online."""
    made = sent_world[0].add_phone(limit=10_000)
    made.connect()
    return made


def opt_out(api: ClientApi, number: str) -> None:
    assert api.post("/api/opt-outs", {"number": number}).status in (200, 201)


def problems(answer: Any) -> dict[int, tuple[str, str, str]]:
    """The refused rows: slug, pointer and rule."""
    return {
        row["row"]: (
            row["problem"]["type"].rpartition("/")[2],
            row["problem"]["errors"][0]["pointer"],
            row["problem"]["detail"],
        )
        for row in answer.body["refused"]
    }


def test_each_recipient_gets_their_own_message(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(3), priority=5)
    assert answer.status == 202
    batch_id = answer.body["batchId"]
    assert answer.headers["location"] == f"/api/sms/batches/{batch_id}"
    assert (answer.body["status"], answer.body["refused"], answer.body["merged"]) == ("Pending", [], [])
    assert [row["row"] for row in answer.body["accepted"]] == [0, 1, 2]
    world.advance(2)
    stored = jobs.get_many([row["jobId"] for row in answer.body["accepted"]])
    assert {job.recipient: (job.message, job.client_reference, job.batch_id) for job in stored.values()} == {
        bulk.number(row): (f"Hello N{row}, your code is {row:04d}", f"r{row}", batch_id) for row in range(3)
    }
    offers = phone.take_offers()
    assert sorted(offer["recipient"] for offer in offers) == [bulk.number(row) for row in range(3)]
    phone.claim(*offers)
    phone.report("Sent", *offers)
    assert {api.status(row["jobId"]).body["status"] for row in answer.body["accepted"]} == {"Sent"}
    assert bulk.left(world.cloud) == []


def test_a_job_shows_the_batch_that_it_is_of(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(1))
    world.advance(2)
    shown = api.status(answer.body["accepted"][0]["jobId"]).body
    assert shown["batchId"] == answer.body["batchId"] and shown["clientReference"] == "r0"
    assert "batchId" not in api.status(api.send().body["jobId"]).body


def test_rows_are_refused_alone_by_the_rules_of_a_send(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    opt_out(api, bulk.number(1))
    recipients = bulk.rows(8)
    recipients[0]["recipient"] = "+254712"
    recipients[2]["variables"].pop("name")
    recipients[3]["variables"]["name"] = "x" * 1600
    recipients[4]["variables"] |= {"more": "than the text has"}
    recipients[5]["recipient"] = "0712 345 678"
    recipients[6]["recipient"] = "00254712345678"
    answer = bulk.send(api, recipients)
    assert answer.status == 202
    assert [row["row"] for row in answer.body["accepted"]] == [4, 5, 7]
    assert problems(answer) == {
        0: ("invalid-request", "#/recipients/0/recipient",
            "recipients.0.recipient must be a valid number of its country"),
        1: ("recipient-opted-out", "#/recipients/1/recipient",
            "recipients.1.recipient has opted out of messages from this account"),
        2: ("invalid-request", "#/recipients/2/variables/name",
            "recipients.2.variables.name is required: the message has it"),
        3: ("invalid-request", "#/recipients/3/variables",
            "recipients.3.variables make the message longer than 1600 characters"),
        6: ("invalid-request", "#/recipients/6/recipient",
            "recipients.6.recipient must be written with a leading + instead of 00"),
    }  # fmt: skip
    world.advance(2)
    assert {job["batchRow"] for job in world.cloud.items("jobs")} == {4, 5, 7}


def test_a_message_of_too_many_segments_is_refused_alone(sent_world: Sent) -> None:
    world, api = sent_world
    small = world.add_phone(limit=2)
    small.connect()
    recipients = bulk.rows(2)
    recipients[1]["variables"]["name"] = "x" * 400
    answer = bulk.send(api, recipients)
    assert [row["row"] for row in answer.body["accepted"]] == [0]
    assert problems(answer)[1][0] == "no-eligible-device"


def test_of_several_rows_to_one_number_the_first_is_sent_and_that_is_said(
    sent_world: Sent, phone: FakeRadioPhone
) -> None:
    world, api = sent_world
    recipients = bulk.rows(5)
    recipients[0]["variables"] = {}
    for row, written in ((0, "0712345678"), (1, "+254712345678"), (3, "0712 345 678"), (4, "254712345678")):
        recipients[row]["recipient"] = written
    answer = bulk.send(api, recipients)
    assert [row["row"] for row in answer.body["accepted"]] == [1, 2], "a row that is refused stands for no other"
    assert answer.body["merged"] == [{"row": 3, "into": 1}, {"row": 4, "into": 1}]
    world.advance(2)
    assert sorted(job["recipient"] for job in world.cloud.items("jobs")) == [bulk.number(2), "+254712345678"]
    shown = api.get(f"/api/sms/batches/{answer.body['batchId']}").body
    assert (shown["accepted"], shown["refused"], shown["merged"]) == (2, 1, 2)


@pytest.mark.parametrize(
    ("text", "given", "sent"),
    [
        ("Hi {name}", {"name": "Asha"}, "Hi Asha"),
        ("{a}{b}{a}", {"a": "1", "b": "2"}, "121"),
        ("{{name}} costs {{{price}}}", {"price": "5"}, "{name} costs {5}"),
        ("Hi {name}", {"name": "{name} {{x}}"}, "Hi {name} {{x}}"),
        ("no variables", {"name": "Asha"}, "no variables"),
        ("{_a1}!", {"_a1": ""}, "!"),
    ],
)
def test_variables_and_braces(
    sent_world: Sent, phone: FakeRadioPhone, text: str, given: dict[str, str], sent: str
) -> None:
    world, api = sent_world
    assert bulk.send(api, [{"recipient": bulk.number(1), "variables": given}], message=text).status == 202
    world.advance(2)
    assert [job["message"] for job in world.cloud.items("jobs")] == [sent]


def with_row(**changes: Any) -> list[dict[str, Any]]:
    recipients = bulk.rows(3)
    recipients[1] |= changes
    return recipients


@pytest.mark.parametrize(
    ("changes", "pointer", "rule"),
    [
        ({"recipients": []}, "#/recipients", "recipients must hold at least 1 item(s)"),
        ({"recipients": bulk.rows(1001)}, "#/recipients", "recipients must hold at most 1000 items"),
        ({"recipients": {"0": "x"}}, "#/recipients", "recipients must be an array"),
        ({"recipients": ["+254712345678"]}, "#/recipients/0", "recipients.0 must be an object"),
        ({"recipients": with_row(variables={"name": {"first": "A"}, "code": "1"})}, "#/recipients/1/variables/name",
         "recipients.1.variables.name must be a string"),
        ({"recipients": with_row(variables={"name": None, "code": "1"})}, "#/recipients/1/variables/name",
         "recipients.1.variables.name must be a string"),
        ({"recipients": with_row(variables={"name": 7, "code": "1"})}, "#/recipients/1/variables/name",
         "recipients.1.variables.name must be a string"),
        ({"recipients": with_row(variables=[])}, "#/recipients/1/variables",
         "recipients.1.variables must be an object"),
        ({"recipients": with_row(variables={f"v{i}": "" for i in range(51)})}, "#/recipients/1/variables",
         "recipients.1.variables must hold at most 50 items"),
        ({"recipients": with_row(priority=3)}, "#/recipients/1/priority",
         "recipients.1.priority is not a known field"),
        ({"recipients": with_row(sendAt="2026-06-24T10:00:00Z")}, "#/recipients/1/sendAt",
         "recipients.1.sendAt is not a known field"),
        ({"recipients": with_row(recipient=None)}, "#/recipients/1/recipient",
         "recipients.1.recipient must not be null"),
        ({"recipients": [{}]}, "#/recipients/0/recipient", "recipients.0.recipient is required"),
        ({"message": "Hi {name"}, "#/message",
         "message has a { that belongs to no variable; write {{ for the sign"),
        ({"message": "Hi name}"}, "#/message", "message has a } that belongs to no variable; write }} for the sign"),
        ({"message": "Hi {first name}"}, "#/message", "message has the variable {first name}: names have letters"),
        ({"message": "Hi {}"}, "#/message", "message has the variable {}: names have letters"),
        ({"message": "  "}, "#/message", "must not be blank"),
        ({"message": "x" * 1601}, "#/message", "message must have at most 1600 characters"),
        ({"sendAt": "2026-06-23T09:00:00Z"}, "#/sendAt", "sendAt must not lie in the past"),
        ({"sendAt": "2026-07-24T10:00:00Z"}, "#/sendAt", "sendAt must be at most 30 days ahead"),
        ({"priority": 11}, "#/priority", "priority must be at most 10"),
        ({"recipient": "+254712345678"}, "#/recipient", "recipient is not a known field"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_request_refuses_it_whole_and_leaves_nothing(
    sent_world: Sent, phone: FakeRadioPhone, changes: dict[str, Any], pointer: str, rule: str
) -> None:
    world, api = sent_world
    before = api.kept()
    answer = bulk.send(api, **{"recipients": bulk.rows(3)} | changes)
    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert answer.pointers[0] == pointer and rule in answer.body["errors"][0]["detail"]
    assert api.kept() == before and world.cloud.items("batches") == [] and not world.cloud.has_visible("background")


def test_a_name_of_a_variable_that_is_none_is_named(sent_world: Sent, phone: FakeRadioPhone) -> None:
    answer = bulk.send(sent_world[1], with_row(variables={"first name": "A"}))
    assert (answer.status, answer.slug) == (400, "invalid-request")
    assert answer.pointers == ["#/recipients/1/variables/first%20name/%5Bkey%5D"]


def test_when_no_row_is_left_the_whole_is_refused_and_its_key_is_free(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    recipients = [{"recipient": bulk.number(row)} for row in range(30)]
    answer = bulk.send(api, recipients, idempotencyKey="k")
    assert (answer.status, answer.slug, len(answer.pointers)) == (422, "nothing-accepted", 20)
    assert answer.body["errors"][3] == {
        "pointer": "#/recipients/3/variables/name",
        "detail": "recipients.3.variables.name is required: the message has it",
    }
    assert world.cloud.items("batches") == []
    assert bulk.send(api, bulk.rows(1), idempotencyKey="k").status == 202


def test_without_a_phone_the_whole_is_refused_as_a_send_is_unless_it_waits(sent_world: Sent) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(2), idempotencyKey="k")
    assert (answer.status, answer.slug) == (422, "no-eligible-device")
    assert world.cloud.items("batches") == []
    assert bulk.send(api, bulk.rows(2), idempotencyKey="k", waitForPhone=True).status == 202
    phone = world.add_phone()
    phone.connect()
    world.advance(2)
    assert len(phone.take_offers()) == 2


def test_a_phone_of_another_account_refuses_the_whole(sent_world: Sent, phone: FakeRadioPhone) -> None:
    answer = bulk.send(sent_world[1], bulk.rows(2), devices=["dvc_00000000000000000000"])
    assert (answer.status, answer.slug, answer.pointers) == (403, "foreign-device", ["#/devices"])


def test_one_request_is_one_unit_of_the_rate_limit(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    left = int(api.get("/api/sms/batches").headers["ratelimit"].split("r=")[1].split(";")[0])
    answer = bulk.send(api, bulk.rows(200))
    assert f"r={left - 1};" in answer.headers["ratelimit"] and len(answer.body["accepted"]) == 200


def test_a_body_may_have_4_75_mb(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    recipients = bulk.rows(2)
    size = len(json.dumps({"message": bulk.TEXT, "recipients": recipients}).encode())
    padding = " " * (4_980_736 - size)
    text = json.dumps({"message": bulk.TEXT, "recipients": recipients})
    assert api.post("/api/sms/send/bulk", text + padding).status == 202
    before = api.kept(), sorted(bulk.left(api.cloud))
    for body in (text + padding + " ", (text + padding + " ").encode(), " " * 5_000_000):
        answer = api.post("/api/sms/send/bulk", body)
        assert (answer.status, answer.slug) == (413, "body-too-large")
        assert answer.body["detail"] == "The body may have at most 4980736 bytes"
        assert (api.kept(), sorted(bulk.left(api.cloud))) == before
    assert api.post("/api/sms/send", " " * 65_537).body["detail"] == "The body may have at most 65536 bytes"


def test_messages_that_are_to_be_sent_later(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    due = rfc3339(now_ms() + 90_000)
    answer = bulk.send(api, bulk.rows(30), sendAt=due)
    assert (answer.body["status"], answer.body["sendAt"]) == ("Scheduled", due)
    world.advance(89)
    assert {job["status"] for job in world.cloud.items("jobs")} == {"Scheduled"} and phone.offers == []
    first = answer.body["accepted"][0]["jobId"]
    shown = api.status(first).body
    assert (shown["status"], shown["sendAt"]) == ("Scheduled", due)
    world.advance(2)
    assert {job["status"] for job in world.cloud.items("jobs")} == {"Pending"} and phone.offers


def test_of_good_and_bad_rows_the_good_ones_are_sent_later(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    recipients = bulk.rows(5)
    recipients[1]["recipient"] = "+254712"
    recipients[3]["variables"].pop("name")
    due = "2028-02-29T00:00:00+03:00"
    world.clock.move_to("2028-02-28T12:00:00Z")
    phone.say({"type": "heartbeat", "sims": []})
    answer = bulk.send(api, recipients, sendAt=due)
    assert (answer.body["status"], answer.body["sendAt"]) == ("Scheduled", "2028-02-28T21:00:00Z")
    assert [row["row"] for row in answer.body["accepted"]] == [0, 2, 4]
    assert {row: pointer for row, (_, pointer, _) in problems(answer).items()} == {
        1: "#/recipients/1/recipient", 3: "#/recipients/3/variables/name",
    }  # fmt: skip
    world.advance(2)
    assert sorted((job["batchRow"], job["status"]) for job in world.cloud.items("jobs")) == [
        (row, "Scheduled") for row in (0, 2, 4)
    ]


def test_quiet_hours_hold_a_batch_to_their_end(sent_world: Sent, phone: FakeRadioPhone) -> None:
    _, api = sent_world
    quiet = QuietHours(minute_of("09:00"), minute_of("11:00"))
    account_settings.change(api.account_id, SettingsChange(quiet_hours=(quiet,)))
    answer = bulk.send(api, bulk.rows(2))
    assert (answer.body["status"], answer.body["sendAt"], answer.body["quietHours"]) == (
        "Scheduled", "2026-06-23T11:00:00Z", True,
    )  # fmt: skip
    assert bulk.send(api, bulk.rows(2), priority=9).body["status"] == "Pending", "they are exempt"


@pytest.mark.parametrize("character", ["ж", "好"], ids=["2 bytes", "3 bytes"])
def test_a_thousand_long_messages(sent_world: Sent, phone: FakeRadioPhone, character: str) -> None:
    world, api = sent_world
    recipients = [
        {"recipient": bulk.number(row), "variables": {"text": character * 1600}, "clientReference": f"{row:064d}"}
        for row in range(1000)
    ]
    body = json.dumps({"message": "{text}", "recipients": recipients}, ensure_ascii=False)
    as_lambda_gets_it = json.dumps({"headers": "x" * 10_240, "body": body}, ensure_ascii=False).encode()
    assert len(as_lambda_gets_it) < 6 * 1024 * 1024
    answer = api.post("/api/sms/send/bulk", body)
    assert answer.status == 202 and len(answer.body["accepted"]) == 1000
    assert len(answer.text) < 200_000
    largest = max(len(json.dumps(item).encode()) for item in world.cloud.items("batches"))
    assert largest < 300_000, "DynamoDB takes 400 KB"
    assert len(bulk.left(world.cloud)) == 40


@pytest.mark.parametrize(("character", "escaped", "fit"), [("好", True, 500), ("😀", False, 750)])
def test_of_long_messages_of_emoji_or_escapes_fewer_fit(
    sent_world: Sent, character: str, escaped: bool, fit: int
) -> None:
    def body(count: int) -> str:
        recipients = [{"recipient": bulk.number(row), "variables": {"text": character * 1600}} for row in range(count)]
        return json.dumps({"message": "{text}", "recipients": recipients}, ensure_ascii=escaped)

    assert len(body(fit).encode()) <= BulkRequest.most_bytes
    answer = sent_world[1].post("/api/sms/send/bulk", body(fit * 11 // 10))
    assert (answer.status, answer.slug) == (413, "body-too-large")


def test_lists_of_a_batchs_messages_are_in_the_order_of_its_rows(sent_world: Sent) -> None:
    world, api = sent_world
    recipients = bulk.rows(130)
    recipients[7]["variables"] = {}
    answer = bulk.send(api, recipients, waitForPhone=True)
    world.advance(1)
    api.send(waitForPhone=True)
    want = [row["jobId"] for row in answer.body["accepted"]]
    batch_id = answer.body["batchId"]
    for path, query in ((f"/api/sms/batches/{batch_id}/messages", ""), ("/api/sms", f"batchId={batch_id}&")):
        found: list[str] = []
        cursor = ""
        while True:
            page = api.get(path, query=f"{query}limit=60{cursor}")
            assert page.status == 200
            found += [job["jobId"] for job in page.body["jobs"]]
            if not page.body["hasMore"]:
                break
            cursor = f"&cursor={page.body['cursor']}"
        assert found == want


def test_filters_of_a_batchs_messages(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    answer = bulk.send(api, bulk.rows(5))
    batch_id, ids = answer.body["batchId"], [row["jobId"] for row in answer.body["accepted"]]
    world.advance(2)
    assert api.post(f"/api/sms/{ids[3]}/cancel").status == 200

    def found(query: str) -> list[str]:
        page = api.get("/api/sms", query=f"batchId={batch_id}&{query}")
        assert page.status == 200, page.text
        return [job["jobId"] for job in page.body["jobs"]]

    assert found("status=Cancelled") == [ids[3]]
    assert found("clientReference=r2") == [ids[2]]
    assert found(f"recipient=%2B{bulk.number(1)[1:]}") == [ids[1]]
    assert found("since=2026-06-23T10:00:01Z") == [] and found("until=2026-06-23T10:00:00Z") == ids
    assert [job["jobId"] for job in api.get(f"/api/sms/batches/{batch_id}/messages", query="status=Cancelled")
            .body["jobs"]] == [ids[3]]  # fmt: skip
    assert api.get("/api/sms", query="batchId=bat_00000000000000000000").body == {"jobs": [], "hasMore": False}


def test_a_cursor_of_another_list_is_refused(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    first, second = (bulk.send(api, bulk.rows(3)).body["batchId"] for _ in range(2))
    world.advance(2)
    cursor = api.get(f"/api/sms/batches/{first}/messages", query="limit=1").body["cursor"]
    batches = api.get("/api/sms/batches", query="limit=1").body["cursor"]
    assert api.get(f"/api/sms/batches/{first}/messages", query=f"cursor={cursor}").status == 200
    for path, given in (
        (f"/api/sms/batches/{second}/messages?", cursor), ("/api/sms?", cursor), ("/api/sms/batches?", cursor),
        (f"/api/sms/batches/{first}/messages?", batches), (f"/api/sms?batchId={second}&", cursor),
        (f"/api/sms/batches/{first}/messages?status=Sent&", cursor),
    ):  # fmt: skip
        where, _, query = path.partition("?")
        answer = api.get(where, query=f"{query}cursor={given}")
        assert (answer.status, answer.pointers) == (400, ["#/cursor"]), path


def test_batches_are_listed_newest_first_to_their_account_alone(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    made = []
    for _ in range(3):
        made.append(bulk.send(api, bulk.rows(2)).body["batchId"])
        world.advance(1)
    page = api.get("/api/sms/batches", query="limit=2").body
    assert [batch["batchId"] for batch in page["batches"]] == [made[2], made[1]] and page["hasMore"]
    rest = api.get("/api/sms/batches", query=f"cursor={page['cursor']}").body
    assert [batch["batchId"] for batch in rest["batches"]] == [made[0]] and not rest["hasMore"]
    assert rest["batches"][0] == {
        "batchId": made[0], "createdAt": "2026-06-23T10:00:00Z", "clientId": api.tenant.client_id, "priority": 0,
        "accepted": 2, "refused": 0, "merged": 0, "segments": 2,
    }  # fmt: skip
    stranger = ClientApi(world.cloud)
    assert stranger.get("/api/sms/batches").body["batches"] == []
    for method, path in (("GET", ""), ("GET", "/messages"), ("POST", "/cancel")):
        for batch_id in (made[0], "bat_00000000000000000000", "x"):
            answer = stranger.call(method, f"/api/sms/batches/{batch_id}{path}")
            assert (answer.status, answer.slug) == (404, "not-found")


def test_what_is_past_its_retention_is_gone(sent_world: Sent, phone: FakeRadioPhone) -> None:
    world, api = sent_world
    batch_id = bulk.send(api, bulk.rows(2)).body["batchId"]
    world.pump()
    world.clock.shift(30 * 86_400 + 1)
    assert api.get(f"/api/sms/batches/{batch_id}").status == 404
    assert api.get("/api/sms/batches").body["batches"] == []


def test_the_states_of_jobs_stand_for_themselves(sent_world: Sent, phone: FakeRadioPhone) -> None:
    """A message that isn't made yet is counted as it will begin."""
    _, api = sent_world
    answer = bulk.send(api, bulk.rows(3))
    shown = api.get(f"/api/sms/batches/{answer.body['batchId']}").body
    assert shown["counts"] == {
        "scheduled": 0, "pending": 3, "assigned": 0, "sent": 0, "delivered": 0, "failed": 0, "deadLetter": 0,
        "cancelled": 0,
    }  # fmt: skip
    assert jobs.get(answer.body["accepted"][0]["jobId"]) is None
    assert len(shown["counts"]) == len(JobStatus)
