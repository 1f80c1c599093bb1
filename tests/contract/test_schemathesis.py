"""Requests made up from the OpenAPI document, good and bad: every answer is one that the document promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from tests.support import aws, seeds
from tests.support.client_api import ClientApi
from tests.support.wsgi import WsgiHandler

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WsgiHandler("client_api"))
load_all_checks()
WANTED: list[Any] = CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "ignored_auth",
    ]
)


@pytest.fixture(scope="module")
def api() -> Iterator[ClientApi]:
    """A client that may ask as often as it likes, with a phone online."""
    with pytest.MonkeyPatch.context() as patch, aws.cloud(patch) as cloud:
        made = ClientApi(cloud, limit=1_000_000)
        seeds.phone(made.account_id)
        yield made


@schema.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_was_promised(api: ClientApi, case: Any) -> None:
    case.call_and_validate(headers={"X-Api-Key": api.tenant.key}, checks=WANTED)
