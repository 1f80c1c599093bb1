"""How many jobs wait for a phone or a SIM by name, and where in the pool those stand."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from smskit.platform import table

END = "99"  # behind every entry
MOST_COUNTED = 1_000  # pendingJobCount counts no further
SIDE_BY_SIDE = 16


def scope_of(device_id: str, sim_slot: int | None) -> str:
    """The pool of a phone, or of one SIM of it."""
    return f"pool#{device_id}" if sim_slot is None else f"pool#{device_id}#{sim_slot}"


def counts(wanted: Sequence[str]) -> dict[str, int]:
    """How many jobs wait in each of these scopes of phones and SIMs, up to a thousand."""
    if len(wanted) <= 1:
        return {scope: _count(scope) for scope in wanted}
    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(wanted))) as readers:
        return dict(zip(wanted, readers.map(_count, wanted), strict=True))


def _count(scope: str) -> int:
    return table.count("pool", "pk = :pk AND sk < :sk", {":pk": scope, ":sk": END}, limit=MOST_COUNTED)
