"""The two worlds of an account. In the live one phones send; in its test world, which its test keys work in, none does.

Every store keeps its items by account. So the test world has an account id of its own, told from the live one by its
prefix, and neither world ever meets what is the other's. People and settings are the live account's.
"""

from __future__ import annotations

TEST_DEVICE = "dvc_TEST0000000000000000"  # takes every job of a test world; no phone has this id
TEST_SLOT = 0
_LIVE, _TEST = "acc_", "tst_"


def is_test(account_id: str) -> bool:
    """Whether the id is that of a test world."""
    return account_id.startswith(_TEST)


def test_of(account_id: str) -> str:
    """The id of an account's test world."""
    return _TEST + account_id.removeprefix(_LIVE)


def live_of(account_id: str) -> str:
    """The id of the account that a world is of; its own for the live one."""
    return _LIVE + account_id.removeprefix(_TEST) if is_test(account_id) else account_id
