"""Messages as operators look at them: filters, pages, and the time after which nobody sees them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
import time_machine

from smskit import aws
from smskit.accounts.logic import retention
from smskit.accounts.logic import settings as account_settings
from smskit.accounts.logic.settings import SettingsChange
from smskit.accounts.store import settings as settings_store
from smskit.dispatch.store import job_lists, jobs
from smskit.errors import InvalidCursorError, NotFoundError
from smskit.models.account_settings import AccountSettings
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus, Target
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms
from smskit.sending.logic import job_list, job_status
from smskit.sending.logic.job_list import Filter
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.meter import Meter

MINE, OTHER = "acc_7H2K9M4P1Q6R3T8V5W0X", "acc_0000000000000000000A"
PHONE, SPARE = "dvc_7H2K9M4P1Q6R3T8V5W0X", "dvc_0000000000000000000A"
NUMBERS = ("+254712345678", "+254712345679")
NOON = 1_782_216_000_000


@pytest.fixture(autouse=True)
def clock(cloud: Cloud) -> Iterator[time_machine.Coordinates]:
    with time_machine.travel("2026-06-23T12:00:00Z", tick=False) as moment:
        yield moment


def store(number: int, account: str = MINE, **changes: object) -> Job:
    """The job of a number: every second one Sent by the phone, every third one to the second number."""
    at, recipient = NOON + number * 1000, NUMBERS[number % 3 == 0]
    job = Job(new_id("job", at), account, "cli_0", recipient, f"Text {number}", 1, 0, at, at + 86_400_000,
              conversation_id=conversation_id(account, recipient))  # fmt: skip
    if number % 2:
        job = replace(job, status=JobStatus.SENT, device_id=PHONE, sim_slot=0)
    job = replace(job, **changes)
    assert jobs.create(job) is None
    return job


def all_pages(wanted: Filter, limit: int = 7, account: str = MINE) -> list[str]:
    listed, cursor = [], None
    for _ in range(100):
        page = job_list.list_page(account, wanted, limit, cursor, now_ms())
        assert len(page.items) <= limit
        listed += [job.message for job in page.items]
        cursor = page.cursor
        if cursor is None:
            return listed
    raise AssertionError("the list never ends")


def texts(*numbers: int) -> list[str]:
    return [f"Text {number}" for number in sorted(numbers, reverse=True)]


@pytest.mark.parametrize("limit", [1, 3, 10, 100])
def test_filters_and_pages(limit: int) -> None:
    for number in range(30):
        store(number)
        store(number, OTHER)
    assert all_pages(Filter(), limit) == texts(*range(30))
    assert all_pages(Filter(statuses=frozenset({JobStatus.SENT})), limit) == texts(*range(1, 30, 2))
    assert all_pages(Filter(statuses=frozenset({JobStatus.SENT, JobStatus.PENDING})), limit) == texts(*range(30))
    assert all_pages(Filter(device_id=PHONE), limit) == texts(*range(1, 30, 2))
    assert all_pages(Filter(device_id=SPARE), limit) == []
    assert all_pages(Filter(number=NUMBERS[1]), limit) == texts(*range(0, 30, 3))
    assert all_pages(Filter(number=NUMBERS[1], statuses=frozenset({JobStatus.SENT})), limit) == texts(*range(3, 30, 6))
    assert all_pages(Filter(since=NOON + 5000, until=NOON + 9000), limit) == texts(5, 6, 7, 8, 9)
    assert all_pages(Filter(since=NOON + 9000, until=NOON + 5000), limit) == []
    assert all_pages(Filter(number=NUMBERS[0], until=NOON + 4000), limit) == texts(1, 2, 4)


def test_messages_of_one_millisecond_are_each_shown_once() -> None:
    made = [store(0, created_at=NOON, message=str(number)).message for number in range(11)]
    assert sorted(all_pages(Filter(), 3)) == sorted(made)
    assert sorted(all_pages(Filter(until=NOON), 3)) == sorted(made)


def test_a_job_that_waits_for_a_phone_is_one_of_the_phones_that_it_names() -> None:
    store(0, targets=(Target(SPARE), Target(PHONE, 1)))
    assert all_pages(Filter(device_id=SPARE)) == all_pages(Filter(device_id=PHONE)) == ["Text 0"]


def test_a_cursor_keeps_to_its_account_and_to_the_filters_times() -> None:
    for number in range(10):
        store(number)
    cursor = job_list.list_page(MINE, Filter(), 4, None, now_ms()).cursor
    assert cursor is not None
    for wrong in ("", "x", cursor[:-2], cursor + "A"):
        with pytest.raises(InvalidCursorError):
            job_list.list_page(MINE, Filter(), 4, wrong, now_ms())
    with pytest.raises(InvalidCursorError):
        job_list.list_page(OTHER, Filter(), 4, cursor, now_ms())
    earlier = job_list.list_page(MINE, Filter(until=NOON + 2000), 9, cursor, now_ms())
    assert [job.message for job in earlier.items] == texts(0, 1, 2)
    assert job_list.list_page(MINE, Filter(since=NOON + 9000), 9, cursor, now_ms()).items == []


def test_a_filter_that_hardly_anything_meets_costs_a_bounded_number_of_requests(cloud: Cloud) -> None:
    for number in range(700):
        store(number, status=JobStatus.FAILED if number == 5 else JobStatus.SENT)
    meter = Meter(aws.session())
    aws.client.cache_clear()
    wanted, cursor, seen, asked = Filter(statuses=frozenset({JobStatus.FAILED})), None, [], 0
    while True:
        meter.reset()
        page = job_list.list_page(MINE, wanted, 50, cursor, now_ms())
        assert meter.requests["dynamodb.Query"] <= 3 and meter.requests["dynamodb.BatchGetItem"] <= 3
        asked += 1
        seen += page.items
        cursor = page.cursor
        if cursor is None:
            break
    assert [job.message for job in seen] == ["Text 5"] and asked == 3


def test_a_page_says_how_far_back_it_has_looked_while_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_list, "EXAMINED", 4)
    for number in range(10):
        store(number, status=JobStatus.FAILED if number in (1, 9) else JobStatus.SENT)
    failed, cursor, looked = Filter(statuses=frozenset({JobStatus.FAILED})), None, []
    for shown in (texts(9), [], texts(1)):
        page = job_list.list_page(MINE, failed, 50, cursor, now_ms())
        assert [job.message for job in page.items] == shown
        cursor = page.cursor
        looked.append(page.looked_back_to)
    assert looked == [NOON + 6000, NOON + 2000, None]
    everything = job_list.list_page(MINE, Filter(), 3, None, now_ms())
    assert everything.looked_back_to == everything.items[-1].created_at == NOON + 7000
    first = job_list.list_page(MINE, failed, 1, None, now_ms())
    assert first.looked_back_to == NOON + 9000, "it stopped where the page was full"


def test_a_list_ends_where_age_hides_the_rest(clock: time_machine.Coordinates, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_list, "EXAMINED", 3)
    account_settings.change(MINE, SettingsChange(retention_days=1))
    for number in range(9):
        store(number)
    clock.shift(10 * 86_400)
    store(10 * 86_400 - 5, message="today")
    for wanted, shown in (
        (Filter(), ["today"]),
        (Filter(statuses=frozenset({JobStatus.PENDING})), []),
        (Filter(since=1), ["today"]),
    ):
        page = job_list.list_page(MINE, wanted, 2, None, now_ms())
        assert ([job.message for job in page.items], page.cursor) == (shown, None)


def test_no_job_that_is_shown_is_older_than_where_lists_end() -> None:
    rng = random.Random(1)
    for _ in range(20_000):
        created = NOON - rng.randrange(6 * 86_400_000)
        expires = created + rng.randrange(30, retention.LONGEST_VALIDITY_SECONDS + 1) * 1000
        raised = rng.choice((0, NOON - rng.randrange(6 * 86_400_000)))
        policy = retention.Policy(86_400, rng.randrange(1, 6) * 86_400, raised)
        job = Job("job_0", MINE, "cli_0", NUMBERS[0], "x", 1, 0, created, expires)
        assert not policy.shows(job, NOON) or created >= policy.earliest(NOON)


def test_a_job_is_gone_after_the_accounts_days_though_it_is_still_stored(clock: time_machine.Coordinates) -> None:
    account_settings.change(MINE, SettingsChange(retention_days=5))
    policy = retention.of_account(MINE, now_ms())
    job = store(0, kept_until=policy.kept_until(NOON, NOON + 86_400_000))
    clock.shift(5 * 86_400 - 1)
    assert all_pages(Filter()) == ["Text 0"] and job_status.read(MINE, job.job_id, now_ms()).message == "Text 0"
    clock.shift(1)
    assert all_pages(Filter()) == []
    with pytest.raises(NotFoundError):
        job_status.read(MINE, job.job_id, now_ms())
    assert jobs.get(job.job_id) is not None


def test_fewer_days_count_for_what_is_stored_already_and_more_days_do_not(clock: time_machine.Coordinates) -> None:
    policy = retention.of_account(MINE, now_ms())
    store(0, kept_until=policy.kept_until(NOON, NOON + 86_400_000))
    clock.shift(10 * 86_400)
    assert all_pages(Filter()) == ["Text 0"]
    account_settings.change(MINE, SettingsChange(retention_days=8))
    clock.shift(301)
    assert all_pages(Filter()) == []
    account_settings.change(MINE, SettingsChange(retention_days=365))
    clock.shift(25 * 86_400)
    assert all_pages(Filter()) == []


def test_fewer_days_hold_at_once_for_who_set_them_and_within_seconds_for_all(
    clock: time_machine.Coordinates,
) -> None:
    job = store(0)
    clock.shift(10 * 86_400)
    assert all_pages(Filter()) == ["Text 0"] and job_status.read(MINE, job.job_id, now_ms()) is not None
    other = settings_store.save(MINE, AccountSettings(retention_days=9))
    clock.shift(5)
    assert all_pages(Filter()) == []
    settings_store.save(MINE, replace(other, retention_days=20))
    clock.shift(5)
    assert all_pages(Filter()) == ["Text 0"]
    account_settings.change(MINE, SettingsChange(retention_days=8))
    assert all_pages(Filter()) == []
    with pytest.raises(NotFoundError):
        job_status.read(MINE, job.job_id, now_ms())


def test_days_that_are_raised_again_bring_nothing_back_and_hide_nothing(clock: time_machine.Coordinates) -> None:
    keep = retention.Policy(86_400, 30 * 86_400).kept_until(NOON, NOON + 86_400_000)
    store(0, kept_until=keep)
    clock.shift(5 * 86_400)
    later = NOON + 5 * 86_400_000
    store(1, created_at=later - 86_399_000, expires_at=later, kept_until=keep)
    waits = store(2, created_at=later - 2 * 86_400_000, expires_at=later + 86_400_000, kept_until=keep)
    for days in (1, 2, 30):
        account_settings.change(MINE, SettingsChange(retention_days=days))
        clock.shift(301 if days > 2 else 0)
        assert sorted(all_pages(Filter())) == ["Text 1", "Text 2"]
    clock.shift(86_400 + 3_600 - 301)
    assert all_pages(Filter()) == ["Text 1"], "what was kept for its validity alone"
    with pytest.raises(NotFoundError):
        job_status.read(MINE, waits.job_id, now_ms())


def test_a_job_outlives_its_validity_by_an_hour_at_least() -> None:
    policy = retention.Policy(86_400, 86_400)
    assert policy.kept_until(NOON, NOON + 259_200_000) == NOON // 1000 + 259_200 + 3_600
    assert policy.kept_until(NOON, NOON + 30_000) == NOON // 1000 + 86_400


def test_a_send_takes_validity_and_days_from_the_accounts_settings(cloud: Cloud) -> None:
    api = ClientApi(cloud)
    seeds.phone(api.account_id)
    account_settings.change(api.account_id, SettingsChange(retention_days=4, default_validity_seconds=600))
    own, given = (api.send(**more).body["jobId"] for more in ({}, {"validitySeconds": 30}))
    stored = {item["pk"]: item for item in cloud.items("jobs")}
    assert stored[own]["expiresAt"] == NOON + 600_000 and stored[given]["expiresAt"] == NOON + 30_000
    assert {item["ttl"] for item in stored.values()} == {NOON // 1000 + 4 * 86_400}
    places, _ = job_lists.list_page(job_lists.JobIndex("by_account", api.account_id), 10)
    assert {job_id for _, job_id in places} == {own, given}


def test_the_settings_are_no_cost_of_a_send(cloud: Cloud, clock: time_machine.Coordinates) -> None:
    api = ClientApi(cloud)
    seeds.phone(api.account_id)
    meter = Meter(aws.session())
    aws.client.cache_clear()
    api.send()
    first = meter.requests["dynamodb.GetItem"]
    for _ in range(8):
        meter.reset()
        clock.shift(30)
        api.send()
        assert meter.requests["dynamodb.GetItem"] == first - 2  # the settings, and whether the phone is heard
