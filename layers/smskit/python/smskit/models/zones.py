"""Time zones by their IANA name, such as `Africa/Nairobi`."""

from __future__ import annotations

from datetime import UTC, tzinfo
from functools import lru_cache

DEFAULT = "UTC"


@lru_cache(maxsize=64)
def find(name: str) -> tzinfo | None:
    """The zone, or None when there is none of this name.

    Where the runtime has no zones of its own, those count that come with dateutil, which botocore brings along.
    """
    from zoneinfo import ZoneInfo

    if name == DEFAULT:
        return UTC
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        from dateutil.zoneinfo import get_zonefile_instance  # type: ignore[import-untyped]

        found = get_zonefile_instance().get(name)
        return found if isinstance(found, tzinfo) else None


def zone(name: str) -> tzinfo:
    """The zone; UTC when there is none of this name any more."""
    return find(name) or UTC
