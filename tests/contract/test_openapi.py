"""docs/openapi.json: generated, valid, and telling the truth about problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from smskit.platform.http import problems
from smskit_generate import openapi
from tests.support.client_api import ClientApi

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {operation["operationId"]: operation for item in DOCUMENT["paths"].values() for operation in item.values()}
OF_TWILIO = {name for name, operation in OPERATIONS.items() if operation["tags"] == ["Twilio"]}


def test_the_committed_documents_are_the_generated_ones() -> None:
    for file, text in openapi.files().items():
        assert file.read_text(encoding="utf-8") == text, f"{file.name}: run python -m smskit_generate.openapi"


def test_the_document_is_valid() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_the_service_shows_the_same_document(cloud: Any) -> None:
    answer = ClientApi(cloud).get("/api/openapi.json", headers={"x-api-key": ""})
    assert answer.body == DOCUMENT
    assert len(answer.text) < 0.6 * len(json.dumps(DOCUMENT, indent=2))
    assert answer.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize("known", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_the_document_gets_it_once(cloud: Any, known: str) -> None:
    api = ClientApi(cloud)
    tag = api.get("/api/openapi.json").headers["etag"]
    answer = api.get("/api/openapi.json", headers={"if-none-match": known.format(tag)})
    assert (answer.status, answer.text, answer.headers["etag"]) == (304, "", tag)
    assert "content-type" not in answer.headers
    assert answer.headers["cache-control"] == "public, max-age=3600"
    assert api.get("/api/openapi.json", headers={"if-none-match": '"other", W/"x"'}).body == DOCUMENT


def test_the_service_never_makes_the_document(cloud: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It takes as long as dozens of sends, and needs no key."""
    monkeypatch.setattr(APIGatewayHttpResolver, "get_openapi_schema", None)
    assert ClientApi(cloud).get("/api/openapi.json", headers={"x-api-key": ""}).status == 200


def test_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)
    for kind in ("schemas", "headers"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_who_may_call_it_and_how_it_fails(name: str) -> None:
    operation = OPERATIONS[name]
    keyed = name != "getHealth"
    scheme, refused_as = ("twilio", "application/json") if name in OF_TWILIO else ("apiKey", "application/problem+json")
    assert operation["security"] == ([{scheme: []}] if keyed else [])
    assert {"401", "429"} <= set(operation["responses"]) or not keyed
    for status, answer in operation["responses"].items():
        assert "X-Request-Id" in answer["headers"]
        if not status.startswith("2"):
            assert list(answer["content"]) == [refused_as]
            assert all(
                example["value"]["status"] == int(status)
                for example in answer["content"][refused_as]["examples"].values()
            )


def test_routes_of_twilios_take_forms_and_refuse_as_twilio_does() -> None:
    assert {
        "createTwilioMessage",
        "listTwilioMessages",
        "fetchTwilioMessage",
        "updateTwilioMessage",
        "deleteTwilioMessage",
    } == OF_TWILIO
    for name in ("createTwilioMessage", "updateTwilioMessage"):
        assert list(OPERATIONS[name]["requestBody"]["content"]) == ["application/x-www-form-urlencoded"]
    refused = OPERATIONS["createTwilioMessage"]["responses"]["400"]["content"]["application/json"]
    assert refused["schema"] == {"$ref": "#/components/schemas/TwilioError"}
    codes = {example["value"]["code"] for example in refused["examples"].values()}
    assert {20001, 21211, 21602, 21604, 21610, 21617, 21703} <= codes


def test_sending_lists_the_codes_of_the_public_reference() -> None:
    assert {"202", "400", "401", "403", "422", "429"} <= set(OPERATIONS["sendSms"]["responses"])
    assert "404" in OPERATIONS["getJobStatus"]["responses"]
    assert "Location" in OPERATIONS["sendSms"]["responses"]["202"]["headers"]


def test_every_field_of_a_request_is_explained() -> None:
    for name in ("SendRequest", "DeviceReference", "CreateMessage", "UpdateMessage"):
        for field, schema in DOCUMENT["components"]["schemas"][name]["properties"].items():
            assert schema.get("description") and schema.get("examples"), f"{name}.{field}"


@pytest.mark.parametrize("kind", problems.KINDS, ids=lambda kind: kind.slug)
def test_every_problem_has_a_page(kind: problems.Kind) -> None:
    page = (ROOT / "docs" / "problems" / f"{kind.slug}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {kind.title}\n\n`{kind.slug}` · HTTP {kind.status}\n")
    assert "**What to do:**" in page


def test_every_page_has_its_problem() -> None:
    pages = {page.stem for page in (ROOT / "docs" / "problems").glob("*.md")}
    assert pages == {kind.slug for kind in problems.KINDS}
