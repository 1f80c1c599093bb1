"""docs/console-openapi.json: generated, valid, and telling who may call what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from smskit.accounts.api.permissions import PERMISSIONS
from smskit_generate import openapi

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "console-openapi.json").read_text(encoding="utf-8")
DOCUMENT: dict[str, Any] = json.loads(TEXT)
OPERATIONS = {operation["operationId"]: operation for item in DOCUMENT["paths"].values() for operation in item.values()}


def test_the_committed_document_is_the_generated_one() -> None:
    assert openapi.generate("console-openapi.json") == TEXT, "run python -m smskit_generate.openapi"


def test_the_document_is_valid() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENT).validate()


def test_every_route_is_shown() -> None:
    assert len(OPERATIONS) == sum(len(item) for item in DOCUMENT["paths"].values()) == len(PERMISSIONS)


def test_every_schema_is_used() -> None:
    for kind in ("schemas", "headers"):
        for name in DOCUMENT["components"][kind]:
            assert f'"#/components/{kind}/{name}"' in TEXT, name


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_every_operation_says_who_may_call_it_and_how_it_fails(name: str) -> None:
    operation = OPERATIONS[name]
    answers = operation["responses"]
    assert operation["security"] == [{"signedIn": []}]
    assert operation["x-least-role"] in ("viewer", "operator", "owner")
    assert {"401", "403", "500"} <= set(answers)
    assert set(answers["401"]["content"]) == {"application/json", "application/problem+json"}
    forbidden = answers["403"]["content"]["application/problem+json"]["examples"]
    assert {"forbidden", "no-membership"} <= set(forbidden)
    assert ("415" in answers) == ("requestBody" in operation)
