"""An account's settings: what they may be, how they change, and how soon that is seen."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.accounts.store import settings as store
from smskit.errors import InvalidSettingsError
from smskit.models.account_settings import AccountSettings, Words
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from tests.support.aws import Cloud


@pytest.fixture
def account(cloud: Cloud) -> str:
    return new_id("acc", now_ms())


def change(account: str, **changes: Any) -> AccountSettings:
    return account_settings.change(account, SettingsChange(**changes))


def test_an_account_without_settings_confirms_in_our_words(account: str) -> None:
    assert account_settings.read(account) == AccountSettings()
    assert AccountSettings().confirm


def test_what_is_not_named_stays(account: str) -> None:
    change(account, help_text=" Acme ", stop_words=["Basta"], confirm=False)
    made = change(account, opt_out_text="Kwaheri", start_words=["karibu", "tena"])
    assert made == account_settings.read(account)
    assert made == AccountSettings(False, "Kwaheri", None, "Acme", Words(("basta",), ("karibu", "tena")), version=2)
    cleared = change(account, help_text="", opt_out_text=" ", stop_words=[], confirm=True)
    assert cleared == AccountSettings(True, None, None, None, Words((), ("karibu", "tena")), version=3)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"stop_words": ["x" * 33]}, "stopWords: a word has 1 to 32 characters"),
        ({"help_words": [" "]}, "helpWords: a word has 1 to 32 characters"),
        ({"help_words": ["\u200b\x00"]}, "helpWords: a word has 1 to 32 characters"),
        ({"start_words": ["a\ue000b"]}, "startWords: a word may hold only printable characters"),
        ({"start_words": ["\ud800"]}, "startWords: a word may hold only printable characters"),
        ({"stop_words": [f"w{number}" for number in range(21)]}, "stopWords may hold at most 20 words"),
        ({"stop_words": ["Help"]}, "stopWords: help is built in, as a word for HELP"),
        ({"start_words": ["YES"]}, "startWords: yes is built in, as a word for YES"),
        ({"stop_words": ["stop"]}, "stopWords: stop is built in, as a word for STOP"),
        ({"stop_words": ["basta", "BASTA "]}, "stopWords: basta is among stopWords already"),
        ({"stop_words": ["basta", "\uff22asta\u200d"]}, "stopWords: basta is among stopWords already"),
        ({"start_words": ["\ufeffst\u00adop"]}, "startWords: stop is built in, as a word for STOP"),
        ({"start_words": ["known"]}, "startWords: known is among stopWords already"),
        ({"stop_words": ["more"], "help_words": ["More"]}, "helpWords: more is among stopWords already"),
        ({"help_text": "x" * 481}, "helpText must have at most 480 characters"),
        ({"opt_out_text": "half \ud800"}, "optOutText must be valid Unicode text"),
        ({"help_text": "Help"}, "helpText must not be a keyword itself"),
        ({"help_text": "He\u200blp"}, "helpText must not be a keyword itself"),
        ({"opt_in_text": "KNOWN"}, "optInText must not be a keyword itself"),
        ({"stop_words": ["acme help"], "help_text": "Acme  help"}, "helpText must not be a keyword itself"),
    ],
)
def test_settings_that_cannot_be_are_refused_and_change_nothing(
    account: str, changes: dict[str, Any], detail: str
) -> None:
    before = change(account, stop_words=["known"])
    with pytest.raises(InvalidSettingsError) as refused:
        change(account, **changes)
    assert refused.value.detail == detail
    assert account_settings.read(account) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"help_words": ["fine", ""]}, "helpWords/1"),
        ({"help_words": ["stop"]}, "helpWords/0"),
        ({"stop_words": ["a"], "start_words": ["b", "A"]}, "startWords/1"),
        ({"stop_words": [f"w{number}" for number in range(21)]}, "stopWords"),
        ({"help_text": "Help"}, "helpText"),
        ({"opt_out_text": "half \ud800"}, "optOutText"),
        ({"opt_in_text": "x" * 481}, "optInText"),
        ({"time_zone": "Mars/Olympus"}, "timeZone"),
        ({"country": "UK"}, "country"),
    ],
)
def test_what_cannot_be_is_named_by_its_place(account: str, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidSettingsError) as refused:
        change(account, **changes)
    assert refused.value.field == field


def test_a_new_word_may_not_turn_an_old_text_into_a_keyword(account: str) -> None:
    change(account, help_text="Acme")
    with pytest.raises(InvalidSettingsError):
        change(account, stop_words=["acme"])


def test_a_word_is_saved_as_it_is_compared(account: str) -> None:
    assert change(account, stop_words=["\ufeffToka\u200b", "\uff22ASTA"]).words.stop == ("toka", "basta")


def test_a_word_that_was_saved_in_another_form_is_the_same_word(account: str) -> None:
    old = AccountSettings(words=Words(stop=("\uff42asta",)), version=0)
    store.save(account, old)
    with pytest.raises(InvalidSettingsError, match="startWords: basta is among stopWords already"):
        change(account, start_words=["basta"])


def test_the_limits_themselves_are_fine(account: str) -> None:
    words = [f"{number:032d}" for number in range(20)]
    assert change(account, stop_words=words, help_text="x" * 480).words.stop == tuple(words)
    assert change(account, start_words=["\u006f\u0302\u0323" * 32]).words.start == ("\u1ed9" * 32,)


def test_two_changes_that_meet_are_both_kept(account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save = store.save

    def late(*arguments: Any) -> AccountSettings:
        monkeypatch.setattr(store, "save", save)
        change(account, start_words=["karibu"])
        return save(*arguments)

    monkeypatch.setattr(store, "save", late)
    change(account, stop_words=["basta"])
    assert account_settings.read(account).words == Words(("basta",), ("karibu",))


def test_two_changes_that_meet_may_not_clash_together(account: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save = store.save

    def late(*arguments: Any) -> AccountSettings:
        monkeypatch.setattr(store, "save", save)
        change(account, start_words=["basta"])
        return save(*arguments)

    monkeypatch.setattr(store, "save", late)
    with pytest.raises(InvalidSettingsError):
        change(account, stop_words=["basta"])


def test_a_process_sees_a_change_after_half_a_minute_and_asks_no_more_often(account: str, cloud: Cloud) -> None:
    other, now = new_id("acc", now_ms()), now_ms()
    assert account_settings.current(account, now).help_text is None
    store.save(account, replace(AccountSettings(), help_text="Acme"))
    assert account_settings.current(account, now + 29_999).help_text is None
    assert account_settings.current(other, now + 29_999).help_text is None
    assert account_settings.current(account, now + 30_000).help_text == "Acme"
    assert account_settings.current(account, now - 60_000).help_text == "Acme", "a clock that was set back"


def test_a_process_sees_its_own_change_at_once(account: str, cloud: Cloud) -> None:
    now = now_ms()
    assert account_settings.current(account, now, 300_000).retention_days is None
    change(account, retention_days=1)
    assert account_settings.current(account, now, 300_000).retention_days == 1


def test_a_process_remembers_no_more_accounts_than_it_should(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(account_settings, "_REMEMBERED", 3)
    for number in range(5):
        account_settings.current(f"acc_{number}", 0)
    assert list(account_settings._cache) == ["acc_2", "acc_3", "acc_4"]
