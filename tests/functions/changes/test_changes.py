"""Whether a page that is open has to look again: what is told, how soon, and what is seen when a word of it is lost."""

from __future__ import annotations

import pytest

from smskit.changes import logic as changes
from smskit.changes import store
from smskit.changes.api import area_of_request
from smskit.changes.logic import Area
from smskit.models.webhook import EVENTS, SUSPENDED_EVENT
from tests.support import console
from tests.support.client_api import ClientApi
from tests.support.console import Console
from tests.support.inbox import sms
from tests.support.webhooks import Webhooks
from tests.support.world import World

QUIET = changes.FRESH_MS // 1000 + 1


class Page:
    """A page that somebody has open; it remembers what it was told."""

    def __init__(self, home: Console, query: str = "") -> None:
        self.home, self.query = home, query
        self.seen: dict[str, str] = {}

    def poll(self) -> set[str]:
        """The parts that it must fetch again."""
        before = self.seen
        answer = self.home.get("/console/changes", self.query)
        assert answer.status == 200, answer.text
        self.seen = answer.body
        return {part for part, value in self.seen.items() if before.get(part) != value}


ALL = {area.value for area in Area}


@pytest.fixture
def page(hooks: Webhooks) -> Page:
    """Open for a while, in which nothing has happened. It is ten seconds behind a half minute."""
    made = Page(Console(console.person("viewer", hooks.account_id)))
    assert made.poll() == ALL
    shift(hooks, 10)
    assert made.poll() == ALL, "the page may have been opened before the fan-out knew of it"
    assert made.poll() == set()
    return made


def shift(hooks: Webhooks, seconds: float) -> None:
    assert hooks.clock is not None
    hooks.clock.shift(seconds)


def happen(hooks: Webhooks) -> None:
    """A message is delivered."""
    assert hooks.fan_out([hooks.delivered()]) == []


def watch(hooks: Webhooks) -> dict[str, object]:
    (item,) = hooks.cloud.items("changes")
    return item


def test_a_delivered_message_is_seen_at_once_and_nothing_else(hooks: Webhooks, page: Page) -> None:
    happen(hooks)
    assert page.poll() == {"messages"}
    shift(hooks, QUIET)
    assert page.poll() == {"messages"}, "once more, for what was not noted"
    shift(hooks, 1)
    assert page.poll() == set()


def test_each_thing_that_happens_changes_its_part(hooks: Webhooks, page: Page) -> None:
    assert hooks.clock is not None
    world = World(hooks.cloud, hooks.clock, hooks.account_id)
    phone = world.add_phone()
    phone.connect()
    hooks.fan_out(hooks.stream("devices"))
    assert page.poll() == {"phones"}
    phone.receive(sms("Hello"))
    hooks.fan_out(hooks.stream("messages"))
    shift(hooks, 1)
    assert page.poll() == {"phones", "inbox"}, "what changed a moment ago is looked at again"


def test_every_event_that_the_fan_out_tells_of_has_a_part() -> None:
    parts = {event: changes.area_of(event).value for event in EVENTS if event != SUSPENDED_EVENT}
    assert parts == {
        "sms:sent": "messages", "sms:delivered": "messages", "sms:failed": "messages", "sms:received": "inbox",
        "device:online": "phones", "device:offline": "phones", "sim:unhealthy": "phones", "sim:healthy": "phones",
        "contact:opted_out": "inbox", "contact:opted_in": "inbox",
    }  # fmt: skip


def test_while_nobody_looks_nothing_is_noted(hooks: Webhooks) -> None:
    happen(hooks)
    assert hooks.cloud.items("changes") == []
    assert hooks.cloud.items("webhooks") == []


def test_of_many_changes_one_in_two_seconds_is_noted_and_the_last_one_is_seen(hooks: Webhooks, page: Page) -> None:
    happen(hooks)
    noted = watch(hooks)
    page.poll()
    shift(hooks, 1.5)
    happen(hooks)
    assert watch(hooks) == noted, "it is noted already"
    assert page.poll() == {"messages"}
    shift(hooks, 0.5)
    happen(hooks)
    assert watch(hooks) != noted


def test_what_is_told_to_nobody_or_gets_lost_is_seen_within_half_a_minute(
    hooks: Webhooks, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(*_: object) -> bool:
        raise ConnectionError("no answer")

    monkeypatch.setattr(store, "tell", lose)
    hook, _, _ = hooks.hook()
    happen(hooks)
    hooks.send()
    assert len(hook.calls) == 1, "the event is told all the same, and doesn't come again"
    assert page.poll() == set()
    shift(hooks, 10)
    assert page.poll() == {"webhooks"}, "no stream tells of outages"
    shift(hooks, 10)
    assert page.poll() == ALL


def test_a_page_that_asks_seldom_hears_of_what_happens_at_once_and_seldom_of_time_alone(hooks: Webhooks, page: Page):
    slow = Page(page.home, "unnotedSeconds=60")
    slow.poll()
    shift(hooks, 15)
    assert slow.poll() == set() and page.poll() >= {"webhooks"}
    happen(hooks)
    assert slow.poll() == {"messages"}
    shift(hooks, 60)
    assert slow.poll() == ALL


def test_a_page_that_was_away_looks_at_everything(hooks: Webhooks, page: Page) -> None:
    shift(hooks, changes.WATCHED_MS / 1000 + 1)
    noted = watch(hooks)
    happen(hooks)
    assert watch(hooks) == noted
    assert page.poll() == ALL
    happen(hooks)
    assert watch(hooks) != noted


def test_a_page_that_stays_open_is_one_watch(hooks: Webhooks, page: Page) -> None:
    since = watch(hooks)["watchedSince"]
    for _ in range(20):
        shift(hooks, 60)
        page.poll()
    assert watch(hooks)["watchedSince"] == since
    happen(hooks)
    shift(hooks, 1)
    assert "messages" in page.poll()


def test_what_people_change_is_seen_by_the_others(hooks: Webhooks, page: Page) -> None:
    owner = Console(console.person("owner", hooks.account_id))
    viewer = Console(console.person("viewer", hooks.account_id))
    for asks, path, body, part in (
        (viewer, "/console/clients", {"name": "Billing"}, None),
        (owner, "/console/clients", {"name": " "}, None),
        (owner, "/console/pairing-codes", None, "phones"),
        (owner, "/console/clients", {"name": "Billing"}, "account"),
        (owner, "/console/webhooks", {"url": "https://93.184.215.14/hooks", "events": ["sms:sent"]}, "webhooks"),
    ):
        shift(hooks, QUIET)
        page.poll()
        shift(hooks, 30)
        page.poll()
        answer = asks.post(path, body)
        assert page.poll() == ({part} if part else set()), answer.text


def test_a_reply_costs_no_more_for_being_a_persons(hooks: Webhooks, page: Page) -> None:
    operator = Console(console.person("operator", hooks.account_id))
    assert hooks.clock is not None
    phone = World(hooks.cloud, hooks.clock, hooks.account_id).add_phone()
    phone.connect()
    phone.receive(sms("Hello"))
    noted = watch(hooks)
    (conversation,) = operator.get("/console/conversations").body["conversations"]
    path = f"/console/conversations/{conversation['conversationId']}"
    assert operator.post(f"{path}/reply", {"message": "Hello yourself"}).status == 202
    assert watch(hooks) == noted
    assert operator.post(f"{path}/read", {"until": "2999-01-01T00:00:00Z"}).status == 200
    assert watch(hooks) != noted


@pytest.mark.parametrize(
    ("method", "path", "part"),
    [
        ("GET", "/console/messages", None),
        ("POST", "/console/messages", None),
        ("POST", "/console/messages/preview", None),
        ("POST", "/console/messages/job_0/cancel", "messages"),
        ("POST", "/console/conversations/cnv_0/reply", None),
        ("POST", "/console/conversations/cnv_0/read", "inbox"),
        ("POST", "/console/contacts", "inbox"),
        ("PATCH", "/console/devices/dvc_0/sims/0", "phones"),
        ("POST", "/console/webhooks/whk_0/enable", "webhooks"),
        ("PATCH", "/console/account", "account"),
        ("DELETE", "/console/members/x", "account"),
        ("POST", "/console/opt-outs", None),
        ("POST", "/console/erasures", None),
        ("POST", "/elsewhere", None),
    ],
)
def test_what_a_persons_request_changes(method: str, path: str, part: str | None) -> None:
    assert area_of_request(method, path) == part


def test_another_account_is_told_nothing(hooks: Webhooks, page: Page) -> None:
    other = ClientApi(hooks.cloud)
    stranger = Page(Console(console.person("owner", other.account_id)))
    stranger.poll()
    shift(hooks, 10)
    stranger.poll()
    page.poll()
    happen(hooks)
    assert stranger.poll() == set()
    assert page.poll() == {"messages"}


def test_endpoints_are_listed_as_before_while_somebody_looks(hooks: Webhooks, page: Page) -> None:
    for number in range(20):
        answer = hooks.api.post(
            "/api/webhooks", {"url": f"https://93.184.215.14/{number}", "events": ["sms:delivered"]}
        )
        assert answer.status == 201
    assert len(hooks.api.get("/api/webhooks").body["webhooks"]) == 20
    happen(hooks)
    assert page.poll() == {"messages"}, "the mark stands behind the twentieth"
