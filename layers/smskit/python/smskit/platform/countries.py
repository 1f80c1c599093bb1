"""Countries by their ISO 3166-1 alpha-2 code, such as `KE`: those whose numbers the package `phonenumbers` knows."""

from __future__ import annotations

DEFAULT = "KE"


def is_known(code: str) -> bool:
    """Whether there are numbers of this country."""
    from phonenumbers import SUPPORTED_REGIONS

    return code in SUPPORTED_REGIONS
