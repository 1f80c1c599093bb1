"""Time zones by their IANA name, such as `Africa/Nairobi`: those of the package `tzdata`, the same on every machine."""

from __future__ import annotations

from datetime import UTC, tzinfo

from smskit.caches import cached

DEFAULT = "UTC"
_NO_PLACE = "Factory"


@cached(maxsize=1)
def _names() -> frozenset[str]:
    from importlib import resources

    return frozenset((resources.files("tzdata") / "zones").read_text().split()) - {_NO_PLACE}


@cached(maxsize=64)
def find(name: str) -> tzinfo | None:
    """The zone, or None when there is none of this name.

    A machine's own zones don't count: they may be old, missing, or named `localtime`.
    """
    from importlib import resources
    from zoneinfo import ZoneInfo

    if name == DEFAULT:
        return UTC
    if name not in _names():
        return None
    with (resources.files("tzdata") / "zoneinfo" / name).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def zone(name: str) -> tzinfo:
    """The zone; UTC when there is none of this name any more."""
    return find(name) or UTC
