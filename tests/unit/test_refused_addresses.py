"""Addresses that no webhook may go to: every special range, from its first to its last address."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from AntiSSRF import IPAddressRanges
from hypothesis import given
from hypothesis import strategies as st

from smskit.webhooks.gateways.refused_addresses import is_refused

# IANA IPv4 and IPv6 Special-Purpose Address Registries, multicast, and the IPv6 forms that hold IPv4 addresses.
RANGES = {
    "0.0.0.0/8": "this-network",
    "10.0.0.0/8": "private",
    "100.64.0.0/10": "cgnat",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local",
    "172.16.0.0/12": "private",
    "192.0.0.0/24": "reserved",
    "192.0.2.0/24": "documentation",
    "192.31.196.0/24": "reserved",
    "192.52.193.0/24": "reserved",
    "192.88.99.0/24": "6to4",
    "192.168.0.0/16": "private",
    "192.175.48.0/24": "reserved",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/5": "reserved",
    "255.255.255.255/32": "broadcast",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::2/127": "ipv4-compatible",
    "::127.0.0.0/104": "ipv4-compatible",
    "::ffff:0:0/96": "ipv4-mapped",
    "::ffff:0:0:0/96": "ipv4-translated",
    "64:ff9b::/96": "nat64",
    "64:ff9b:1::/48": "nat64",
    "100::/64": "reserved",
    "100:0:0:1::/64": "reserved",
    "2001::/32": "teredo",
    "2001:1::/32": "reserved",
    "2001:2::/48": "reserved",
    "2001:10::/28": "reserved",
    "2001:20::/28": "reserved",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "2620:4f:8000::/48": "reserved",
    "3fff::/20": "documentation",
    "4000::/3": "reserved",
    "5f00::/16": "reserved",
    "e000::/4": "reserved",
    "fc00::/7": "private",
    "fe80::/10": "link-local",
    "fec0::/10": "site-local",
    "ff00::/8": "multicast",
}


@pytest.mark.parametrize(("block", "reason"), RANGES.items())
def test_a_special_range_is_refused_from_its_first_to_its_last_address(block: str, reason: str) -> None:
    network = ip_network(block)
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert is_refused(address) == is_refused(str(address)) == reason


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("169.254.169.254", "metadata"),
        ("169.254.170.2", "metadata"),
        ("169.254.170.23", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("fd00:ec2::23", "metadata"),
        ("127.0.0.1", "loopback"),
        ("169.254.100.1", "link-local"),
        ("fe80::1%eth0", "link-local"),
    ],
)
def test_metadata_and_runtime_addresses_are_refused(address: str, reason: str) -> None:
    assert is_refused(address) == reason


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
        "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2000::", "2001:200::", "2001:4860:4860::8888", "2003::",
        "2606:4700::1111", "2a00:1450:4001::1", "3fff:1000::", "3ffe:ffff::1",
    ],
)  # fmt: skip
def test_a_public_address_is_not_refused(address: str) -> None:
    assert is_refused(address) is None


@given(st.ip_addresses(v=4))
def test_no_ipv6_form_of_an_ipv4_address_is_allowed(address: IPv4Address) -> None:
    number = int(address)
    for form in (number, (0xFFFF << 32) | number, (0x64FF9B << 96) | number, (0x2002 << 112) | (number << 80)):
        assert is_refused(IPv6Address(form)) is not None


@given(st.ip_addresses())
def test_what_the_standard_library_calls_special_is_refused(address: IPv4Address | IPv6Address) -> None:
    special = not address.is_global or address.is_multicast or address.is_reserved or address.is_loopback
    assert is_refused(address) is not None or not special


@pytest.mark.parametrize("text", IPAddressRanges.recommended_latest)
def test_what_the_kept_up_library_refuses_is_refused(text: str) -> None:
    """Microsoft's AntiSSRF follows the registries: a range that its next release adds and ours lacks fails here."""
    network = ip_network(text)
    assert is_refused(network[0]) and is_refused(network[-1])
