"""Whose country's numbers an account writes without a leading `+`."""

from __future__ import annotations

from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.platform import countries


def of(account_id: str, written: str, now: int) -> str:
    """The country that a number is read in, as it was set within the last five minutes. Settings that say nothing of
    it, since it has a leading `+` or isn't one, aren't read."""
    if written.lstrip().startswith("+") or not any(map(str.isdigit, written)):
        return countries.DEFAULT
    return account_settings.current(account_id, now, retention.KEPT_MS).country or countries.DEFAULT
