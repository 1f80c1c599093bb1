"""Templates: an account's texts with variables, which people write and programs use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial

from smskit.accounts.logic import audit_log
from smskit.errors import InvalidTemplateError, NotFoundError, UnknownTemplateError
from smskit.models.audit import Action
from smskit.models.member import Person
from smskit.models.template import Template
from smskit.platform.ids import is_id, new_id
from smskit.platform.retries import until_written
from smskit.sending.logic import segments, variables
from smskit.sending.logic.segments import Measure
from smskit.sending.logic.variables import MOST_CHARACTERS, Text
from smskit.sending.store import templates


@dataclass(frozen=True, slots=True)
class TemplateChange:
    """What to change; None stays."""

    name: str | None = None
    message: str | None = None
    longest: Mapping[str, str] | None = None

    def named(self) -> list[str]:
        """What is to be changed, by the names that people know."""
        return [name for name in ("name", "message", "longest") if getattr(self, name) is not None]


def text_of(account_id: str, template_id: str) -> Text:
    """The text of a template that somebody sends. Raises UnknownTemplateError."""
    found = templates.get(account_id, template_id) if is_id("tpl", template_id) else None
    if found is None:
        raise UnknownTemplateError("templateId is no template of this account")
    return variables.parse(found.message)


def measure(template: Template) -> Measure:
    """How its messages are cut where each variable has the longest value that is given for it; nothing, where none
    is."""
    text = variables.parse(template.message)
    return segments.measure(_longest(text, template.longest))


def create(person: Person, name: str, message: str, longest: Mapping[str, str], now: int) -> Template:
    """Keep a new template. Raises InvalidTextError, InvalidTemplateError or TooManyTemplatesError."""
    made = Template(new_id("tpl", now), person.account_id, name, message, longest, now, now)
    _require_sound(made)
    templates.create(made, audit_log.entry(person, Action.TEMPLATE_CREATED, made.template_id, now, name=name))
    return made


def read(account_id: str, template_id: str) -> Template:
    """The account's template. Raises NotFoundError."""
    found = templates.get(account_id, template_id) if is_id("tpl", template_id) else None
    if found is None:
        raise NotFoundError("There is no template with this id in the account")
    return found


def change(person: Person, template_id: str, wanted: TemplateChange, now: int) -> Template:
    """Change a template; what was accepted keeps its text. Raises NotFoundError and what `create` raises."""
    fields = ", ".join(wanted.named())
    entry = audit_log.entry(person, Action.TEMPLATE_CHANGED, template_id, now, fields=fields)

    def write(seen: Template) -> Template:
        new = replace(
            seen,
            name=seen.name if wanted.name is None else wanted.name,
            message=seen.message if wanted.message is None else wanted.message,
            longest=seen.longest if wanted.longest is None else wanted.longest,
        )
        if new == seen:
            return seen
        _require_sound(new)
        return templates.save(replace(new, changed_at=now), entry)

    reason = f"template {template_id} changed under every try"
    return until_written(partial(read, person.account_id, template_id), write, reason)


def remove(person: Person, template_id: str, now: int) -> None:
    """Remove a template. Raises NotFoundError."""
    if not is_id("tpl", template_id):
        raise NotFoundError("There is no template with this id in the account")
    entry = audit_log.entry(person, Action.TEMPLATE_REMOVED, template_id, now)
    templates.remove(person.account_id, template_id, entry)


def list_all(account_id: str) -> list[Template]:
    """The account's templates, oldest first."""
    return templates.list_all(account_id)


def _require_sound(template: Template) -> None:
    text = variables.parse(template.message)
    strange = next((name for name in template.longest if name not in text.names), None)
    if strange is not None:
        raise InvalidTemplateError(f"longest.{strange} is no variable of the message", f"longest/{strange}")
    if len(_longest(text, template.longest)) > MOST_CHARACTERS:
        raise InvalidTemplateError(
            f"longest makes the message longer than {MOST_CHARACTERS} characters", "longest"
        )  # fmt: skip


def _longest(text: Text, longest: Mapping[str, str]) -> str:
    return text.filled({name: longest.get(name, "") for name in text.names})
