"""Lists of messages in Twilio's shape, page by page."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from smskit import aws as smskit_aws
from tests.support import seeds
from tests.support.aws import Cloud
from tests.support.client_api import ClientApi
from tests.support.meter import Meter
from tests.support.twilio import TwilioApi

MORNING = datetime(2026, 6, 23, 10, tzinfo=UTC)


@pytest.fixture
def sent(cloud: Cloud) -> Any:
    """Five messages, one an hour before and after midnight and so on; the API, and their SIDs, newest first."""
    sids = []
    with time_machine.travel(MORNING, tick=False) as clock:
        messages = TwilioApi(ClientApi(cloud, limit=1_000))
        seeds.phone(messages.api.account_id, heartbeat_at=4_000_000_000_000)
        for number in range(5):
            to = "+254712345678" if number % 2 == 0 else "+254722345678"
            sids.append(messages.sent(To=to)["sid"])
            clock.shift(6 * 3600)
        yield messages, sids[::-1]


def sids_of(page: dict[str, Any]) -> list[str]:
    return [message["sid"] for message in page["messages"]]


def test_pages_lead_to_each_other_until_the_end(sent: Any) -> None:
    messages, sids = sent
    pages = [messages.list(PageSize="2")]
    while pages[-1]["next_page_uri"]:
        pages.append(messages.page(pages[-1]["next_page_uri"]))
    assert [sid for page in pages for sid in sids_of(page)] == sids
    assert [page["page"] for page in pages] == [0, 1, 2]
    assert [(page["start"], page["end"]) for page in pages] == [(0, 1), (2, 3), (4, 4)]
    assert {page["page_size"] for page in pages} == {2}
    assert messages.page(pages[1]["first_page_uri"]) == pages[0]
    assert messages.page(pages[1]["uri"]) == pages[1]


def test_a_page_keeps_to_its_filters(sent: Any) -> None:
    messages, sids = sent
    first = messages.list(To="0712345678", PageSize="1")
    second = messages.page(first["next_page_uri"])
    third = messages.page(second["next_page_uri"])
    assert sids_of(first) + sids_of(second) + sids_of(third) == sids[::2]
    assert third["next_page_uri"] is None


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"DateSent": "2026-06-23"}, [2, 3, 4]),
        ({"DateSent": "2026-06-24"}, [0, 1]),
        ({"DateSent": "2026-06-24T12:00:00Z"}, [0, 1]),
        ({"DateSent": "2026-06-25"}, []),
        ({"DateSent>": "2026-06-24"}, [0, 1]),
        ({"DateSent>": "2026-06-23T16:00:00Z"}, [0, 1, 2, 3]),
        ({"DateSent<": "2026-06-24"}, [2, 3, 4]),
        ({"DateSent<": "2026-06-23T16:00:00Z"}, [3, 4]),
        ({"DateSent>": "2026-06-23T12:00:00Z", "DateSent<": "2026-06-24T05:00:00+00:00"}, [1, 2, 3]),
        ({"DateSent>": "2026-06-24", "To": "+254712345678"}, [0]),
    ],
)
def test_a_stretch_of_time(sent: Any, parameters: dict[str, str], expected: list[int]) -> None:
    messages, sids = sent
    assert sids_of(messages.list(**parameters)) == [sids[number] for number in expected]


def test_a_page_of_a_thousand_costs_a_bounded_number_of_requests(sent: Any) -> None:
    messages, sids = sent
    messages.list()
    meter = Meter(smskit_aws.session())
    assert sids_of(messages.list(PageSize="1000")) == sids
    assert meter.requests.total() <= 4


def test_an_account_sees_its_own(sent: Any, cloud: Cloud) -> None:
    assert TwilioApi(ClientApi(cloud)).list()["messages"] == []
