"""A session that ends, a clock that is wrong, two tabs, and a link from somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.async_api import Route, expect

from smskit.models.contact import conversation_id
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk
from tests.e2e.endpoints import deliver, register
from tests.e2e.phones import Agent, Phones
from tests.e2e.stack import Tenant
from tests.support.hooks import Hook

pytestmark = pytest.mark.e2e
WHO, SHOWN = "+254712000678", "+254 712 000 678"
TITLES = {"messages": "Messages", "inbox": "Inbox"}
A_DAY_AHEAD = """
    const Real = Date, ahead = 86_400_000;
    globalThis.Date = class extends Real {
      constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
      static now() { return Real.now() + ahead; }
    };
"""


async def open_conversation(desk: Desk, phone: Agent, said: str) -> None:
    phone.receives(WHO, said)
    await desk.go("/inbox")
    await desk.page.get_by_role("link", name=re.compile(re.escape(SHOWN))).click()
    await expect(desk.page.get_by_role("log").get_by_text(said)).to_be_visible()


async def test_who_is_signed_out_comes_back_to_the_same_place_with_what_was_written(
    desk: Desk, tenant: Tenant, phones: Phones
) -> None:
    page = desk.page
    await open_conversation(desk, await phones.new(tenant), "Are you open?")
    place = page.url
    reply = page.get_by_role("textbox", name=re.compile("^Reply to"))
    await reply.fill("Yes, from nine to")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=401, json={"title": "Unauthorized"})

    # A token is good for longer than a test may take, so the refusal is played here.
    desk.allowed.add("status of 401")
    await page.route("**/console/**", refuse)
    await expect(page.locator("input[name=username]")).to_be_visible()
    await page.unroute("**/console/**")
    await desk.give_password(desk.who)
    await expect(page.get_by_role("log").get_by_text("Are you open?")).to_be_visible()
    assert page.url == place
    await expect(reply).to_have_value("Yes, from nine to")
    assert not await page.evaluate("sessionStorage.length"), "the draft is nowhere but in the field"


async def test_a_clock_that_is_a_day_ahead_changes_no_age_and_no_day(
    open_desk: OpenDesk, tenant: Tenant, phones: Phones
) -> None:
    desk = await open_desk(script=A_DAY_AHEAD)
    page = desk.page
    phone = await phones.new(tenant)
    deliver(tenant, 1)
    await open_conversation(desk, phone, "Hello")
    await expect(page.get_by_role("log").get_by_text("Today")).to_be_visible()
    await desk.go("/messages")
    await expect(page.get_by_role("link", name=re.compile(r"^\+254"))).to_be_visible()
    await desk.go("/phones?pair=1")
    await expect(page.get_by_text(re.compile(r"Waiting for the phone, (10:00|9:\d\d) left"))).to_be_visible()
    await page.get_by_role("button", name="Cancel the code").click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the code").click()
    await phone.pull_battery()
    await desk.go("/")
    await expect(page.get_by_text(re.compile(r"Last heard .* d ago"))).to_have_count(0)
    await expect(page.locator(".fleet")).not_to_contain_text(re.compile(r"\d d\b"))


async def test_two_tabs_show_the_same_and_keep_their_drafts(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    await open_conversation(desk, await phones.new(tenant), "Two of you?")
    other = await desk.tab()
    await other.go(desk.page.url.removeprefix(desk.url[:-1]))
    field = re.compile("^Reply to")
    await other.page.get_by_role("textbox", name=field).fill("I was about to")
    await desk.page.get_by_role("textbox", name=field).fill("Yes")
    await desk.page.get_by_role("button", name=re.compile("^Send")).click()
    await expect(other.page.get_by_role("log").get_by_text("Yes", exact=True)).to_be_visible()
    await expect(other.page.get_by_role("textbox", name=field)).to_have_value("I was about to")
    await expect(desk.page.get_by_role("textbox", name=field)).to_have_value("")


async def test_a_link_to_another_accounts_thing_finds_nothing(
    desk: Desk, new_tenant: Callable[..., Tenant], phones: Phones, hook: Hook
) -> None:
    """And looks like one to what never was."""
    stranger, page = new_tenant(), desk.page
    phone = await phones.new(stranger)
    phone.receives(WHO, "A secret between us")
    job_id = deliver(stranger, 1)
    webhook = await register(stranger, hook)
    things = {
        "messages": job_id,
        "inbox": conversation_id(stranger.account_id, WHO),
        "phones": phone.device_id,
        "webhooks": webhook["webhookId"],
        "clients": stranger.client_id,
    }
    desk.allowed.add("status of 404")
    for kind, found in things.items():
        seen = []
        for thing in (found[:-4] + "0000", found):
            await desk.go("/usage")
            await expect(page.locator("main h1")).to_have_text(["Usage"])
            await desk.go(f"/{kind}/{thing}")
            await expect(page.locator("main h1")).to_have_text([TITLES.get(kind, "Not found")])
            await expect(page.get_by_text(re.compile("no such|nothing at this address")).first).to_be_visible()
            await expect(page.locator(".bones")).to_have_count(0)
            seen.append((await page.locator("main").inner_text()).replace(thing, ""))
        assert seen[0] == seen[1], kind
