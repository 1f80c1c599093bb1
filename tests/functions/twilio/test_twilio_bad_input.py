"""What Twilio's API refuses: each with its code, the field and the rule, and nothing is left behind."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from botocore.exceptions import ClientError

from smskit import aws
from smskit.clients.logic import clients
from smskit.models.client import ClientStatus
from smskit.platform import patience
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.twilio import SEND, TwilioApi, basic, refused

FORMS: list[tuple[str, str, int, list[str]]] = [
    ("an unknown parameter", "To=%2B254712345678&Body=x&Colour=red", 20001, ["#/Colour"]),
    ("a typo's case", "To=%2B254712345678&body=x", 21602, ["#/Body", "#/body"]),
    ("a parameter twice", "To=%2B254712345678&To=%2B254712345679&Body=x", 20001, ["#/To"]),
    ("two parameters twice", "To=1&To=1&Body=x&Body=x", 20001, ["#/To", "#/Body"]),
    ("media", "To=%2B254712345678&Body=x&MediaUrl=https%3A%2F%2Fa.example", 20001, ["#/MediaUrl"]),
    ("a template", "To=%2B254712345678&ContentSid=HX0", 21602, ["#/Body", "#/ContentSid"]),
    ("as MMS", "To=%2B254712345678&Body=x&SendAsMms=true", 20001, ["#/SendAsMms"]),
    ("no text kept", "To=%2B254712345678&Body=x&ContentRetention=discard", 20001, ["#/ContentRetention"]),
    ("no To", "Body=x", 21604, ["#/To"]),
    ("an empty To", "To=&Body=x", 21604, ["#/To"]),
    ("a name", "To=MPESA&Body=x", 21211, ["#/To"]),
    ("WhatsApp", "To=whatsapp%3A%2B254712345678&Body=x", 21211, ["#/To"]),
    ("a landline", "To=%2B254202345678&Body=x", 21211, ["#/To"]),
    ("no Body", "To=%2B254712345678", 21602, ["#/Body"]),
    ("an empty Body", "To=%2B254712345678&Body=", 21602, ["#/Body"]),
    ("a blank Body", "To=%2B254712345678&Body=+%0A", 21602, ["#/Body"]),
    ("1,601 characters", "To=%2B254712345678&Body=" + "x" * 1601, 21617, ["#/Body"]),
    ("a foreign sender", "To=%2B254712345678&Body=x&From=%2B15005550006", 21606, ["#/From"]),
    ("a sender's name", "To=%2B254712345678&Body=x&From=ACME", 21606, ["#/From"]),
    ("a service that is none", "To=%2B254712345678&Body=x&MessagingServiceSid=MG1", 21705, ["#/MessagingServiceSid"]),
    ("29 seconds", "To=%2B254712345678&Body=x&ValidityPeriod=29", 90007, ["#/ValidityPeriod"]),
    ("36,001 seconds", "To=%2B254712345678&Body=x&ValidityPeriod=36001", 90007, ["#/ValidityPeriod"]),
    ("half seconds", "To=%2B254712345678&Body=x&ValidityPeriod=30.5", 90007, ["#/ValidityPeriod"]),
    ("the past", "To=%2B254712345678&Body=x&SendAt=2020-01-01T00:00:00Z&ScheduleType=fixed", 35115, ["#/SendAt"]),
    ("far ahead", "To=%2B254712345678&Body=x&SendAt=9000-01-01T00:00:00Z&ScheduleType=fixed", 35115, ["#/SendAt"]),
    ("no offset", "To=%2B254712345678&Body=x&SendAt=2026-01-01T00:00:00&ScheduleType=fixed", 35115, ["#/SendAt"]),
    ("29 February of a wrong year", "To=%2B254712345678&Body=x&SendAt=2027-02-29T00:00:00Z", 35115, ["#/SendAt"]),
    ("fixed at no time", "To=%2B254712345678&Body=x&ScheduleType=fixed", 35115, ["#/SendAt"]),
    ("plain http", "To=%2B254712345678&Body=x&StatusCallback=http%3A%2F%2Fa.example", 21609, ["#/StatusCallback"]),
    ("private", "To=%2B254712345678&Body=x&StatusCallback=https%3A%2F%2F10.0.0.1", 21609, ["#/StatusCallback"]),
    ("metadata", "To=0712345678&Body=x&StatusCallback=https%3A%2F%2F169.254.169.254", 21609, ["#/StatusCallback"]),
    ("no UTF-8", "To=%2B254712345678&Body=%FF", 20001, []),
    ("101 fields", "&".join(f"a{n}=1" for n in range(101)), 20001, []),
    ("nothing", "", 21604, ["#/To", "#/Body"]),
]  # fmt: skip


@pytest.mark.parametrize(("form", "code", "fields"), [case[1:] for case in FORMS], ids=[case[0] for case in FORMS])
def test_a_form_that_breaks_a_rule_is_refused_with_its_code(
    messages: TwilioApi, cloud: Cloud, form: str, code: int, fields: list[str]
) -> None:
    before = messages.api.kept(), cloud.items("webhooks")
    answer = messages.call("POST", f"{messages.path}.json", form)
    assert refused(answer) == (400, code, fields)
    assert (messages.api.kept(), cloud.items("webhooks")) == before


MORE_THAN_TEXT = "SMSKit sends the text of an SMS, and nothing else"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("MediaUrl", MORE_THAN_TEXT),
        ("ContentSid", MORE_THAN_TEXT),
        ("ContentVariables", MORE_THAN_TEXT),
        ("PersistentAction", MORE_THAN_TEXT),
        ("ApplicationSid", "give StatusCallback with each message"),
        ("FallbackFrom", "any SIM of the account may send it when From is left out"),
    ],
)
def test_what_smskit_does_not_do_is_refused_with_the_reason(
    messages: TwilioApi, cloud: Cloud, name: str, why: str
) -> None:
    before = messages.api.kept(), cloud.items("webhooks")
    answer = messages.create(**{name: "x"})
    assert refused(answer) == (400, 20001, [f"#/{name}"])
    assert answer.body["message"] == f"{name} is not supported here: {why}"
    without_text = messages.call("POST", f"{messages.path}.json", {"To": SEND["To"], name: "x"})
    assert refused(without_text) == (400, 21602, ["#/Body", f"#/{name}"])
    assert without_text.body["details"]["errors"][1]["detail"] == answer.body["message"]
    assert (messages.api.kept(), cloud.items("webhooks")) == before


@pytest.mark.parametrize(
    "name",
    ["MaxPrice", "Attempt", "ProvideFeedback", "ForceDelivery", "TrafficType", "RiskCheck"],
)
def test_what_changes_nothing_is_taken(messages: TwilioApi, name: str) -> None:
    plain, more = messages.sent(), messages.sent(**{name: "1"})
    own = ("sid", "uri", "subresource_uris", "date_created", "date_updated")
    assert plain | {key: more[key] for key in own} == more


@pytest.mark.parametrize(
    ("name", "taken"),
    [("ContentRetention", "retain"), ("AddressRetention", "retain"), ("ShortenUrls", "false"), ("SendAsMms", "false")],
)
def test_what_asks_for_what_is_done_anyway_is_taken_and_its_opposite_refused(
    messages: TwilioApi, name: str, taken: str
) -> None:
    messages.sent(**{name: taken})
    for other in ("discard", "obfuscate", "true", "", taken.upper()):
        assert refused(messages.create(**{name: other})) == (400, 20001, [f"#/{name}"])


@pytest.mark.parametrize("form", ["", "Status=canceled&Body=", "Status=sent", "Body=x", "Colour=red", "Status=&Body="])
def test_an_update_is_one_of_two_things(messages: TwilioApi, form: str) -> None:
    sid = messages.sent()["sid"]
    status, code, fields = refused(messages.call("POST", f"{messages.path}/{sid}.json", form))
    assert (status, bool(fields)) == (400, True) and code in (20001, 21602, 21617, 30400)
    assert messages.fetch(sid).body["status"] == "queued"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("From=%2B254700000001", ["#/From"]),
        ("Colour=red", ["#/Colour"]),
        ("PageSize=0", ["#/PageSize"]),
        ("PageSize=1001", ["#/PageSize"]),
        ("PageSize=x", ["#/PageSize"]),
        ("Page=1", ["#/PageToken"]),
        ("PageToken=MS45ZjNhYzE3Ny4x", ["#/PageToken"]),
        ("To=MPESA", ["#/To"]),
        ("DateSent=yesterday", ["#/DateSent"]),
        ("DateSent%3E=2026-13-01", ["#/DateSent%3E"]),
        ("DateSent=2026-06-23&DateSent=2026-06-24", ["#/DateSent"]),
    ],
)
def test_a_list_that_nobody_can_answer_is_refused(messages: TwilioApi, query: str, fields: list[str]) -> None:
    status, code, found = refused(messages.call("GET", f"{messages.path}.json", query=query))
    assert (status, found) == (400, fields)
    assert code == (21211 if "To=" in query else 20001)


def test_json_is_no_form(messages: TwilioApi) -> None:
    answer = messages.call(
        "POST", f"{messages.path}.json", json.dumps(SEND), headers={"content-type": "application/json"}
    )
    assert refused(answer) == (415, 20001, [])


def test_a_body_over_64_kb_is_refused(messages: TwilioApi) -> None:
    assert refused(messages.create(Body="x" * 70_000)) == (413, 20001, [])


def test_who_has_opted_out_gets_nothing(messages: TwilioApi) -> None:
    answer = messages.api.post("/api/opt-outs", {"number": "+254712345678"})
    assert answer.status in (200, 201), answer.text
    assert refused(messages.create()) == (400, 21610, ["#/To"])


def test_no_phone_is_online(api: ClientApi) -> None:
    assert refused(TwilioApi(api).create()) == (400, 21703, [])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_method_that_a_path_has_not(messages: TwilioApi, method: str) -> None:
    assert refused(messages.call(method, f"{messages.path}.json")) == (405, 20004, [])


@pytest.mark.parametrize(
    "path", ["", "/", "/Accounts", "/Accounts.json", "/Accounts/{sid}/Calls.json", "/Accounts/{sid}.json"]
)
def test_what_is_not_there_is_refused_as_twilio_does(messages: TwilioApi, path: str) -> None:
    assert refused(messages.call("GET", "/2010-04-01" + path.format(sid=messages.sid))) == (404, 20404, [])


def asked(messages: TwilioApi, **headers: str) -> Any:
    return messages.call("GET", f"{messages.path}.json", headers=headers)


def test_only_the_accounts_sid_with_a_key_of_it_lets_in(messages: TwilioApi, cloud: Cloud) -> None:
    foreign = TwilioApi(ClientApi(cloud))
    key = messages.api.tenant.key
    wrong = [
        "", "Basic", "Basic !!!", "Basic " + "/w==", f"Bearer {key}", basic(messages.sid, ""), basic("", key),
        basic(messages.sid, key[:-1] + ("0" if key[-1] != "0" else "1")), basic(messages.api.account_id, key),
        basic(foreign.sid, key), basic(messages.sid, foreign.api.tenant.key), basic(key, messages.sid),
    ]  # fmt: skip
    for header in wrong:
        answer = asked(messages, authorization=header)
        assert refused(answer) == (401, 20003, []), header
        assert answer.headers["www-authenticate"].startswith("Basic ")
    assert refused(asked(messages, authorization="", **{"x-api-key": key})) == (401, 20003, [])
    assert asked(messages).status == 200


def test_a_sid_and_key_open_no_other_path_and_no_other_account(messages: TwilioApi, cloud: Cloud) -> None:
    foreign = TwilioApi(ClientApi(cloud))
    assert refused(messages.call("GET", f"{foreign.path}.json")) == (404, 20404, [])
    assert messages.call("GET", "/api/sms").status == 401


def test_a_suspended_clients_key_lets_nobody_in(messages: TwilioApi) -> None:
    clients.set_status(messages.api.tenant.client_id, ClientStatus.SUSPENDED)
    assert refused(asked(messages)) == (401, 20003, [])


def test_requests_of_both_shapes_count_towards_one_limit(cloud: Cloud) -> None:
    messages = TwilioApi(ClientApi(cloud, limit=2))
    seeds.phone(messages.api.account_id)
    assert messages.api.send().status == 202
    last = messages.create()
    assert last.status == 201 and '"hour";r=0' in last.headers["ratelimit"]
    over = messages.create()
    assert refused(over) == (429, 20429, [])
    assert 0 < int(over.headers["retry-after"]) <= 3600


def test_no_log_has_a_number_a_text_or_a_key(messages: TwilioApi, log_text: io.StringIO) -> None:
    messages.sent(Body="Quite secret")
    messages.call("POST", f"{messages.path}.json", urlencode(SEND | {"Body": "Quite secret", "Colour": "red"}))
    messages.list(To="+254712345678")
    logged = log_text.getvalue()
    assert "answered" in logged
    for secret in ("Quite secret", "712345678", messages.api.tenant.key, "Basic "):
        assert secret not in logged


@pytest.mark.parametrize(
    ("service", "call", "error", "expected"),
    [
        ("dynamodb", "put_item", "TransactionConflictException", (503, 20503)),
        ("dynamodb", "put_item", "ProvisionedThroughputExceededException", (503, 20503)),
        ("dynamodb", "put_item", "InternalServerError", (503, 20503)),
        ("dynamodb", "put_item", "AccessDeniedException", (500, 20500)),
        ("sqs", "send_message", "ServiceUnavailable", (503, 20503)),
    ],
)
def test_what_fails_on_our_side_says_whether_to_send_it_again(
    messages: TwilioApi, monkeypatch: pytest.MonkeyPatch, service: str, call: str, error: str, expected: tuple[int, int]
) -> None:
    def fail(**_: Any) -> None:
        raise ClientError({"Error": {"Code": error, "Message": "of the cause"}}, call)

    messages.list()
    with monkeypatch.context() as patch:
        patch.setattr(patience, "pause", lambda seconds: None)
        patch.setattr(aws.client(service), call, fail)
        answer = messages.create()
    assert refused(answer) == (*expected, [])
    assert answer.headers.get("retry-after") == ("1" if answer.status == 503 else None)
    assert error not in answer.text and "of the cause" not in answer.text
    assert messages.api.kept()["jobs"] == [] and messages.api.cloud.queued() == 0
    assert messages.create().status == 201
