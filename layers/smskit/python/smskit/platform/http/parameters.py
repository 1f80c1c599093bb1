"""Query parameters that several routes take, and the texts in paths."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from smskit.platform import cursors
from smskit.platform.http import patterns

Cursor = Annotated[
    str | None,
    Query(
        max_length=cursors.MAX_LENGTH,
        description="From the answer before.",
        examples=["MS45ZjNhYzE3Ny4x"],
        json_schema_extra=patterns.shown(patterns.CURSOR),
    ),
]
