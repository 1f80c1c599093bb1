"""docs/openapi.json: generated, valid, and telling the truth about problems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from smskit.edge import problems
from smskit_admin import openapi
from tests.support.client_api import ClientApi

ROOT = Path(__file__).parents[2]
DOCUMENT: dict[str, Any] = json.loads((ROOT / "docs" / "openapi.json").read_text(encoding="utf-8"))
OPERATIONS = {operation["operationId"]: operation for item in DOCUMENT["paths"].values() for operation in item.values()}


def test_the_committed_document_is_the_generated_one() -> None:
    committed = (ROOT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert committed == openapi.generate("openapi.json"), "run python -m smskit_admin.openapi"


def test_the_document_is_valid() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_the_service_shows_the_same_document(cloud: Any) -> None:
    assert ClientApi(cloud).get("/api/openapi.json", headers={"x-api-key": ""}).body == DOCUMENT


def test_every_schema_is_used() -> None:
    text = json.dumps(DOCUMENT)
    for kind in ("schemas", "headers"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in text, name


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_who_may_call_it_and_how_it_fails(name: str) -> None:
    operation = OPERATIONS[name]
    keyed = name != "getHealth"
    assert operation["security"] == ([{"apiKey": []}] if keyed else [])
    assert {"401", "429"} <= set(operation["responses"]) or not keyed
    for status, answer in operation["responses"].items():
        assert "X-Request-Id" in answer["headers"]
        if not status.startswith("2"):
            assert list(answer["content"]) == ["application/problem+json"]
            assert all(
                example["value"]["status"] == int(status)
                for example in answer["content"]["application/problem+json"]["examples"].values()
            )


def test_sending_lists_the_codes_of_the_public_reference() -> None:
    assert {"202", "400", "401", "403", "422", "429"} <= set(OPERATIONS["sendSms"]["responses"])
    assert "404" in OPERATIONS["getJobStatus"]["responses"]
    assert "Location" in OPERATIONS["sendSms"]["responses"]["202"]["headers"]


def test_every_field_of_a_request_is_explained() -> None:
    for name in ("SendRequest", "DeviceReference"):
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
