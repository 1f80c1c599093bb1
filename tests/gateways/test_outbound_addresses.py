"""Names are resolved once; all of their addresses are checked; what was checked is connected to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from smskit import settings
from smskit.errors import InvalidUrlError
from smskit.webhooks.gateways.http_post import check_target, post
from tests.support.endpoints import OK, Endpoint, Names, answer, deaf

Make = Callable[..., Endpoint]
PUBLIC = "8.8.8.8"

REFUSED = {
    "127.0.0.1": "loopback",
    "::1": "loopback",
    "0.0.0.0": "this-network",
    "10.0.0.1": "private",
    "172.16.0.1": "private",
    "192.168.1.1": "private",
    "fd12::1": "private",
    "169.254.169.254": "metadata",
    "fd00:ec2::254": "metadata",
    "169.254.100.1": "link-local",
    "fe80::1%eth0": "link-local",
    "100.64.0.1": "cgnat",
    "224.0.0.1": "multicast",
    "ff02::1": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "203.0.113.7": "documentation",
    "2001:db8::7": "documentation",
    "192.88.99.1": "6to4",
    "2002:7f00:1::1": "6to4",
    "64:ff9b::7f00:1": "nat64",
    "2001::7f00:1": "teredo",
    "::ffff:127.0.0.1": "ipv4-mapped",
    "::127.0.0.1": "ipv4-compatible",
    "::": "unspecified",
}


@pytest.mark.parametrize(("address", "reason"), REFUSED.items())
def test_a_name_with_a_special_address_is_refused_at_delivery_and_at_registration(address: str, reason: str) -> None:
    for addresses in ([address], [PUBLIC, address], [address, PUBLIC]):
        outcome = post("https://hooks.example.com/", {}, b"{}", resolve=Names(addresses))
        assert (outcome.status, outcome.error) == (None, f"refused-address: {reason}")
        with pytest.raises(InvalidUrlError) as refused:
            check_target("https://hooks.example.com/", resolve=Names(addresses))
        assert refused.value.detail.startswith("url must name a host with public addresses only")
        assert f"({reason})" in refused.value.detail


def test_a_name_that_resolves_differently_the_second_time_is_refused_then(endpoint: Make) -> None:
    inside = endpoint(answer(OK))
    names = Names(PUBLIC, "127.0.0.1")
    url = f"https://rebinding.example.com:{inside.port}/"
    assert check_target(url, resolve=names) == url
    assert post(url, {}, b"{}", resolve=names).error == "refused-address: loopback"
    assert len(names.asked) == 2 and inside.connections == 0


def test_a_name_is_resolved_once_a_delivery_and_connected_to_there(endpoint: Make, one_machine: None) -> None:
    there = endpoint(answer(OK))
    names = Names("127.0.0.1", "10.0.0.1")
    outcome = post(there.url("rebinding.example.com"), {}, b"{}", resolve=names)
    assert outcome.accepted and names.asked == ["rebinding.example.com"]
    assert f"Host: rebinding.example.com:{there.port}".encode() in there.requests[0]


def test_the_systems_own_resolver_is_used(endpoint: Make, one_machine: None) -> None:
    assert post(endpoint(answer(OK)).url("localhost"), {}, b"{}").accepted


def test_one_machine_may_reach_loopback_and_nothing_else_special(one_machine: None) -> None:
    for address in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"):
        outcome = post("http://hooks.example.com:8080/", {}, b"{}", resolve=Names(["127.0.0.1", address]))
        assert (outcome.error or "").startswith("refused-address: ")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://example.com:22/",
        "https://a:b@example.com/",
        "https://localhost/",
        "https://abc.execute-api.eu-west-1.amazonaws.com/",
        "",
    ],
)
def test_a_stored_url_is_checked_again_before_anything_is_resolved(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_OWN_DOMAINS", "socket.example, ABC.execute-api.eu-west-1.amazonaws.com")
    settings.forget()
    names = Names(PUBLIC)
    outcome = post(url, {}, b"{}", resolve=names)
    assert outcome.status is None and (outcome.error or "").startswith("invalid-url: url must ")
    assert names.asked == []
    with pytest.raises(InvalidUrlError):
        check_target(url, resolve=names)


def test_a_name_that_does_not_exist(one_machine: None) -> None:
    def unknown(host: str, port: int, **options: Any) -> list[tuple[Any, ...]]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert post("https://gone.example.com/", {}, b"{}", resolve=unknown).error == "dns: name or service not known"
    assert post("https://gone.example.com/", {}, b"{}", resolve=Names([])).error == "dns: no address"
    assert check_target("https://gone.example.com/", resolve=unknown) == "https://gone.example.com/"


def test_a_resolver_that_does_not_answer_ends_at_the_deadline() -> None:
    forever = threading.Event()

    def hang(host: str, port: int, **options: Any) -> list[tuple[Any, ...]]:
        forever.wait(30)
        return []

    outcome = post("https://slow.example.com/", {}, b"{}", deadline_s=0.3, resolve=hang)
    forever.set()
    assert outcome.error == "deadline: dns" and outcome.latency_ms < 2000


def test_the_next_address_is_tried_when_one_refuses_the_connection(endpoint: Make, one_machine: None) -> None:
    there = endpoint(answer(OK))
    assert post(there.url("two.example.com"), {}, b"{}", resolve=Names(["127.0.0.2", "127.0.0.1"])).accepted


def test_an_address_that_is_silent_leaves_time_for_the_next(endpoint: Make, one_machine: None) -> None:
    there = endpoint(answer(OK))
    with deaf("127.0.0.2", there.port):
        url = there.url("two.example.com")
        outcome = post(url, {}, b"{}", deadline_s=3, resolve=Names(["127.0.0.2", "127.0.0.1"]))
    assert outcome.accepted and 1400 < outcome.latency_ms < 3000
