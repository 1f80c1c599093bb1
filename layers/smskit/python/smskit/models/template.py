"""A template: a text with variables that an account keeps under a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_TEMPLATES = 100


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """A template that a message is made by, with the values of its variables."""

    template_id: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Template:
    """A template as stored; `version` counts its changes. Times are milliseconds since the epoch.

    `longest`: for some of its variables the longest value that they are expected to have.
    """

    template_id: str
    account_id: str
    name: str
    message: str
    longest: Mapping[str, str] = field(default_factory=dict)
    created_at: int = 0
    changed_at: int = 0
    version: int = 1
