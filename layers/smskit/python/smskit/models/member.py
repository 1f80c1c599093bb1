"""People: members of one account each, with a role there."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

_OPERATOR = "operator:"


class Role(StrEnum):
    """What a member may do; each role may do all that the one before it may."""

    VIEWER = "viewer"
    OPERATOR = "operator"
    OWNER = "owner"

    def reaches(self, least: Role) -> bool:
        """Whether this role is `least` or above it."""
        order = list(Role)
        return order.index(self) >= order.index(least)


@dataclass(frozen=True, slots=True)
class Member:
    """A membership as stored. `person_id` is the `sub` of the person's tokens; `signed_in_at` is when the person first
    came, ms, None for who never has."""

    person_id: str
    account_id: str
    role: Role
    email: str
    created_at: int
    invited_by: str | None = None
    signed_in_at: int | None = field(default=None, compare=False)  # nobody decides on it


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks: a member, as the membership says now, whatever the token says."""

    person_id: str
    account_id: str
    role: Role
    email: str
    has_signed_in: bool = True

    @property
    def source(self) -> str:
        """How what they sent and whom they opted out names them."""
        return _OPERATOR + self.person_id


def person_of(source: str) -> str | None:
    """The id of the person whom a `source` names; None for a program's."""
    return source.removeprefix(_OPERATOR) if source.startswith(_OPERATOR) else None
