"""An account's settings: read for every message that comes in, so kept for a moment; changed rarely, so with care."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import partial

from smskit.accounts.store import settings as account_settings
from smskit.caches import kept
from smskit.errors import InvalidSettingsError
from smskit.models import keywords
from smskit.models.account_settings import AccountSettings, QuietHours, Words
from smskit.models.routing import RoutingRule
from smskit.platform import countries, zones
from smskit.platform.retries import until_written
from smskit.platform.times import now_ms
from smskit.settings import retention_seconds

KEPT_MS = 30_000
DAY_SECONDS = 86_400
MAX_WORDS = 20
MAX_TEXT = 480
_REMEMBERED = 1_000
_SHOWN = {"confirm": "confirmOptOut"}
_cache: OrderedDict[str, tuple[int, AccountSettings]] = kept(OrderedDict())


@dataclass(frozen=True, slots=True)
class SettingsChange:
    """What to change; None stays. An empty text is our own words again (for help: no answer). Words replace words. Of
    `quiet_hours` none at all turns them off."""

    confirm: bool | None = None
    opt_out_text: str | None = None
    opt_in_text: str | None = None
    help_text: str | None = None
    stop_words: Sequence[str] | None = None
    start_words: Sequence[str] | None = None
    help_words: Sequence[str] | None = None
    default_validity_seconds: int | None = None
    retention_days: int | None = None
    time_zone: str | None = None
    wait_for_phone: bool | None = None
    quiet_hours: tuple[QuietHours, ...] | None = None
    country: str | None = None
    routing_rules: tuple[RoutingRule, ...] | None = None

    def named(self) -> list[str]:
        """What is to be changed, by the names that people know."""
        given = [field.name for field in fields(self) if getattr(self, field.name) is not None]
        return sorted(_SHOWN.get(name) or _camel(name) for name in given)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.capitalize() for part in rest)


def forget() -> None:
    """Be as a new process."""
    _cache.clear()


def current(account_id: str, now: int, kept_ms: int = KEPT_MS) -> AccountSettings:
    """The settings, as they were within the last half minute, or `kept_ms`; this process sees its changes at once."""
    known = _cache.get(account_id)
    if known is not None and 0 <= now - known[0] < kept_ms:
        return known[1]
    return _remembered(account_id, account_settings.get(account_id, consistent=False), now)


def _remembered(account_id: str, settings: AccountSettings, now: int) -> AccountSettings:
    _cache[account_id] = (now, settings)
    _cache.move_to_end(account_id)
    if len(_cache) > _REMEMBERED:
        _cache.popitem(last=False)
    return settings


def read(account_id: str) -> AccountSettings:
    """The settings as they are."""
    return account_settings.get(account_id, consistent=True)


def kept_seconds(settings: AccountSettings) -> int:
    """For how long messages are kept by these settings."""
    return retention_seconds() if settings.retention_days is None else settings.retention_days * DAY_SECONDS


def change(account_id: str, wanted: SettingsChange) -> AccountSettings:
    """Change the settings; the settings after it. Raises InvalidSettingsError, and then changes nothing."""

    def write(old: AccountSettings) -> AccountSettings:
        settings = _changed(old, wanted)
        _check(settings)
        return account_settings.save(account_id, settings)

    reason = f"the settings of {account_id} changed under every try"
    return _remembered(account_id, until_written(partial(read, account_id), write, reason), now_ms())


def _changed(old: AccountSettings, wanted: SettingsChange) -> AccountSettings:
    return replace(
        old,
        confirm=old.confirm if wanted.confirm is None else wanted.confirm,
        opt_out_text=_text(old.opt_out_text, wanted.opt_out_text),
        opt_in_text=_text(old.opt_in_text, wanted.opt_in_text),
        help_text=_text(old.help_text, wanted.help_text),
        words=Words(
            stop=_words(old.words.stop, wanted.stop_words),
            start=_words(old.words.start, wanted.start_words),
            help=_words(old.words.help, wanted.help_words),
        ),
        default_validity_seconds=wanted.default_validity_seconds or old.default_validity_seconds,
        retention_days=wanted.retention_days or old.retention_days,
        time_zone=wanted.time_zone or old.time_zone,
        shown_since=_shown_since(old, wanted, now_ms()),
        wait_for_phone=old.wait_for_phone if wanted.wait_for_phone is None else wanted.wait_for_phone,
        quiet_hours=old.quiet_hours if wanted.quiet_hours is None else next(iter(wanted.quiet_hours), None),
        country=wanted.country or old.country,
        routing_rules=old.routing_rules if wanted.routing_rules is None else wanted.routing_rules,
    )


def _shown_since(old: AccountSettings, wanted: SettingsChange, now: int) -> int:
    """Where more days begin: they bring nothing back that the old ones no longer showed."""
    kept = kept_seconds(old)
    if (wanted.retention_days or 0) * DAY_SECONDS <= kept:
        return old.shown_since
    return max(old.shown_since, (now // 1000 - kept + 1) * 1000)


def _text(old: str | None, wanted: str | None) -> str | None:
    return old if wanted is None else wanted.strip() or None


def _words(old: tuple[str, ...], wanted: Sequence[str] | None) -> tuple[str, ...]:
    return old if wanted is None else tuple(keywords.normal(word) for word in wanted)


def _check(settings: AccountSettings) -> None:
    words = settings.words
    named = {"stopWords": words.stop, "startWords": words.start, "helpWords": words.help}
    taken: dict[str, str] = {}
    for name, own in named.items():
        if len(own) > MAX_WORDS:
            raise InvalidSettingsError(f"{name} may hold at most {MAX_WORDS} words", name)
        for place, word in enumerate(own):
            form = keywords.normal(word)  # of a word that was saved under older rules, too
            fault = _fault_of(word, taken.get(form))
            if fault is not None:
                raise InvalidSettingsError(f"{name}: {fault}", f"{name}/{place}")
            taken[form] = name
    texts = {"optOutText": settings.opt_out_text, "optInText": settings.opt_in_text, "helpText": settings.help_text}
    for name, text in texts.items():
        if text is not None:
            _check_text(name, text, words)
    quiet = settings.quiet_hours
    if quiet is not None and quiet.begins == quiet.ends:
        raise InvalidSettingsError("quietHours must end at another time than they begin", "quietHours/to")
    if settings.time_zone is not None and zones.find(settings.time_zone) is None:
        raise InvalidSettingsError("timeZone must be the name of a time zone, such as Africa/Nairobi", "timeZone")
    if settings.country is not None and not countries.is_known(settings.country):
        raise InvalidSettingsError("country must be the ISO 3166-1 alpha-2 code of a country, such as KE", "country")


def _fault_of(word: str, taken: str | None) -> str | None:
    if not 1 <= len(word) <= keywords.LONGEST:
        return f"a word has 1 to {keywords.LONGEST} characters"
    if not word.isprintable():
        return "a word may hold only printable characters"
    if word in keywords.BUILT_IN:
        return f"{word} is built in, as a word for {keywords.BUILT_IN[word].value}"
    return f"{word} is among {taken} already" if taken is not None else None


def _check_text(name: str, text: str, words: Words) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidSettingsError(f"{name} must have at most {MAX_TEXT} characters", name)
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise InvalidSettingsError(f"{name} must be valid Unicode text", name)
    if keywords.word_of(text, words) is not None:
        # Two systems that answer each other's answers never end.
        raise InvalidSettingsError(f"{name} must not be a keyword itself", name)
