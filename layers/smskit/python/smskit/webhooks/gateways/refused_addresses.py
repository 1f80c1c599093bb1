"""Addresses that no webhook may go to, each with the reason that the log of attempts shows.

From the IANA special-purpose registries (RFC 6890 and its updates) and the forms of IPv6 that carry an IPv4 address
inside. `ipaddress.is_global` alone would let multicast, NAT64, 6to4 relays and, by Python version, some others through;
here it only closes what the table doesn't name. Of IPv6 nothing outside of 2000::/3 is global unicast.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from smskit.caches import cached

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LOOPBACK = "loopback"

# The first that matches gives the reason. Lambda's runtime API is in loopback or link-local, as its environment has it.
_RANGES = (
    ("169.254.169.254/32", "metadata"), ("169.254.170.2/32", "metadata"), ("169.254.170.23/32", "metadata"),
    ("168.63.129.16/32", "metadata"),
    ("fd00:ec2::254/128", "metadata"), ("fd00:ec2::23/128", "metadata"),
    ("0.0.0.0/8", "this-network"), ("10.0.0.0/8", "private"), ("100.64.0.0/10", "cgnat"), ("127.0.0.0/8", LOOPBACK),
    ("169.254.0.0/16", "link-local"), ("172.16.0.0/12", "private"), ("192.0.0.0/24", "reserved"),
    ("192.0.2.0/24", "documentation"), ("192.31.196.0/24", "reserved"), ("192.52.193.0/24", "reserved"),
    ("192.88.99.0/24", "6to4"), ("192.168.0.0/16", "private"), ("192.175.48.0/24", "reserved"),
    ("198.18.0.0/15", "benchmarking"), ("198.51.100.0/24", "documentation"), ("203.0.113.0/24", "documentation"),
    ("224.0.0.0/4", "multicast"), ("255.255.255.255/32", "broadcast"), ("240.0.0.0/4", "reserved"),
    ("::/128", "unspecified"), ("::1/128", LOOPBACK), ("::/96", "ipv4-compatible"), ("::ffff:0:0/96", "ipv4-mapped"),
    ("::ffff:0:0:0/96", "ipv4-translated"), ("64:ff9b::/96", "nat64"), ("64:ff9b:1::/48", "nat64"),
    ("2001::/32", "teredo"), ("2001:db8::/32", "documentation"), ("2001::/23", "reserved"), ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "reserved"), ("3fff::/20", "documentation"), ("fc00::/7", "private"),
    ("fe80::/10", "link-local"), ("fec0::/10", "site-local"), ("ff00::/8", "multicast"),
)  # fmt: skip
_GLOBAL_UNICAST_V6 = IPv6Network("2000::/3")


def is_refused(ip: str | Address) -> str | None:
    """Why the address is refused, as a slug such as `link-local`; None for a public one.

    Raises ValueError for text that is no address.
    """
    address = ip_address(ip) if isinstance(ip, str) else ip
    for network, reason in _ranges():
        if address.version == network.version and address in network:
            return reason
    if isinstance(address, IPv6Address) and address not in _GLOBAL_UNICAST_V6:
        return "reserved"
    return None if address.is_global else "reserved"


@cached(maxsize=1)
def _ranges() -> tuple[tuple[Network, str], ...]:
    return tuple((ip_network(text), reason) for text, reason in _RANGES)
