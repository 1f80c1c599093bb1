"""What a message says: in words of its own, or by a template."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from smskit.platform.http.api_models import RequestModel
from smskit.platform.ids import ALPHABET, is_id

TEMPLATE_ID_PATTERN = f"^tpl_[{ALPHABET}]{{20}}$"


def _template_id(text: str) -> str:
    if not is_id("tpl", text):
        raise PydanticCustomError("template", "must be a template's id, such as tpl_7H2K9M4P1Q6R3T8V5W0X")
    return text


TemplateId = Annotated[
    str | None,
    AfterValidator(lambda text: text if text is None else _template_id(text)),
    Field(
        description="A template of the account, in place of `message`.",
        examples=["tpl_7H2K9M4P1Q6R3T8V5W0X"],
        json_schema_extra={"pattern": TEMPLATE_ID_PATTERN},
    ),
]


ONE_OF_BOTH: dict[str, Any] = {"oneOf": [{"required": ["message"]}, {"required": ["templateId"]}]}


class TextOrTemplate(RequestModel):
    """A request that has either a `message` or a `templateId`."""

    model_config = ConfigDict(json_schema_extra=ONE_OF_BOTH)

    @model_validator(mode="wrap")
    @classmethod
    def _either(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        own = cls.faults_between(data) if isinstance(data, dict) else []
        try:
            made = handler(data)
        except ValidationError as error:
            if not own:
                raise
            others = [
                _fault(entry["type"], entry["msg"], entry["loc"], entry["input"], entry.get("ctx"))
                for entry in error.errors()
            ]
            raise ValidationError.from_exception_data(cls.__name__, [*others, *own]) from None
        if own:
            raise ValidationError.from_exception_data(cls.__name__, own)
        return made

    @classmethod
    def faults_between(cls, data: dict[str, Any]) -> list[InitErrorDetails]:
        """What is wrong between fields."""
        if "message" in data and "templateId" in data:
            return [fault("either", "must not stand beside message", "templateId")]
        if "message" not in data and "templateId" not in data:
            return [fault("missing", "is required", "message")]
        return []


def fault(kind: str, rule: str, name: str) -> InitErrorDetails:
    """A fault of a field, by its name."""
    return _fault(kind, rule, (name,), None)


def _fault(
    kind: str, rule: str, place: tuple[int | str, ...], given: Any, context: dict[str, Any] | None = None
) -> InitErrorDetails:
    return InitErrorDetails(type=PydanticCustomError(kind, rule, context), loc=place, input=given)
