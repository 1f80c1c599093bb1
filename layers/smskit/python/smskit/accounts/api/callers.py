"""Who asks: a program by its key or a person by their sign-in, known while their request is served."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field

from smskit.models.member import Person


@dataclass(frozen=True, slots=True)
class Caller:
    """A program or a person. A route that both APIs have is written once, and differs by this alone.

    Jobs name a caller by `client_id`, opt-outs by `source`, the audit log by `person`: of programs it doesn't tell, and
    they have none. `prefix` is where the paths of the caller's API begin. `signing_key` is what a program's API key
    signs with where it stands for an auth token.
    """

    account_id: str
    client_id: str
    source: str
    prefix: str
    person: Person | None = None
    signing_key: str | None = field(default=None, repr=False)

    @property
    def key_scope(self) -> str | None:
        """Whose idempotency keys it sends: a person's own, or None for those that the account's programs share."""
        return self.person.source if self.person else None


_caller: ContextVar[Caller | None] = ContextVar("caller", default=None)


def let_in(caller: Caller | None) -> None:
    """What follows is this caller's request; None for a path that asks nobody who they are."""
    _caller.set(caller)


def current() -> Caller:
    """Whose request a route handler answers."""
    caller = _caller.get()
    if caller is None:
        raise LookupError("nobody was let in: a route on an open path has no caller")
    return caller
