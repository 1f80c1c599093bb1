"""Who holds a key: lets a client's request in, counts it, and knows whose it is while it is served."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from smskit.clients.logic import clients
from smskit.clients.logic.clients import Admission
from smskit.platform.http.problems import RATE_LIMITED, UNAUTHORIZED, ProblemError
from smskit.platform.http.serving import Check, Request
from smskit.platform.times import now_ms

_UNAUTHORIZED_DETAIL = "Send a valid API key of an active client in the X-Api-Key header"
_admission: ContextVar[Admission | None] = ContextVar("admission", default=None)


def holders_of_keys(needs_key: Callable[[str], bool]) -> Check:
    """Admits API clients; `needs_key` tells whether a path asks for an API key at all."""

    def admit(request: Request) -> None:
        _admission.set(_admit(request) if needs_key(request.path) else None)

    return admit


def _admit(request: Request) -> Admission:
    """Count the request of a good key, whatever becomes of it. A header sent twice arrives joined, and is malformed."""
    admission = clients.admit(request.headers.get("x-api-key", ""), now_ms())
    if admission is None:
        raise ProblemError(UNAUTHORIZED, _UNAUTHORIZED_DETAIL, headers={"WWW-Authenticate": "ApiKey"})
    request.headers_back["RateLimit-Policy"] = f'"hour";q={admission.limit};w={clients.HOUR_SECONDS}'
    request.headers_back["RateLimit"] = f'"hour";r={admission.remaining};t={admission.reset}'
    request.logged |= {"accountId": admission.account_id, "clientId": admission.client_id}
    if admission.over:
        raise ProblemError(
            RATE_LIMITED,
            f"The client's limit is {admission.limit} requests an hour",
            headers={"Retry-After": str(admission.reset)},
        )
    return admission


def sender() -> Admission:
    """The client whose request a route handler answers."""
    admission = _admission.get()
    if admission is None:
        raise ProblemError(UNAUTHORIZED, _UNAUTHORIZED_DETAIL)
    return admission
