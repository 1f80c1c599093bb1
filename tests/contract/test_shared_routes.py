"""What both APIs have is written once: they differ in who may call it, in headers, and in some words of the console."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from smskit.entrypoints.console_openapi import CONSOLE_API
from tests.support import functions

DOCS = Path(__file__).parents[2] / "docs"
HANDLERS = {"client_api": "/api", "console_api": "/console"}


def operations(document: str) -> dict[str, dict[str, Any]]:
    paths = json.loads((DOCS / document).read_text(encoding="utf-8"))["paths"]
    return {operation["operationId"]: operation for item in paths.values() for operation in item.values()}


CLIENTS, CONSOLES = operations("openapi.json"), operations("console-openapi.json")
SHARED = sorted(set(CLIENTS) & set(CONSOLES))


def asked(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {name: operation.get(name) for name in ("summary", "tags", "parameters", "requestBody")}


def answered(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {code: answer.get("content") for code, answer in operation["responses"].items() if code.startswith("2")}


def test_webhooks_opt_outs_and_conversations_are_shared() -> None:
    assert len(SHARED) == 21
    assert {tag for name in SHARED for tag in CLIENTS[name]["tags"]} == {"Webhooks", "Opt-outs", "Conversations"}


@pytest.mark.parametrize("name", SHARED)
def test_both_documents_show_the_same_request_and_answer(name: str) -> None:
    assert asked(CLIENTS[name]) == asked(CONSOLES[name])
    assert answered(CLIENTS[name]) == answered(CONSOLES[name])


@pytest.mark.parametrize("name", SHARED)
def test_the_console_has_words_of_its_own_only_where_it_says_so(name: str) -> None:
    differs = CLIENTS[name]["description"] != CONSOLES[name]["description"]
    assert differs == (name in CONSOLE_API.wording)


def test_no_words_are_kept_for_a_route_that_is_not_shared() -> None:
    assert set(CONSOLE_API.wording) <= set(SHARED)


def test_one_function_answers_both() -> None:
    handled = {
        name: {
            (route.method, route.path.removeprefix(prefix)): route.func
            for app in [functions.load(name).app]
            for route in (*app._static_routes, *app._dynamic_routes)
            if route.operation_id in SHARED
        }
        for name, prefix in HANDLERS.items()
    }
    assert handled["client_api"] == handled["console_api"] and len(handled["client_api"]) == len(SHARED)
