"""Who holds a key: lets a client's request in, and counts it."""

from __future__ import annotations

from collections.abc import Callable

from smskit.accounts.api import callers
from smskit.accounts.api.callers import Caller
from smskit.clients.logic import clients
from smskit.platform import credentials
from smskit.platform.http.problems import RATE_LIMITED, UNAUTHORIZED, ProblemError
from smskit.platform.http.serving import Check, Request
from smskit.platform.times import now_ms

PREFIX = "/api"


def holders_of_keys(needs_key: Callable[[str], bool]) -> Check:
    """Admits API clients; `needs_key` tells whether a path asks for an API key at all."""

    def admit(request: Request) -> None:
        callers.let_in(_admit(request) if needs_key(request.path) else None)

    return admit


def _admit(request: Request) -> Caller:
    """A header sent twice arrives joined, and is malformed."""
    refusal = ProblemError(
        UNAUTHORIZED,
        "Send a valid API key of an active client in the X-Api-Key header",
        headers={"WWW-Authenticate": "ApiKey"},
    )
    return caller_of(request, request.headers.get("x-api-key", ""), refusal)


def caller_of(request: Request, key: str, refusal: ProblemError) -> Caller:
    """Count the request of a good key, whatever becomes of it. Raises the refusal for any other."""
    admission = clients.admit(key, now_ms())
    if admission is None:
        raise refusal
    request.headers_back["RateLimit-Policy"] = f'"hour";q={admission.limit};w={clients.HOUR_SECONDS}'
    request.headers_back["RateLimit"] = f'"hour";r={admission.remaining};t={admission.reset}'
    request.logged |= {"accountId": admission.account_id, "clientId": admission.client_id}
    if admission.over:
        raise ProblemError(
            RATE_LIMITED,
            f"The client's limit is {admission.limit} requests an hour",
            headers={"Retry-After": str(admission.reset)},
        )
    source, signing_key = f"api:{admission.client_id}", credentials.signing_key(key)
    return Caller(admission.account_id, admission.client_id, source, PREFIX, signing_key=signing_key)
