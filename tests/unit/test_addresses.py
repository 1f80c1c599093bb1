"""Where webhooks may go: every way to write a URL."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.errors import InvalidUrlError
from smskit.webhooks.gateways import target_url

CHARACTERS, HOST, PORT = "ASCII characters of RFC 3986", "must name a host", "must use port 443"
IPV4, SPECIAL, DNS, IPV6 = "four decimal numbers", "must point to a public address", "of the public DNS", "valid IPv6"


def rule_broken(url: str, *, local: bool = False, own_domains: tuple[str, ...] = ()) -> str:
    with pytest.raises(InvalidUrlError) as refused:
        check_url(url, local=local, own_domains=own_domains)
    return refused.value.detail


@pytest.mark.parametrize(
    ("written", "normalised"),
    [
        ("https://example.com", "https://example.com/"),
        ("https://example.com/", "https://example.com/"),
        ("HTTPS://Example.COM/Hooks", "https://example.com/Hooks"),
        ("https://example.com:443/x", "https://example.com/x"),
        ("https://example.com:/x", "https://example.com/x"),
        ("https://example.com:8443/x", "https://example.com:8443/x"),
        ("https://example.com:1024/", "https://example.com:1024/"),
        ("https://example.com:65535/", "https://example.com:65535/"),
        ("https://example.com./x", "https://example.com/x"),
        ("https://example.com?a=b&c=%20", "https://example.com/?a=b&c=%20"),
        ("https://example.com/a/b;c?d=@e:f", "https://example.com/a/b;c?d=@e:f"),
        ("https://xn--bcher-kva.example/", "https://xn--bcher-kva.example/"),
        ("https://8.8.8.8/", "https://8.8.8.8/"),
        ("https://8.8.8.8.nip.example/", "https://8.8.8.8.nip.example/"),
        ("https://[2606:4700:0:0::1111]:8443/x", "https://[2606:4700::1111]:8443/x"),
        ("https://[2606:4700::1.1.1.1]/", "https://[2606:4700::101:101]/"),
        ("https://" + "a" * 63 + ".example/", "https://" + "a" * 63 + ".example/"),
    ],
)
def test_a_url_is_normalised(written: str, normalised: str) -> None:
    assert check_url(written, local=False) == normalised
    assert check_url(normalised, local=False) == normalised


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "must have 1 to 2048 characters"),
        ("https://example.com/" + "a" * 2048, "must have 1 to 2048 characters"),
        ("http://example.com/", "must begin with https://"),
        ("ftp://example.com/", "must begin with https://"),
        ("file:///etc/passwd", "must begin with https://"),
        ("gopher://example.com:6379/_x", "must begin with https://"),
        ("example.com/hooks", "absolute URL"),
        ("//example.com/hooks", "absolute URL"),
        ("https:example.com", "absolute URL"),
        ("https:/example.com", "absolute URL"),
        ("https://", HOST),
        ("https:///hooks", HOST),
        ("https://:8443/", HOST),
        ("https://?a", HOST),
        ("https://user@example.com/", "no user name or password"),
        ("https://user:secret@example.com/", "no user name or password"),
        ("https://example.com@127.0.0.1/", "no user name or password"),
        ("https://@example.com/", "no user name or password"),
        ("https://example.com/#top", "no fragment"),
        ("https://example.com/#", "no fragment"),
        ("https://example.com#@127.0.0.1/", "no fragment"),
        ("https://example.com:22/", PORT),
        ("https://example.com:80/", PORT),
        ("https://example.com:0/", PORT),
        ("https://example.com:1023/", PORT),
        ("https://example.com:65536/", PORT),
        ("https://example.com:99999/", PORT),
        ("https://example.com:655360/", HOST),
        ("https://example.com:-1/", HOST),
        ("https://example.com:8443:8443/", HOST),
        ("https://example.com:x/", HOST),
        ("https://" + "a" * 300 + "/", "at most 253 characters"),
        ("https://" + ".".join(["abcdefghi"] * 30) + "/", "at most 253 characters"),
        ("https://" + "a" * 64 + ".example/", "labels have 1 to 63"),
        ("https://a..example/", "labels have 1 to 63"),
        ("https://.example/", "labels have 1 to 63"),
        ("https://example.com../", "labels have 1 to 63"),
        ("https://-a.example/", "labels have 1 to 63"),
        ("https://a-.example/", "labels have 1 to 63"),
        ("https://a_b.example/", HOST),
        ("https://a%2eexample.com/", HOST),
        ("https://bücher.example/", CHARACTERS),
        ("https://１２７.0.0.1/", CHARACTERS),
        ("https://127。0。0。1/", CHARACTERS),
        ("https://ⓛocalhost/", CHARACTERS),
        ("https://example.com/a b", CHARACTERS),
        (" https://example.com/", CHARACTERS),
        ("https://example.com/\n", CHARACTERS),
        ("https://exam\tple.com/", CHARACTERS),
        ("https://example.com/\r\nX-A: b", CHARACTERS),
        ("https://example.com\\@127.0.0.1/", CHARACTERS),
        ("https://example.com/\x00", CHARACTERS),
        ("https://localhost/", DNS),
        ("https://LOCALHOST./", DNS),
        ("https://hooks.localhost/", DNS),
        ("https://printer.local/", DNS),
        ("https://metadata.google.internal/", DNS),
        ("https://ip-10-0-0-1.ec2.internal/", DNS),
        ("https://intranet/", DNS),
        ("https://127.0.0.1/", SPECIAL),
        ("https://10.1.2.3:8443/", SPECIAL),
        ("https://169.254.169.254/latest/meta-data/", SPECIAL),
        ("https://169.254.170.2/v2/credentials", SPECIAL),
        ("https://127.0.0.1.:9001/2018-06-01/runtime/invocation/next", SPECIAL),
        ("https://0.0.0.0/", SPECIAL),
        ("https://2130706433/", IPV4),
        ("https://134744072/", IPV4),
        ("https://0x7f000001/", IPV4),
        ("https://0X7F.1/", IPV4),
        ("https://0x7f.0x0.0x0.0x1/", IPV4),
        ("https://0x/", IPV4),
        ("https://017700000001/", IPV4),
        ("https://0177.0.0.1/", IPV4),
        ("https://127.0.0.01/", IPV4),
        ("https://127.1/", IPV4),
        ("https://127.0.1/", IPV4),
        ("https://0/", IPV4),
        ("https://256.256.256.256/", IPV4),
        ("https://1.2.3.4.5/", IPV4),
        ("https://example.127/", IPV4),
        ("https://[::1]/", SPECIAL),
        ("https://[::]/", SPECIAL),
        ("https://[::ffff:127.0.0.1]/", SPECIAL),
        ("https://[::ffff:7f00:1]/", SPECIAL),
        ("https://[::ffff:8.8.8.8]/", SPECIAL),
        ("https://[::127.0.0.1]/", SPECIAL),
        ("https://[64:ff9b::169.254.169.254]/", SPECIAL),
        ("https://[2002:7f00:1::]/", SPECIAL),
        ("https://[fd00:ec2::254]/", SPECIAL),
        ("https://[fe80::1]/", SPECIAL),
        ("https://[fe80::1%25eth0]/", HOST),
        ("https://[::1/", HOST),
        ("https://::1/", HOST),
        ("https://[::1].example.com/", HOST),
        ("https://example.com[::1]/", HOST),
        ("https://[127.0.0.1]/", IPV6),
        ("https://[:::1]/", IPV6),
        ("https://[v1.a]/", HOST),
    ],
)
def test_a_url_is_refused_by_a_rule_that_is_named(written: str, rule: str) -> None:
    detail = rule_broken(written)
    assert detail.startswith("url must ")
    assert rule in detail
    assert "secret" not in detail


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8790/", "http://localhost:8790/x", "https://[::1]:8790/", "http://example.com:8080/"]
)
def test_one_machine_may_use_http_and_loopback(url: str) -> None:
    assert check_url(url, local=True) == url
    assert rule_broken(url, local=False)


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("http://10.0.0.1:8080/", SPECIAL),
        ("http://169.254.169.254:8080/", SPECIAL),
        ("http://[::ffff:127.0.0.1]:8080/", SPECIAL),
        ("http://127.1:8080/", IPV4),
        ("http://localhost/", PORT),
        ("http://localhost:22/", PORT),
    ],
)
def test_one_machine_may_use_nothing_else(url: str, rule: str) -> None:
    assert rule in rule_broken(url, local=True)


def test_our_own_names_and_those_below_them_are_refused() -> None:
    own = ("abc123.execute-api.eu-west-1.amazonaws.com",)
    for host in (
        "abc123.execute-api.eu-west-1.amazonaws.com",
        "ABC123.execute-api.eu-west-1.amazonaws.com.",
        f"x.{own[0]}",
    ):
        assert "back to this system" in rule_broken(f"https://{host}/api/messages", own_domains=own)
    assert check_url("https://xabc123.execute-api.eu-west-1.amazonaws.com/", local=False, own_domains=own)


@given(st.text(alphabet="https://[]:.0x17f@#?%a-\\\u3002", max_size=40).map(lambda rest: "https://" + rest))
def test_any_text_is_normalised_once_and_for_all_or_refused(written: str) -> None:
    try:
        url = check_url(written, local=False)
    except InvalidUrlError:
        return
    assert check_url(url, local=False) == url


def check_url(text: str, *, local: bool, own_domains: Sequence[str] = ()) -> str:
    """The normalised URL: two ways to write one endpoint give one text. Raises InvalidUrlError, naming the rule."""
    return str(target_url.parse(text, local=local, own_domains=own_domains))
