"""The POST to an endpoint: what is sent, what comes of every kind of answer, and that none outlasts the deadline."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smskit.webhooks.gateways.http_post import Outcome, post
from tests.support.endpoints import OK, Endpoint, Names, answer, deaf, flood, silence

pytestmark = pytest.mark.usefixtures("one_machine")
Make = Callable[..., Endpoint]
BODY = b'{"event":"ping"}'
SOON = 0.4
CHUNKED = b"HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n"


def test_the_request_is_what_was_given_and_says_who_sent_it(endpoint: Make) -> None:
    there = endpoint(answer(b"HTTP/1.1 202 Accepted\r\nContent-Length: 6\r\n\r\nthanks"))
    headers = {"webhook-id": "evt_1", "Content-Type": "application/json"}
    outcome = post(there.url("localhost", "/hooks?a=b"), headers, BODY, resolve=Names("127.0.0.1"))
    assert outcome == Outcome(202, outcome.latency_ms, "thanks", None, None)
    assert outcome.accepted and 0 <= outcome.latency_ms < 5000
    head, _, body = there.requests[0].partition(b"\r\n\r\n")
    request, *lines = head.decode().split("\r\n")
    assert request == "POST /hooks?a=b HTTP/1.1" and body == BODY
    assert dict(line.split(": ", 1) for line in lines) == {
        "Host": f"localhost:{there.port}",
        "User-Agent": "SMSKit-Webhooks/1",
        "Accept": "*/*",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "Content-Type": "application/json",
        "Content-Length": str(len(BODY)),
        "webhook-id": "evt_1",
    }


@pytest.mark.parametrize(
    ("status", "accepted"),
    [(200, True), (204, True), (299, True), (101, False), (304, False), (400, False), (410, False), (500, False)],
)
def test_only_2xx_is_accepted(endpoint: Make, status: int, accepted: bool) -> None:
    outcome = post(endpoint(answer(f"HTTP/1.1 {status} X\r\n\r\n".encode())).url(), {}, BODY)
    assert (outcome.status, outcome.accepted) == (status, accepted)


def test_a_redirect_is_not_followed(endpoint: Make) -> None:
    inside = endpoint(answer(OK))
    for status in (301, 302, 303, 307, 308):
        there = endpoint(
            answer(f"HTTP/1.1 {status} X\r\nLocation: {inside.url()}\r\nContent-Length: 0\r\n\r\n".encode())
        )
        outcome = post(there.url(), {}, BODY)
        assert (outcome.status, outcome.accepted, outcome.error) == (status, False, "redirect: not followed")
    assert inside.connections == 0


def test_proxies_of_the_environment_are_ignored(endpoint: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy, there = endpoint(answer(OK)), endpoint(answer(OK))
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, proxy.url(path=""))
    assert post(there.url(), {}, BODY).accepted
    assert (proxy.connections, len(there.requests)) == (0, 1)


def test_retry_after_is_told(endpoint: Make) -> None:
    there = endpoint(answer(b"HTTP/1.1 503 X\r\nretry-after: 120\r\nContent-Length: 0\r\n\r\n"))
    assert post(there.url(), {}, BODY).retry_after_s == 120


@pytest.mark.parametrize(
    ("body", "head"),
    [
        (b"x" * 600, "x" * 500),
        (b"\xff\xfe ok \xc3", "\ufffd\ufffd ok \ufffd"),
        (b"a\x00b\x1b[31mc\x7f\xc2\x9bd\te\nf\r", "a\ufffdb\ufffd[31mc\ufffd\ufffdd\te\nf\ufffd"),
        ("Asante 🙂".encode(), "Asante 🙂"),
        (b"", ""),
    ],
)
def test_the_head_of_an_answer_is_harmless_text(endpoint: Make, body: bytes, head: str) -> None:
    there = endpoint(answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)))
    assert post(there.url(), {}, BODY).head == head


@pytest.mark.parametrize(
    ("data", "head"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\ncut", "cut"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n", "abcde"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n", "abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\nabc", "abc"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nabc", "abc"),
        (b"HTTP/1.0 200\r\n\r\nabc", "abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 3 + OK, "ok"),
    ],
)
def test_a_2xx_counts_whatever_its_body_is_like(endpoint: Make, data: bytes, head: str) -> None:
    outcome = post(endpoint(answer(data)).url(), {}, BODY)
    assert (outcome.status, outcome.head, outcome.error) == (200, head, None)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", "closed"),
        (b"\x16\x03\x01\x00", "protocol"),
        (b"SSH-2.0-OpenSSH_9.6\r\n", "protocol"),
        (b"HTTP/1.1 abc\r\n\r\n", "protocol"),
        (b"HTTP/1.1 99 X\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 " + b"x" * 70_000, "protocol"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 101 + b"\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\n\r\n", "protocol"),
        (b"HTTP/1.1 100 Continue\r\n\r\n" * 5000, "protocol"),
    ],
)
def test_what_is_no_answer_is_a_failure_with_its_reason(endpoint: Make, data: bytes, error: str) -> None:
    outcome = post(endpoint(answer(data)).url(), {}, BODY)
    assert outcome.status is None and not outcome.accepted
    assert (outcome.error or "").startswith(f"{error}: ") and len(outcome.error or "") < 100


def test_a_port_that_nobody_listens_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    assert post(url, {}, BODY).error == "connect: connection refused"


@pytest.mark.parametrize(
    "head", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000000\r\n"]
)
def test_an_endless_answer_is_cut_at_16_kb(endpoint: Make, head: bytes) -> None:
    there = endpoint(flood(head, b"x" * 65536))
    outcome = post(there.url(), {}, BODY)
    assert (outcome.status, outcome.head, outcome.error) == (200, "x" * 500, None)
    assert outcome.latency_ms < 5000 and there.flooded < 20 << 20


def test_an_answer_before_the_body_was_read_is_an_answer(endpoint: Make) -> None:
    def refuse(connection: socket.socket, here: Endpoint) -> None:
        connection.recv(100)
        connection.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n")

    assert post(endpoint(refuse).url(), {}, b"x" * 8_000_000).status == 413


@pytest.mark.parametrize(
    ("script", "step"),
    [
        (silence, "headers"),
        (flood(b"", b"H", every=0.02), "headers"),
        (flood(b"HTTP/1.1 200 OK\r\nA: ", b"b", every=0.02), "headers"),
        (flood(b"HTTP/1.1 200 OK\r\n", b"A: b\r\n", every=0.02), "headers"),
        (flood(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.02), "headers"),
        (flood(b"HTTP/1.1 200 OK\r\n\r\nyes", b"", every=0.02), "body after status 200"),
        (flood(b"HTTP/1.1 200 OK\r\n\r\nyes", b"!", every=0.02), "body after status 200"),
        (flood(CHUNKED + b"3\r\nyes\r\n", b"0", every=0.02), "body after status 500"),
    ],
)
def test_silence_and_dripping_end_at_the_deadline(endpoint: Make, script: object, step: str) -> None:
    outcome = in_time(endpoint(script).url())
    assert (outcome.status, outcome.error) == (None, f"deadline: {step}")
    assert outcome.head.startswith("yes") == step.startswith("body")


def test_a_body_that_nobody_reads_ends_at_the_deadline(endpoint: Make) -> None:
    assert in_time(endpoint(silence).url(), b"x" * 30_000_000).error == "deadline: send"


def test_a_host_that_answers_no_connection_ends_at_the_deadline() -> None:
    with deaf() as port:
        assert in_time(f"http://127.0.0.1:{port}/").error == "deadline: connect"


def in_time(url: str, body: bytes = BODY) -> Outcome:
    """A POST that has to take its deadline, and no more than some slack for a busy machine."""
    started = time.monotonic()
    outcome = post(url, {}, body, deadline_s=SOON)
    assert SOON * 0.9 <= time.monotonic() - started < SOON + 2
    assert abs(outcome.latency_ms / 1000 - SOON) < 2
    return outcome


FRAGMENTS = st.sampled_from(
    [
        b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/1.1 100 C\r\n\r\n", b"200", b"204", b" OK", b"\r\n", b"\n", b"\r\n\r\n",
        b":", b" ", b"\t", b"0", b"-1", b"fffff", b"Content-Length: ", b"Transfer-Encoding: chunked\r\n",
        b"Retry-After: ", b"Connection: ", b"\x00", b"\xff",
    ]
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(FRAGMENTS | st.binary(max_size=20), max_size=25), begun=st.booleans())
def test_no_answer_whatever_raises(endpoint: Make, pieces: list[bytes], begun: bool) -> None:
    there = endpoint(answer((b"HTTP/1.1 200 OK\r\n" if begun else b"") + b"".join(pieces)))
    outcome = post(there.url(), {}, BODY, deadline_s=5)
    there.close()
    assert (outcome.status is None) == (outcome.error is not None and not outcome.error.startswith("redirect"))
