"""From a checked URL to a connected socket: names are resolved once, and what was checked is what is connected to."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from typing import Any

from smskit import settings
from smskit.caches import cached
from smskit.webhooks.gateways.deadline import Deadline, DeadlineError
from smskit.webhooks.gateways.refused_addresses import LOOPBACK, is_refused
from smskit.webhooks.gateways.target_url import EndpointUrl

MAX_ADDRESSES_TRIED = 4
Resolver = Callable[..., Sequence[tuple[Any, ...]]]


class NoConnectionError(Exception):
    """Why there is no connection, as the log of attempts shows it."""


class RefusedAddressError(NoConnectionError):
    """The name resolves to an address that no webhook may go to; `kind` as of `is_refused`."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"refused-address: {kind}")
        self.kind = kind


def connect(url: EndpointUrl, deadline: Deadline, resolve: Resolver, trust: ssl.SSLContext | None) -> socket.socket:
    """A connected socket, TLS for https with the certificate checked against the URL's host.

    Raises NoConnectionError, or DeadlineError.
    """
    plain = _first_that_answers(public_addresses(url, deadline, resolve), url.port, deadline)
    if url.scheme == "http":
        return plain
    try:
        plain.settimeout(deadline.left())
        return (trust or _system_trust()).wrap_socket(plain, server_hostname=url.host)
    except TimeoutError:
        plain.close()
        raise DeadlineError("tls") from None
    except (OSError, ValueError) as failed:
        plain.close()
        raise NoConnectionError(f"tls: {tls_reason(failed)}") from None


def public_addresses(url: EndpointUrl, deadline: Deadline, resolve: Resolver) -> list[str]:
    """The addresses of the URL's host, in the resolver's order. One refused address refuses them all.

    Raises RefusedAddressError; NoConnectionError when the name doesn't resolve; DeadlineError.
    """
    addresses = _resolved(url, deadline, resolve)
    for address in addresses:
        reason = is_refused(address)
        if reason and not (reason == LOOPBACK and settings.webhooks_local()):
            raise RefusedAddressError(reason)
    return addresses


def _resolved(url: EndpointUrl, deadline: Deadline, resolve: Resolver) -> list[str]:
    """getaddrinfo has no timeout, so it runs beside; a thread that is left behind ends when the resolver gives up."""
    found: list[str] = []
    failed: list[Exception] = []

    def look_up() -> None:
        try:
            entries = resolve(url.host, url.port, type=socket.SOCK_STREAM)
            internet = (socket.AF_INET, socket.AF_INET6)
            found.extend(dict.fromkeys(str(entry[4][0]) for entry in entries if entry[0] in internet))
        except (OSError, UnicodeError) as error:
            failed.append(error)

    thread = threading.Thread(target=look_up, daemon=True)
    thread.start()
    thread.join(deadline.left())
    if thread.is_alive():
        raise DeadlineError("dns")
    if failed or not found:
        raise NoConnectionError(f"dns: {_reason(failed[0]) if failed else 'no address'}")
    return found


def _first_that_answers(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    """Each address gets an equal share of the time left, so that a silent first one doesn't use it up."""
    tried = addresses[:MAX_ADDRESSES_TRIED]
    failure: OSError | None = None
    for index, address in enumerate(tried):
        connection = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
        try:
            connection.settimeout(deadline.left() / (len(tried) - index))
            connection.connect((address, port))
        except OSError as failed:
            connection.close()
            failure = failed
        else:
            return connection
    if isinstance(failure, TimeoutError):
        raise DeadlineError("connect")
    raise NoConnectionError(f"connect: {_reason(failure)}")


@cached(maxsize=1)
def _system_trust() -> ssl.SSLContext:
    """Loading the system's certificates takes longer than a handshake: once a process."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def tls_reason(error: Exception) -> str:
    """What was wrong with the handshake or the certificate, in OpenSSL's words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message.rstrip(".").lower()
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return _reason(error)


def _reason(error: Exception | None) -> str:
    if isinstance(error, socket.gaierror):
        return str(error.strerror).lower()
    if isinstance(error, OSError) and error.errno:
        return os.strerror(error.errno).lower()
    return "failed"
