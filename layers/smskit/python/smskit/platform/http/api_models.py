"""What every request and response model has in common."""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, field_validator
from pydantic.alias_generators import to_camel
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

from smskit.platform.http.bodies import MAX_BYTES


class ApiModel(BaseModel):
    """camelCase outside, snake_case inside."""

    model_config = ConfigDict(
        strict=True, frozen=True, alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )

    @classmethod
    def __get_pydantic_json_schema__(cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """A field that may be absent is never null: the schema says so."""
        schema = handler.resolve_ref_schema(handler(core_schema))
        for name, field in schema.get("properties", {}).items():
            field.pop("title", None)
            if "default" in field and field["default"] is None:
                del field["default"]
                (value,) = (choice for choice in field.pop("anyOf") if choice.get("type") != "null")
                schema["properties"][name] = value | field
        return schema


class RequestModel(ApiModel):
    """A request body, of at most so many bytes."""

    most_bytes: ClassVar[int] = MAX_BYTES
    model_config = ConfigDict(extra="forbid", validate_by_name=False)

    @field_validator("*", mode="before")
    @classmethod
    def _not_null(cls, value: Any) -> Any:
        if value is None:
            raise PydanticCustomError("null", "must not be null")
        return value


def not_blank(text: str) -> str:
    """A validator: something must stand there besides spaces."""
    if not text.strip():
        raise PydanticCustomError("blank", "must not be blank")
    return text


def maybe(**described: Any) -> Any:
    """A field that is absent while it doesn't apply."""
    return Field(default=None, exclude_if=lambda value: value is None, **described)


def time_field(description: str) -> Any:
    """A time that is absent while it does not apply."""
    extra = {"format": "date-time"}
    return maybe(description=description, examples=["2026-06-23T10:00:11Z"], json_schema_extra=extra)
