"""An account as stored."""

from __future__ import annotations

import pytest

from smskit.accounts.store import accounts
from smskit.accounts.store.accounts import Account
from smskit.errors import ConditionFailedError
from tests.support.aws import Cloud

ACCOUNT = "acc_7H2K9M4P1Q6R3T8V5W0X"
NOW = 1_782_208_800_000


def test_an_account_is_kept(cloud: Cloud) -> None:
    accounts.create(Account(ACCOUNT, "Acme", NOW))
    assert accounts.get(ACCOUNT) == Account(ACCOUNT, "Acme", NOW)
    assert accounts.get("acc_0000000000000000000A") is None
    with pytest.raises(ConditionFailedError):
        accounts.create(Account(ACCOUNT, "Other", NOW))
