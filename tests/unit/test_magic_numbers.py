"""The table of magic numbers, and the page that shows it."""

from __future__ import annotations

import pytest

from smskit.dispatch.logic import expiry
from smskit.dispatch.logic.janitor import DISPATCH_ERROR
from smskit.dispatch.logic.reports import TRANSIENT
from smskit.models import worlds
from smskit.models.job import OUTCOME_UNKNOWN
from smskit.models.magic_numbers import NUMBERS
from smskit.platform.ids import is_id
from smskit.sending.logic import phone_numbers
from smskit_generate import magic_numbers
from smskit_phone.radio import PERMANENT


def test_the_page_shows_what_the_code_plays() -> None:
    shown = magic_numbers.PAGE.read_text(encoding="utf-8")
    assert magic_numbers.page(shown) == shown, "out of date: run python -m smskit_generate.magic_numbers"
    assert all(f"| `{magic.number}` | {magic.says} |" in shown for magic in NUMBERS)


@pytest.mark.parametrize("number", [magic.number for magic in NUMBERS])
def test_a_magic_number_is_one_that_can_be_sent_to(number: str) -> None:
    assert phone_numbers.normalise(number) == number


def test_no_number_is_listed_twice() -> None:
    assert len({magic.number for magic in NUMBERS}) == len(NUMBERS)


def test_every_code_that_a_job_may_end_with_has_a_number() -> None:
    of_the_server = {expiry.OPTED_OUT.code, DISPATCH_ERROR.code, *expiry.REFUSED}
    said = {step.said for magic in NUMBERS for step in magic.steps}
    assert of_the_server | TRANSIENT | PERMANENT | {OUTCOME_UNKNOWN} <= said


def test_a_world_knows_its_account_and_back() -> None:
    live, test = "acc_06F2M8QZ4N1R7T3V5W0X", "tst_06F2M8QZ4N1R7T3V5W0X"
    assert (worlds.test_of(live), worlds.live_of(test), worlds.live_of(live)) == (test, live, live)
    assert (worlds.is_test(test), worlds.is_test(live)) == (True, False)
    assert is_id("dvc", worlds.TEST_DEVICE)
