"""The way out to customers' endpoints: one POST, to an address that was checked, within one deadline, no redirects."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException

from smskit import settings
from smskit.errors import InvalidUrlError
from smskit.webhooks.gateways import http_exchange, target_url
from smskit.webhooks.gateways.connect import (
    NoConnectionError,
    RefusedAddressError,
    Resolver,
    connect,
    public_addresses,
    tls_reason,
)
from smskit.webhooks.gateways.deadline import Deadline, DeadlineError, DeadlineStream, TooLongError

DEADLINE_SECONDS = 15.0
LOOK_UP_SECONDS = 3.0
HEAD_BYTES = 500
_UNPRINTABLE = re.compile(r"[^\t\n\x20-\x7e\xa0-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one POST.

    `status` is None unless an answer came in time, in full or up to the cut; then `error` has the reason, one of
    `invalid-url: …`, `refused-address: …`, `dns: …`, `connect: …`, `tls: …`, `closed: …`, `protocol: …` and
    `deadline: <step>`. Of the answers only a redirect has an `error` besides its status. `head` is the first 500 bytes
    of the body as text, also of one that the deadline cut off.
    """

    status: int | None
    latency_ms: int
    head: str
    retry_after_s: int | None
    error: str | None

    @property
    def accepted(self) -> bool:
        """Whether the endpoint has taken the event: any 2xx."""
        return self.status is not None and 200 <= self.status < 300


def post(
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    deadline_s: float = DEADLINE_SECONDS,
    resolve: Resolver = socket.getaddrinfo,
    trust: ssl.SSLContext | None = None,
) -> Outcome:
    """Send the body. Never raises for what a remote can do; proxies that the environment names are not used.

    `deadline_s` is for everything together: looking up the name, connecting, TLS, sending, and reading the answer.
    `trust` replaces the system's certificates.
    """
    started = time.monotonic()
    seen = http_exchange.Exchange()
    error = None
    try:
        _run(seen, url, headers, body, Deadline(deadline_s), resolve, trust)
    except (InvalidUrlError, NoConnectionError, OSError, HTTPException, TooLongError) as failed:
        error = _reason(failed, seen.step)
    return Outcome(
        status=None if error else seen.status,
        latency_ms=round((time.monotonic() - started) * 1000),
        head=_UNPRINTABLE.sub("\ufffd", seen.body[:HEAD_BYTES].decode("utf-8", "replace")),
        retry_after_s=seen.retry_after_s,
        error=error or _redirect(seen.status),
    )


def parse(url: str) -> target_url.EndpointUrl:
    """The URL, by this installation's rules, without looking its name up. Raises InvalidUrlError."""
    return target_url.parse(url, local=settings.webhooks_local(), own_domains=settings.webhook_own_domains())


def check_target(url: str, *, resolve: Resolver = socket.getaddrinfo) -> str:
    """The normalised URL, for registration. Raises InvalidUrlError for a URL, or a name's address, that `post` refuses.

    A name that doesn't resolve now passes: it may tomorrow, and every connect checks anew.
    """
    target = parse(url)
    try:
        public_addresses(target, Deadline(LOOK_UP_SECONDS), resolve)
    except RefusedAddressError as refused:
        raise InvalidUrlError(
            f"url must name a host with public addresses only, not a special one ({refused.kind})"
        ) from None
    except (NoConnectionError, DeadlineError):
        pass
    return str(target)


def _run(
    seen: http_exchange.Exchange,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    deadline: Deadline,
    resolve: Resolver,
    trust: ssl.SSLContext | None,
) -> None:
    target = parse(url)
    with connect(target, deadline, resolve, trust) as connection:
        stream = DeadlineStream(connection, deadline, http_exchange.MAX_RECEIVED_BYTES)
        seen.step = "send"
        http_exchange.send(stream, target, headers, body)
        http_exchange.receive(stream, seen)


def _reason(error: Exception, step: str) -> str:
    """What the log of attempts shows: never the endpoint's words, which may be long or hostile."""
    match error:
        case InvalidUrlError():
            return f"invalid-url: {error.detail}"
        case NoConnectionError():
            return str(error)
        case TimeoutError():
            return f"deadline: {(isinstance(error, DeadlineError) and error.step) or step}"
        case ssl.SSLError():
            return f"tls: {tls_reason(error)}"
        case OSError():
            return "closed: the connection ended without an answer"
        case _:
            return "protocol: the answer's header is not HTTP/1.1, or too long"


def _redirect(status: int | None) -> str | None:
    return "redirect: not followed" if status is not None and 300 <= status < 400 else None
