"""Device tokens: `dt_<account id><device id><secret><CRC32>`. They name their phone's item, so one read checks one."""

from __future__ import annotations

from smskit.platform import credentials

PREFIX = "dt_"


def mint(account_id: str, device_id: str) -> tuple[str, str]:
    """A new token of the phone, to be shown once, and its hash, to be stored."""
    token = credentials.mint(PREFIX, account_id.removeprefix("acc_"), device_id.removeprefix("dvc_"))
    return token, credentials.digest(token)


def parse(token: str) -> tuple[str, str, str] | None:
    """(account id, device id, hash) of a well-formed token, else None; needs no I/O."""
    bodies = credentials.parse(PREFIX, token, ids=2)
    return (f"acc_{bodies[0]}", f"dvc_{bodies[1]}", credentials.digest(token)) if bodies else None
