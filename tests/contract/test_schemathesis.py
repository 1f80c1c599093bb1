"""Requests made up from the OpenAPI document, good and bad: every answer is one that the document promises."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.support import aws, made_up, seeds
from tests.support.client_api import ClientApi
from tests.support.wsgi import WsgiHandler

schema = schemathesis.openapi.from_wsgi("/api/openapi.json", WsgiHandler("client_api"))
made_up.prepare(schema)


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
    headers = made_up.ClientCredentials(api.account_id, api.tenant.key)(case)
    case.call_and_validate(headers=headers, checks=made_up.CHECKED)
