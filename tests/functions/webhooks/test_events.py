"""Every event that can be subscribed to is told by something that happens, and is written down."""

from __future__ import annotations

import re
from pathlib import Path

from smskit.entrypoints import event_examples
from smskit.models.webhook import EVENTS, PING
from tests.support.hooks import Hook
from tests.support.inbox import sms
from tests.support.setbacks import backlog, fail_all
from tests.support.webhooks import Webhooks
from tests.support.world import World

PAGE = Path(__file__).parents[3] / "docs" / "webhooks.md"


def fields_by_event() -> dict[str, set[str]]:
    """The table of docs/webhooks.md: the fields of each event, in full for those that refer to the line above."""
    found: dict[str, set[str]] = {}
    above: set[str] = set()
    for name, text in re.findall(r"^\| `([a-z_:]+)` \|[^|]*\|([^|]*)\|$", PAGE.read_text(), re.MULTILINE):
        fields = set(re.findall(r"`(\w+)`", text)) - {"code", "message"}
        found[name] = above | fields if "the same" in text else fields
        above = above or found[name]
    return found


def test_the_reference_shows_each_event_with_the_fields_that_are_written_down() -> None:
    written = fields_by_event()
    shown = {name: item["post"]["requestBody"] for name, item in event_examples.webhooks().items()}
    assert list(shown) == list(written)
    for name, body in shown.items():
        schema = body["content"]["application/json"]["schema"]
        (example,) = schema["examples"]
        assert example["event"] == name and {*example, "test"} == set(schema["properties"])
        assert {*example} - {"event", "eventId"} <= written[name], name


def live_a_day(hooks: Webhooks, world: World) -> None:
    """One of everything: a phone comes, sends, delivers, fails, receives, and goes, and its SIM falls ill between; an
    endpoint is given up."""
    gone, _, _ = hooks.hook("device:online", rule=410)
    phone = world.add_phone()
    phone.connect()
    for outcome in ("Delivered", "Failed"):
        world.job()
        world.pump()
        offers = phone.take_offers()
        phone.claim(*offers)
        phone.report("Sent", *offers)
        phone.report(outcome, *offers, error="invalid_number" if outcome == "Failed" else None)
    phone.receive(sms("STOP"))
    assert hooks.clock is not None
    hooks.clock.shift(60)
    phone.receive(sms("START"))
    backlog(world, 4)
    world.pump()
    fail_all(phone, "no_service")
    while not phone.offers:
        world.advance(1)
    offers = phone.take_offers()
    phone.claim(*offers)
    phone.report("Sent", *offers)
    phone.drop()
    for table in ("jobs", "messages", "devices"):
        assert hooks.fan_out(hooks.stream(table)) == []
        hooks.send()
    assert len(gone.calls) == 1


def test_every_event_is_told_with_the_fields_that_are_written_down(hooks: Webhooks) -> None:
    assert hooks.clock is not None
    hook: Hook = hooks.hook(*EVENTS)[0]
    live_a_day(hooks, World(hooks.cloud, hooks.clock, hooks.account_id))
    told = {event["event"]: set(event) - {"event", "eventId"} for event in hook.events()}
    written = fields_by_event()
    assert set(told) == set(EVENTS)
    assert set(written) == {*EVENTS, PING}
    for name, fields in told.items():
        assert fields <= written[name], name
