"""Requests made up from the console API's document: every answer is one that the document promises."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from tests.support import aws, console, made_up
from tests.support.console import Console
from tests.support.user_pool import UserPool
from tests.support.wsgi import WsgiHandler

DOCUMENT = Path(__file__).parents[2] / "docs" / "console-openapi.json"
TOKEN = "Bearer good"
signed_in: list[Console] = []


class Served(WsgiHandler):
    """The console API as the signed-in owner meets it, and its document."""

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/document":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [DOCUMENT.read_bytes()]
        return super().__call__(environ, start_response)


def claims(authorization: str) -> dict[str, str] | None:
    return signed_in[0].claims if authorization == TOKEN else None


schema = schemathesis.openapi.from_wsgi("/document", Served("console_api", claims))
made_up.prepare(schema)


@pytest.fixture(scope="module", autouse=True)
def _owner() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch, aws.cloud(patch):
        UserPool(patch)
        signed_in[:] = [console.owner()]
        yield


@schema.parametrize()
@settings(max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_was_promised(case: Any) -> None:
    case.call_and_validate(headers={"Authorization": TOKEN}, checks=made_up.CHECKED)
