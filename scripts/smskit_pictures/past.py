"""What an account that was just opened can't have: a past. Written where the functions would have written it."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from math import sin

from infra.config.environments import load_config
from smskit.phones.store.device_items import beat_name, device_key
from smskit.platform import table
from smskit.platform.times import hour_of
from smskit.platform.zones import zone
from smskit.usage import store as usage
from smskit.usage.figures import SLOT_MS
from smskit_pictures.business import ShownPhone

TIME_ZONE = "Africa/Nairobi"
_DAYS = 30
_SHARD = "past"
_OPEN = range(7, 21)
_BY_WEEKDAY = (1.0, 1.03, 0.98, 1.05, 1.16, 0.46, 0.29)
_BUSY = 88  # messages in a quarter of an hour of a working day
_BEATS = 3_600 // load_config("emulator").heartbeat_seconds
_HOUR_MS = 3_600_000


def count_usage(account_id: str, now: int) -> None:
    """Figures of the last 30 days until an hour ago, in the hours in which a business is awake."""
    slots = range((now - _DAYS * 24 * _HOUR_MS) // SLOT_MS, (now - _HOUR_MS) // SLOT_MS)
    for block in sorted({usage.block_of(slot) for slot in slots}):
        figures: Counter[tuple[int, str]] = Counter()
        for slot in slots:
            if usage.block_of(slot) == block:
                figures.update({(slot, name): by for name, by in _figures(slot).items() if by})
        if figures:
            usage.count(account_id, block, _SHARD, [(1, figures)])


def _figures(slot: int) -> dict[str, int]:
    moment = datetime.fromtimestamp(slot * SLOT_MS / 1000, zone(TIME_ZONE))
    if moment.hour not in _OPEN:
        return {}
    accepted = round(_BUSY * _BY_WEEKDAY[moment.weekday()] * (1 + 0.35 * sin(slot * 12.9898)))
    failed = accepted // 71 + (moment.day % 6 == 2) * accepted // 25
    dead, unconfirmed = accepted // 83, accepted // 40
    sent = accepted - failed - dead
    return {
        "accepted": accepted, "segments": accepted * 6 // 5, "sent": sent, "delivered": sent - unconfirmed,
        "failed": failed, "dead": dead,
    }  # fmt: skip


def keep_heartbeats(account_id: str, device_id: str, shown: ShownPhone, now: int) -> None:
    """Let the phone have been heard in the last day, but for its gaps: half in the first of them, not in the others."""
    beats = {hour: _BEATS for hour in range(24) if hour not in shown.gaps}
    if shown.gaps and len(shown.gaps) < len(range(24)):
        beats[shown.gaps[0]] = _BEATS // 2
    names = {f"#h{hour}": beat_name("b", hour_of(now) - hour) for hour in beats}
    values = {f":h{hour}": count for hour, count in beats.items()}
    sets = ", ".join(f"#h{hour} = :h{hour}" for hour in beats)
    if sets:
        table.update("devices", device_key(account_id, device_id), f"SET {sets}", values, names=names)
