"""Sends that are refused: each names its field and rule, writes nothing and queues nothing."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import aws, functions, seeds
from tests.support.client_api import SEND, ClientApi
from tests.support.http_events import answer_of, http_event

MISSING = object()
UNKNOWN_DEVICE = "dvc_3K7J2H5F8M1N4Q9R6V0W"


@pytest.fixture(scope="module")
def api() -> Iterator[ClientApi]:
    """One cloud for all rows, since none may change it."""
    with pytest.MonkeyPatch.context() as patch, aws.cloud(patch) as cloud:
        made = ClientApi(cloud, limit=100_000)
        seeds.phone(made.account_id)
        yield made


def refused(api: ClientApi, body: Any, status: int, slug: str, pointers: list[str], **more: Any) -> dict[str, Any]:
    before = api.kept()
    answer = api.post("/api/sms/send", body, **more)
    assert (answer.status, answer.slug) == (status, slug), answer.text
    assert answer.pointers == pointers
    assert answer.body["status"] == status
    assert answer.body["requestId"] == answer.headers["x-request-id"]
    assert api.kept() == before
    return answer.body


WRONG_TEXTS = [None, True, 5, 5.0, [], {}, ["+254712345678"]]
WRONG_INTEGERS = [None, True, False, "5", "", 5.0, 5.5, [], [5], {}, 1e300]

FIELDS: list[tuple[str, Any, str]] = [
    ("recipient", MISSING, "is required"),
    *(("recipient", value, "must") for value in WRONG_TEXTS),
    ("recipient", "", "must not be empty"),
    ("recipient", "   ", "must be a phone number"),
    ("recipient", "\ud800", "Unicode"),
    ("recipient", "0" * 41, "at most 40"),
    ("recipient", "0202345678", "Kenyan mobile"),
    ("recipient", "22141", "Kenyan mobile"),
    ("message", MISSING, "is required"),
    *(("message", value, "must") for value in WRONG_TEXTS),
    ("message", "", "must not be empty"),
    ("message", " \n\t\u2003", "must not be blank"),
    ("message", "x" * 1601, "at most 1600"),
    ("message", "😀" * 1601, "at most 1600"),
    ("message", "ok \ud83d", "Unicode"),
    ("message", "\ude00\ud83d", "Unicode"),
    *(("priority", value, "must be an integer") for value in WRONG_INTEGERS[1:]),
    ("priority", None, "must not be null"),
    ("priority", 11, "at most 10"),
    ("priority", -1, "at least 0"),
    ("priority", 10**30, ""),
    *(("validitySeconds", value, "must be an integer") for value in WRONG_INTEGERS[1:]),
    ("validitySeconds", None, "must not be null"),
    ("validitySeconds", 29, "at least 30"),
    ("validitySeconds", 259_201, "at most 259200"),
    *(("idempotencyKey", value, "must") for value in WRONG_TEXTS),
    ("idempotencyKey", "", "must not be blank"),
    ("idempotencyKey", "   ", "must not be blank"),
    ("idempotencyKey", "k" * 129, "at most 128"),
    ("idempotencyKey", "ключ", "printable ASCII"),
    ("idempotencyKey", "a\nb", "printable ASCII"),
    *(("clientReference", value, "must") for value in WRONG_TEXTS),
    ("clientReference", "", "must not be empty"),
    ("clientReference", "r" * 65, "at most 64"),
    ("devices", None, "must not be null"),
    ("devices", [], "at least 1"),
    ("devices", UNKNOWN_DEVICE, "must be an array"),
    ("devices", {"deviceId": UNKNOWN_DEVICE}, "must be an array"),
    ("devices", [UNKNOWN_DEVICE] * 21, "at most 20"),
    ("priorty", 5, "is not a known field"),
    ("idempotency_key", "k", "is not a known field"),
    ("Recipient", "+254712345678", "is not a known field"),
]


@pytest.mark.parametrize(("name", "value", "rule"), FIELDS)
def test_a_bad_field_is_named_with_its_rule(api: ClientApi, name: str, value: Any, rule: str) -> None:
    body: dict[str, Any] = SEND | {name: value}
    if value is MISSING:
        del body[name]
    problem = refused(api, body, 400, "invalid-request", [f"#/{name}"])
    assert problem["detail"].startswith(name)
    assert rule in problem["detail"]


DEVICES: list[tuple[Any, str, str]] = [
    (None, "#/devices/0", "must be a device id"),
    (5, "#/devices/0", "must be a device id"),
    ([], "#/devices/0", "must be a device id"),
    ("", "#/devices/0", "must be a device id"),
    ("dvc_", "#/devices/0", "must be a device id"),
    ("DVC_3K7J2H5F8M1N4Q9R6V0W", "#/devices/0", "must be a device id"),
    (UNKNOWN_DEVICE + "\n", "#/devices/0", "must be a device id"),
    (UNKNOWN_DEVICE + "#0", "#/devices/0", "must be a device id"),
    ("dvc_3k7j2h5f8m1n4q9r6v0w", "#/devices/0", "must be a device id"),
    ({}, "#/devices/0/deviceId", "is required"),
    ({"simSlot": 0}, "#/devices/0/deviceId", "is required"),
    ({"deviceId": None}, "#/devices/0/deviceId", "must not be null"),
    ({"deviceId": 5}, "#/devices/0/deviceId", "must be a string"),
    ({"deviceId": "acc_3K7J2H5F8M1N4Q9R6V0W"}, "#/devices/0/deviceId", "must be a device id"),
    ({"deviceId": UNKNOWN_DEVICE, "simSlot": None}, "#/devices/0/simSlot", "must not be null"),
    ({"deviceId": UNKNOWN_DEVICE, "simSlot": "0"}, "#/devices/0/simSlot", "must be an integer"),
    ({"deviceId": UNKNOWN_DEVICE, "simSlot": True}, "#/devices/0/simSlot", "must be an integer"),
    ({"deviceId": UNKNOWN_DEVICE, "simSlot": 0.0}, "#/devices/0/simSlot", "must be an integer"),
    ({"deviceId": UNKNOWN_DEVICE, "simSlot": -1}, "#/devices/0/simSlot", "at least 0"),
    ({"deviceId": UNKNOWN_DEVICE, "slot": 0}, "#/devices/0/slot", "is not a known field"),
]


@pytest.mark.parametrize(("device", "pointer", "rule"), DEVICES)
def test_a_bad_device_is_named_with_its_rule(api: ClientApi, device: Any, pointer: str, rule: str) -> None:
    problem = refused(api, SEND | {"devices": [device]}, 400, "invalid-request", [pointer])
    assert rule in problem["detail"]


def test_every_bad_field_is_named_at_once(api: ClientApi) -> None:
    body = {"message": "", "priority": 11, "a/b~c": 1, "devices": [UNKNOWN_DEVICE, "x"]}
    pointers = ["#/recipient", "#/message", "#/priority", "#/devices/1", "#/a~1b~0c"]
    problem = refused(api, body, 400, "invalid-request", pointers)
    assert problem["detail"] == "recipient is required (and 4 more)"


def test_what_was_sent_is_not_repeated_nor_logged(api: ClientApi, log_text: io.StringIO) -> None:
    secret = "PIN 4711 " * 300
    problem = refused(api, SEND | {"message": secret}, 400, "invalid-request", ["#/message"])
    assert '"status":400' in log_text.getvalue()
    assert "4711" not in json.dumps(problem) + log_text.getvalue()


def test_many_unknown_fields_make_a_short_answer(api: ClientApi) -> None:
    body = SEND | {f"field{number}" + "x" * 200: 1 for number in range(200)}
    answer = api.post("/api/sms/send", body)
    assert answer.status == 400
    assert len(answer.body["errors"]) == 20
    assert len(answer.text) < 8000


BODIES: list[tuple[Any, int, str]] = [
    (None, 400, "malformed-body"),
    ("", 400, "malformed-body"),
    ("  \n", 400, "malformed-body"),
    ("{", 400, "malformed-body"),
    ("hello", 400, "malformed-body"),
    ("[]", 400, "malformed-body"),
    (json.dumps([SEND]), 400, "malformed-body"),
    ("null", 400, "malformed-body"),
    ("5", 400, "malformed-body"),
    ('"text"', 400, "malformed-body"),
    ("true", 400, "malformed-body"),
    (json.dumps(SEND)[:-1] + ', "priority": NaN}', 400, "malformed-body"),
    (json.dumps(SEND)[:-1] + ', "priority": -Infinity}', 400, "malformed-body"),
    (json.dumps(SEND)[:-1] + ', "message": "again"}', 400, "malformed-body"),
    (json.dumps(SEND)[:-1] + ', "priority": ' + "9" * 5000 + "}", 400, "malformed-body"),
    ("\ufeff" + json.dumps(SEND), 400, "malformed-body"),
    ("[" * 30_000, 400, "malformed-body"),
    (b"\xff\xfe{}", 400, "malformed-body"),
    (json.dumps(SEND)[:-2] + b"\xff".decode(errors="replace") + '"}', 400, "malformed-body"),
    (json.dumps(SEND)[:-2] + '\ufffd"}', 400, "malformed-body"),
    ((json.dumps(SEND)[:-2] + '\ufffd"}').encode(), 400, "malformed-body"),
    (json.dumps(SEND | {"clientReference": "\ufffd"}, ensure_ascii=False), 400, "malformed-body"),
    (json.dumps(SEND | {"\ufffd": 1}, ensure_ascii=False), 400, "malformed-body"),
    (json.dumps(SEND).encode("utf-16"), 400, "malformed-body"),
    ("\ud800", 400, "malformed-body"),
    (json.dumps(SEND | {"message": "x" * 300_000}), 413, "body-too-large"),
    (json.dumps(SEND | {"message": "x" * 300_000}).encode(), 413, "body-too-large"),
    (b"\xff" * 65_537, 413, "body-too-large"),
    ("é" * 32_769, 413, "body-too-large"),
]


@pytest.mark.parametrize(("body", "status", "slug"), BODIES)
def test_a_bad_body_is_refused(api: ClientApi, body: Any, status: int, slug: str) -> None:
    refused(api, body, status, slug, [])


def test_a_body_that_is_no_base64_is_refused(api: ClientApi) -> None:
    headers = {"x-api-key": api.tenant.key, "content-type": "application/json"}
    event = http_event("POST", "/api/sms/send", headers=headers) | {"body": "***", "isBase64Encoded": True}
    answer = answer_of(functions.load("client_api").lambda_handler(event, functions.LambdaContext()))
    assert (answer.status, answer.slug) == (400, "malformed-body")


@pytest.mark.parametrize(
    "content_type",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp",
     "application/json, application/json", "application/json; charset=utf-16", "application/problem+json"],
)  # fmt: skip
def test_another_content_type_is_refused(api: ClientApi, content_type: str) -> None:
    refused(api, SEND, 415, "unsupported-media-type", [], headers={"content-type": content_type})


@pytest.mark.parametrize(
    "content_type", ["application/json", "Application/JSON; charset=UTF-8", 'application/json;charset="utf-8"']
)
def test_json_is_json_however_it_is_written(api: ClientApi, content_type: str) -> None:
    answer = api.post("/api/sms/send", {"message": "x"}, headers={"content-type": content_type})
    assert answer.pointers == ["#/recipient"]


def test_foreign_and_unknown_devices_are_refused_alike(api: ClientApi) -> None:
    other = seeds.tenant()
    foreign = seeds.phone(other.account_id).device_id
    unknown = refused(api, SEND | {"devices": [UNKNOWN_DEVICE]}, 403, "foreign-device", ["#/devices"])
    known = refused(api, SEND | {"devices": [foreign]}, 403, "foreign-device", ["#/devices"])
    assert known["detail"].replace(foreign, UNKNOWN_DEVICE) == unknown["detail"]
    own = seeds.phone(api.account_id).device_id
    refused(api, SEND | {"devices": [own, {"deviceId": foreign, "simSlot": 0}]}, 403, "foreign-device", ["#/devices"])


def test_devices_that_cannot_send_are_refused(api: ClientApi) -> None:
    offline = seeds.phone(api.account_id, online=False).device_id
    disabled = seeds.phone(api.account_id, is_enabled=False).device_id
    half = seeds.phone(api.account_id, sims=2)
    seeds.change_lane(half, 1, is_enabled=False)
    unready = seeds.phone(api.account_id)
    seeds.change_lane(unready, 0, sim_ready=False)
    rows: list[list[Any]] = [
        [offline],
        [disabled],
        [offline, disabled],
        [{"deviceId": half.device_id, "simSlot": 1}],
        [{"deviceId": half.device_id, "simSlot": 2}],
        [half.device_id, {"deviceId": offline, "simSlot": 7}],
        [unready.device_id],
    ]
    for devices in rows:
        refused(api, SEND | {"devices": devices}, 422, "no-eligible-device", [])


@pytest.mark.parametrize(
    "job_id",
    ["x", "job_", "job_7H2K9M4P1Q6R3T8V5W0", "job_7h2k9m4p1q6r3t8v5w0x", "dvc_7H2K9M4P1Q6R3T8V5W0X",
     "job_7H2K9M4P1Q6R3T8V5W0U", "job_7H2K9M4P1Q6R3T8V5W0X"],
)  # fmt: skip
@pytest.mark.parametrize(("method", "action"), [("GET", "status"), ("POST", "cancel")])
def test_a_malformed_job_id_is_as_unknown_as_any(api: ClientApi, method: str, action: str, job_id: str) -> None:
    answer = api.call(method, f"/api/sms/{job_id}/{action}")
    assert (answer.status, answer.slug) == (404, "not-found")
    assert answer.body["detail"] == "There is no job with this id in the account"
