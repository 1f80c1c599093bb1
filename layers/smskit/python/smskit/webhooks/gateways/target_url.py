"""The URL of a webhook endpoint, parsed strictly: what is checked, stored and connected to is one and the same.

Refused are other schemes than https, ports below 1024 but 443, user names, fragments, names that aren't of the public
DNS, our own domains, and special addresses: `refused_addresses` has each of these with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from smskit.errors import InvalidUrlError
from smskit.webhooks.gateways.refused_addresses import LOOPBACK, is_refused

MAX_URL_LENGTH = 2048
MAX_HOST_LENGTH = 253

_CHARACTERS = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%]+", re.ASCII)
_PARTS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?", re.ASCII)  # RFC 3986 appendix B
_AUTHORITY = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+))(?::([0-9]{0,5}))?", re.ASCII)
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_LOCAL_SUFFIXES = (".localhost", ".local", ".localdomain", ".internal", ".home.arpa")


@dataclass(frozen=True, slots=True)
class EndpointUrl:
    """`host` is in lower case without trailing dot or brackets; `target` is path and query as the request has them."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        """Host and port as a Host header has them; the port of https is left out when it is 443."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if (self.scheme, self.port) == ("https", 443) else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def parse(text: str, *, local: bool, own_domains: Sequence[str] = ()) -> EndpointUrl:
    """The URL, normalised. `local` allows http and loopback; `own_domains` and all names below them are refused.

    Raises InvalidUrlError naming the rule. Names are not resolved: who connects must check the addresses again.
    """
    if not text or len(text) > MAX_URL_LENGTH:
        raise InvalidUrlError(f"url must have 1 to {MAX_URL_LENGTH} characters")
    if not _CHARACTERS.fullmatch(text):
        raise InvalidUrlError(
            "url must hold only the ASCII characters of RFC 3986: write other names as xn--…, others as %XX"
        )
    parts = _PARTS.fullmatch(text)
    if parts is None:
        raise InvalidUrlError("url must be an absolute URL, such as https://example.com/hooks")
    scheme, authority, path, query, fragment = parts.groups()
    scheme = scheme.lower()
    if scheme not in (("https", "http") if local else ("https",)):
        raise InvalidUrlError("url must begin with https://")
    if fragment is not None:
        raise InvalidUrlError("url must have no fragment (#…)")
    if "@" in authority:
        raise InvalidUrlError("url must hold no user name or password")
    host, port = _host_and_port(authority.lower(), scheme)
    _check_host(host, local, own_domains)
    return EndpointUrl(scheme, host, port, (path or "/") + (query or ""))


def _host_and_port(authority: str, scheme: str) -> tuple[str, int]:
    match = _AUTHORITY.fullmatch(authority)
    if match is None:
        raise InvalidUrlError(
            "url must name a host: a name of letters, digits, dots and hyphens, or an IP address, and a port"
        )
    literal, name, digits = match.groups()
    port = int(digits) if digits else {"https": 443, "http": 80}[scheme]
    if port != 443 and not 1023 < port < 65536:
        raise InvalidUrlError("url must use port 443 or one from 1024 to 65535")
    if literal is None:
        return name.removesuffix("."), port
    try:
        return str(IPv6Address(literal)), port
    except AddressValueError:
        raise InvalidUrlError("url must hold a valid IPv6 address within its brackets") from None


def _check_host(host: str, local: bool, own_domains: Sequence[str]) -> None:
    if ":" in host:
        return _check_address(IPv6Address(host), local)
    if len(host) > MAX_HOST_LENGTH:
        raise InvalidUrlError(f"url must name a host of at most {MAX_HOST_LENGTH} characters")
    if _NUMBER.fullmatch(host.rpartition(".")[2]):
        # A resolver takes 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 for IPv4, as the URL standard's parser does.
        try:
            return _check_address(IPv4Address(host), local)
        except AddressValueError:
            raise InvalidUrlError(
                "url must write an IPv4 address as four decimal numbers without leading zeros"
            ) from None
    return _check_name(host, local, own_domains)


def _check_address(address: IPv4Address | IPv6Address, local: bool) -> None:
    reason = is_refused(address)
    if reason and not (local and reason == LOOPBACK):
        raise InvalidUrlError(f"url must point to a public address, not a special one ({reason})")


def _check_name(host: str, local: bool, own_domains: Sequence[str]) -> None:
    if not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise InvalidUrlError("url must name a host whose labels have 1 to 63 letters, digits and inner hyphens")
    if not local and ("." not in host or host.endswith(_LOCAL_SUFFIXES)):
        raise InvalidUrlError("url must name a host of the public DNS")
    if any(host == own or host.endswith(f".{own}") for own in own_domains):
        raise InvalidUrlError("url must not point back to this system")
