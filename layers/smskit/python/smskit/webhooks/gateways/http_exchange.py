"""One HTTP/1.1 POST on a connected socket, reading no more of the answer than anyone needs."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import cast

from smskit.webhooks.gateways.deadline import DeadlineStream, TooLongError
from smskit.webhooks.gateways.retry_after import retry_after_seconds
from smskit.webhooks.gateways.target_url import EndpointUrl

USER_AGENT = "SMSKit-Webhooks/1"
MAX_BODY_BYTES = 16 * 1024
MAX_RECEIVED_BYTES = 64 * 1024 + MAX_BODY_BYTES


@dataclass(slots=True)
class Exchange:
    """What is known so far. `step` is what the deadline would cut off."""

    step: str = "dns"
    status: int | None = None
    body: bytes = b""
    retry_after_s: int | None = None


def send(stream: DeadlineStream, url: EndpointUrl, headers: Mapping[str, str], body: bytes) -> None:
    """An endpoint may answer and close before it has read everything, so a broken pipe is no failure yet."""
    connection = http.client.HTTPConnection(url.host, url.port)
    connection.sock = cast("socket.socket", stream)
    own = {"Host": url.authority, "User-Agent": USER_AGENT, "Accept": "*/*", "Connection": "close"}
    with suppress(BrokenPipeError, ConnectionResetError):
        connection.request("POST", url.target, body, {**headers, **own})


def receive(stream: DeadlineStream, exchange: Exchange) -> None:
    """Read the answer up to the cut. Raises what http.client does when its head can't be read."""
    exchange.step = "headers"
    answer = _final_answer(stream)
    exchange.status, exchange.step = answer.status, f"body after status {answer.status}"
    exchange.retry_after_s = retry_after_seconds(answer.getheader("Retry-After"), time.time())
    # The status is what counts: a body that breaks off or is malformed is a body that ended.
    with suppress(ConnectionError, ssl.SSLError, http.client.HTTPException, TooLongError):
        while piece := answer.read1(MAX_BODY_BYTES - len(exchange.body)):
            exchange.body += piece


def _final_answer(stream: DeadlineStream) -> http.client.HTTPResponse:
    """Any number of 1xx answers may come before the final one (RFC 9110 section 15.2); http.client skips 100 only."""
    answer = http.client.HTTPResponse(cast("socket.socket", stream), method="POST")
    answer.begin()
    while answer.status < 200 and answer.status != 101:
        answer.headers = cast("http.client.HTTPMessage", None)  # begin() does nothing while there are headers
        answer.begin()
    return answer
