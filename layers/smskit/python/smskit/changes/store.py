"""Until when somebody looks at an account, and when each part of it last changed meanwhile: one item an account."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from smskit.errors import ConditionFailedError
from smskit.platform import table
from smskit.platform.codec import Item

KEPT_SECONDS = 86_400
_TIMES = {"#until": "watchedUntil", "#since": "watchedSince", "#ttl": "ttl"}
_CHANGED = "at_"


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody looks at the account from `since` until `until`; `changed_at` has the parts that changed. Times are
    milliseconds since the epoch."""

    since: int
    until: int
    changed_at: Mapping[str, int]


def get(account_id: str) -> Watch | None:
    """The account's watch, perhaps one that is over. Eventually consistent: half a read unit."""
    item = table.get("changes", {"pk": account_id}, consistent=False)
    if item is None:
        return None
    changed = {name.removeprefix(_CHANGED): at for name, at in item.items() if name.startswith(_CHANGED)}
    return Watch(item["watchedSince"], item["watchedUntil"], changed)


def begin(account_id: str, since: int, until: int) -> None:
    """Somebody begins to look."""
    values: Item = {":since": since, ":until": until, ":ttl": until // 1000 + KEPT_SECONDS}
    expression = "SET #since = :since, #until = :until, #ttl = :ttl"
    table.update("changes", {"pk": account_id}, expression, values, names=_TIMES)


def go_on(account_id: str, since: int, until: int) -> None:
    """Who began at `since` still looks; nothing when somebody has begun anew."""
    values: Item = {":since": since, ":until": until, ":ttl": until // 1000 + KEPT_SECONDS}
    _update(account_id, "SET #until = :until, #ttl = :ttl", values, "#since = :since", _TIMES)


def tell(account_id: str, parts: Collection[str], now: int) -> bool:
    """Note that these parts have changed; False when nobody looks."""
    sets = ", ".join(f"#{part} = :now" for part in sorted(parts))
    names = {f"#{part}": _CHANGED + part for part in parts} | {"#until": "watchedUntil"}
    return _update(account_id, f"SET {sets}", {":now": now}, "#until > :now", names)


def _update(account_id: str, expression: str, values: Item, condition: str, names: Mapping[str, str]) -> bool:
    try:
        table.update("changes", {"pk": account_id}, expression, values, condition=condition, names=names)
    except ConditionFailedError:
        return False
    return True
