"""What an order says: the words that it brings, or those of a template with its values."""

from __future__ import annotations

from collections.abc import Mapping

from smskit.errors import InvalidVariablesError
from smskit.models.template import TemplateUse
from smskit.sending.logic import templates, variables
from smskit.sending.logic.variables import MOST_CHARACTERS, Text


def text_of(account_id: str, message: str, template: TemplateUse | None) -> Text:
    """The text that many messages are made of. Raises InvalidTextError or UnknownTemplateError."""
    return variables.parse(message) if template is None else templates.text_of(account_id, template.template_id)


def message_of(account_id: str, template: TemplateUse) -> str:
    """The message of a template with its values. Raises UnknownTemplateError or InvalidVariablesError."""
    return filled(templates.text_of(account_id, template.template_id), template.values)


def filled(text: Text, given: Mapping[str, str]) -> str:
    """The message that a text is with these values. Raises InvalidVariablesError for one that no SMS can be."""
    missing = text.missing(given)
    if missing:
        raise InvalidVariablesError(f"variables/{missing[0]}", "is required: the message has it")
    message = text.filled(given)
    if not message.strip():
        raise InvalidVariablesError("variables", "must not leave the message blank")
    if len(message) > MOST_CHARACTERS:
        raise InvalidVariablesError("variables", f"make the message longer than {MOST_CHARACTERS} characters")
    return message
