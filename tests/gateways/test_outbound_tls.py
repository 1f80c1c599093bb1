"""Certificates are checked against the name, whichever address it was that the name gave."""

from __future__ import annotations

import socket
from collections.abc import Callable

import pytest

from smskit.webhooks.gateways.http_post import post
from tests.support.certificates import Authority
from tests.support.endpoints import OK, Endpoint, Names, answer, flood, silence

pytestmark = pytest.mark.usefixtures("one_machine")
Make = Callable[..., Endpoint]
HOST = "hooks.example.com"


def test_the_certificate_and_sni_are_of_the_name_and_the_connection_is_to_the_address(
    endpoint: Make, authority: Authority
) -> None:
    tls, asked_for = authority.server(HOST), []
    tls.sni_callback = lambda connection, name, context: asked_for.append(name)  # type: ignore[assignment]
    there = endpoint(answer(OK), tls=tls)
    outcome = post(there.url(HOST), {}, b"{}", resolve=Names("127.0.0.1"), trust=authority.trust)
    assert outcome.accepted and asked_for == [HOST]
    assert f"Host: {HOST}:{there.port}\r\n".encode() in there.requests[0]


@pytest.mark.parametrize(
    ("host", "days", "reason"),
    [
        ("other.example.com", 30, "tls: hostname mismatch"),
        (HOST, -1, "tls: certificate has expired"),
        (HOST, 90, "tls: certificate is not yet valid"),
    ],
)
def test_a_certificate_that_does_not_hold_is_refused_and_nothing_is_sent(
    endpoint: Make, authority: Authority, host: str, days: int, reason: str
) -> None:
    there = endpoint(answer(OK), tls=authority.server(host, days=days))
    outcome = post(there.url(HOST), {}, b"{}", resolve=Names("127.0.0.1"), trust=authority.trust)
    assert outcome.status is None and (outcome.error or "").startswith(reason)
    assert there.requests == []


def test_an_authority_that_the_system_does_not_know_is_refused(endpoint: Make, authority: Authority) -> None:
    there = endpoint(answer(OK), tls=authority.server(HOST))
    outcome = post(there.url(HOST), {}, b"{}", resolve=Names("127.0.0.1"))
    assert (outcome.error or "").startswith("tls: unable to get local issuer certificate")
    assert there.requests == []


@pytest.mark.parametrize("greeting", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"", b"\x15\x03\x03\x00\x02\x02\x28"])
def test_what_does_not_speak_tls_is_a_tls_failure(endpoint: Make, authority: Authority, greeting: bytes) -> None:
    def greet(connection: socket.socket, here: Endpoint) -> None:
        connection.recv(4096)
        connection.sendall(greeting)

    url = f"https://{HOST}:{endpoint(greet).port}/"
    outcome = post(url, {}, b"{}", resolve=Names("127.0.0.1"), trust=authority.trust)
    assert outcome.status is None and (outcome.error or "").startswith("tls: ")


def test_a_handshake_that_never_comes_ends_at_the_deadline(endpoint: Make) -> None:
    url = f"https://{HOST}:{endpoint(silence).port}/"
    outcome = post(url, {}, b"{}", deadline_s=0.4, resolve=Names("127.0.0.1"))
    assert outcome.error == "deadline: tls" and outcome.latency_ms < 2400


def test_a_dripping_handshake_ends_at_the_deadline(endpoint: Make) -> None:
    def drip(connection: socket.socket, here: Endpoint) -> None:
        connection.recv(4096)
        connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")  # a server hello of 16 KB begins
        while not here.closed.wait(0.02):
            connection.sendall(b"\x00")

    url = f"https://{HOST}:{endpoint(drip).port}/"
    outcome = post(url, {}, b"{}", deadline_s=0.4, resolve=Names("127.0.0.1"))
    assert outcome.error in ("deadline: tls", "tls: unsupported protocol") and outcome.latency_ms < 2400


def test_a_dripping_answer_ends_at_the_deadline_within_tls_too(endpoint: Make, authority: Authority) -> None:
    there = endpoint(flood(b"HTTP/1.1 200 OK\r\n\r\nyes", b"!", every=0.02), tls=authority.server(HOST))
    outcome = post(there.url(HOST), {}, b"{}", deadline_s=0.6, resolve=Names("127.0.0.1"), trust=authority.trust)
    assert outcome.error == "deadline: body after status 200" and outcome.head.startswith("yes!")
    assert outcome.latency_ms < 2600
