"""Answers of the client API."""

from __future__ import annotations

from pydantic import Field

from smskit.models.api_base import ApiModel


class Health(ApiModel):
    """The function answers."""

    status: str = Field(examples=["ok"], json_schema_extra={"const": "ok"})
