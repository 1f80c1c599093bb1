"""An account's quiet hours: what would go out in them is sent at their end.

They are times of the clock on the wall. Where the clock is set forward over their end, they end with that; where it is
set back, an hour that comes twice is quiet twice.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta, tzinfo

from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.models.account_settings import QuietHours
from smskit.platform import zones

_MINUTE_MS = 60_000


def end_of(account_id: str, priority: int, at: int, now: int) -> int | None:
    """When the quiet hours end in which a message of this priority would go out at a time, ms; None outside of them.

    By the settings that the account had within the last five minutes: every send has read them already.
    """
    chosen = account_settings.current(account_id, now, retention.KEPT_MS)
    quiet = chosen.quiet_hours
    if quiet is None or priority in quiet.exempt:
        return None
    zone = zones.zone(chosen.time_zone or zones.DEFAULT)
    return _end(quiet, at, zone) if _is_quiet(quiet, at, zone) else None


def _is_quiet(quiet: QuietHours, at: int, zone: tzinfo) -> bool:
    return quiet.holds(_minute(_local(at, zone)))


def _end(quiet: QuietHours, at: int, zone: tzinfo) -> int:
    """The first moment behind `at`, which is in them, that is in them no more."""
    local = _local(at, zone)
    day = local.date() + timedelta(days=1 if _minute(local) >= quiet.ends else 0)
    wall = datetime.combine(day, time(quiet.ends // 60, quiet.ends % 60), zone)
    met = sorted({_ms(wall.replace(fold=fold)) for fold in (0, 1)})  # two where the clock is set
    if _minute(_local(met[0], zone)) == quiet.ends:
        return next(moment for moment in met if moment > at)
    moment = max(met[0], at + -at % _MINUTE_MS)
    while _is_quiet(quiet, moment, zone):
        moment += _MINUTE_MS
    return moment


def _local(at: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(at / 1000, zone)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
