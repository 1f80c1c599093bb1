"""Requests made up from the two API documents, sent to the deployed stack: every answer is one that was promised.

`SMSKIT_EXAMPLES` is how many requests an operation gets.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.stack import Stack, Tenant
from tests.e2e.test_e2e_login import new_owner, signed_in
from tests.support import made_up

pytestmark = pytest.mark.e2e
DOCS = Path(__file__).parents[2] / "docs"
EXAMPLES = int(os.environ.get("SMSKIT_EXAMPLES", "4"))


def document(name: str) -> dict[str, Any]:
    return dict(json.loads((DOCS / name).read_text(encoding="utf-8")))


def report(name: str, statuses: Counter[int]) -> None:
    print(f"\n{name}: {statuses.total()} requests, {dict(sorted(statuses.items()))}")
    assert {200, 201, 400, 404} <= set(statuses)
    assert not any(status >= 500 for status in statuses)


def test_the_client_api(stack: Stack, tenant: Tenant) -> None:
    headers_of = made_up.ClientCredentials(tenant.account_id, tenant.key)
    report("client API", made_up.every_operation(document("openapi.json"), stack.url, headers_of, EXAMPLES))


async def test_the_console_api(stack: Stack, tenant: Tenant) -> None:
    tokens = await signed_in(stack, new_owner(tenant))
    headers = {"Authorization": f"Bearer {tokens.access}"}
    found = made_up.every_operation(document("console-openapi.json"), stack.url, lambda _: headers, EXAMPLES)
    report("console API", found)
