"""What people do in the dashboard, seen through to a phone's radio and back, without ever loading the page anew."""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk, Person
from tests.e2e.endpoints import deliver
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack, Tenant
from tests.support import open_overview

pytestmark = pytest.mark.e2e
WHO, SHOWN = "+254712000678", "+254 712 000 678"
HOSTILE = (
    "<script>alert(1)</script><b>bold</b> \u202egnp.exe " + "w" * 300 + " \U0001f468\u200d\U0001f469\u200d\U0001f467"
)


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until this has the focus."""
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"no Tab leads to {wanted}")


async def test_a_person_sends_by_keyboard_and_sees_it_arrive(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone = await phones.new(tenant)
    page = desk.page
    await page.keyboard.press("c")
    await expect(page.locator("h1")).to_have_text(["Send"])
    await tab_to(page, page.get_by_label("To", exact=True))
    await page.keyboard.type("0712 000 678")
    await tab_to(page, page.get_by_role("textbox", name="Message"))
    await page.keyboard.type("Your table is ready")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".follow .st-delivered")).to_be_visible()
    assert len(phone.radio) == 1

    await desk.go("/messages")
    await page.get_by_role("link", name=SHOWN).click()
    drawer = page.get_by_role("dialog", name="Message")
    await expect(drawer.get_by_text("Confirmed by the recipient")).to_be_visible()
    assert not await desk.violations()
    await page.keyboard.press("Escape")
    await expect(drawer).to_have_count(0)


async def test_a_scheduled_message_is_moved_and_its_page_says_what_is_with_it(desk: Desk, tenant: Tenant) -> None:
    page, day = desk.page, datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(days=2)
    before = (day - timedelta(days=1)).isoformat()
    job_id = await tenant.api.accepted(recipient=WHO, sendAt=before, waitForPhone=True)
    await desk.go(f"/messages/{job_id}")
    drawer, dialog = (page.get_by_role("dialog", name=name) for name in ("Message", "Change the time"))
    await expect(drawer.get_by_text(re.compile(r"^Scheduled: it goes out at .+, as was asked\.$"))).to_be_visible()
    await drawer.get_by_role("button", name="Actions for this message").click()
    await page.get_by_role("menuitem", name="Change the time").click()
    field, save = dialog.get_by_label("Time of sending"), dialog.get_by_role("button", name="Save")
    for wrong, said in (("2020-01-01T10:00", "still to come"), ("2099-01-01T10:00", "within the next 30 days")):
        await field.fill(wrong)
        await save.click()
        await expect(dialog.get_by_text(re.compile(f"^Choose a time .*{said}"))).to_be_visible()
    assert not await desk.violations()
    await field.fill(f"{day:%Y-%m-%dT%H:%M}")
    await save.click()
    await expect(page.get_by_text(re.compile(f"^The message to {re.escape(SHOWN)} goes out "))).to_be_visible()
    await expect(dialog).to_have_count(0)
    told = f"Scheduled: it goes out at {day.day} {day:%B %H:%M} UTC, as was asked."
    await expect(drawer.get_by_text(told)).to_be_visible()
    assert not await desk.violations()


async def test_a_conversation_by_keyboard_until_it_says_stop(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone = await phones.new(tenant)
    page = desk.page
    phone.receives(WHO, "Are you open on Sunday?")
    await page.keyboard.press("g")
    await page.keyboard.press("i")
    await expect(page.locator("h1").first).to_have_text("Inbox")
    entry = page.get_by_role("link", name=re.compile(re.escape(SHOWN)))
    await expect(entry).to_be_visible()
    await tab_to(page, entry)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("log").get_by_text("Are you open on Sunday?")).to_be_visible()
    reply = page.get_by_role("textbox", name=re.compile("^Reply to"))
    await tab_to(page, reply)
    await page.keyboard.type("Yes, from nine")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("log").get_by_text("Yes, from nine")).to_be_visible()
    await expect(page.get_by_role("log").get_by_text("Delivered")).to_be_visible()
    assert len(phone.radio) == 1

    phone.receives(WHO, "STOP")
    await expect(page.get_by_text(re.compile("opted out", re.IGNORECASE)).first).to_be_visible()
    await expect(reply).to_have_count(0)
    assert not await desk.violations()


async def test_what_a_stranger_writes_is_text_and_nothing_else(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone = await phones.new(tenant)
    page = desk.page
    phone.receives(WHO, HOSTILE)
    await desk.go("/inbox")
    await page.get_by_role("link", name=re.compile(re.escape(SHOWN))).click()
    bubble = page.get_by_role("log").locator("bdi").filter(has_text="<script>")
    await expect(bubble).to_be_visible()
    assert await bubble.text_content() == HOSTILE
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_viewer_meets_nothing_that_would_be_refused(
    desk: Desk, open_desk: OpenDesk, stack: Stack, tenant: Tenant
) -> None:
    page, email = desk.page, f"viewer-{secrets.token_hex(4)}@example.com"
    await desk.go("/members")
    await page.get_by_role("main").get_by_role("link", name=re.compile("^Invite")).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Email address").fill(email)
    await dialog.get_by_text("Viewer", exact=True).click()
    await dialog.get_by_role("button", name="Send the invitation").click()
    await expect(page.get_by_role("cell", name=f"{email} Invited")).to_be_visible()

    viewer = await open_desk(Person.known(stack, email))
    nav = viewer.page.get_by_role("navigation", name="Main", exact=True)
    await expect(nav.get_by_role("link", name="Messages")).to_be_visible()
    for name in ("Send", "Audit log"):
        await expect(nav.get_by_role("link", name=name, exact=True)).to_have_count(0)
    for path, title in {
        "webhooks": "Webhooks",
        "templates": "Templates",
        "batches": "Batches",
        "routing": "Routing rules",
    }.items():
        await viewer.go(f"/{path}")
        await expect(viewer.page.get_by_role("heading", name=title, level=1)).to_be_visible()
        await expect(viewer.page.get_by_text("You can read, not change")).to_be_visible()
        await expect(viewer.page.locator(".bones")).to_have_count(0)
        main = viewer.page.get_by_role("main")
        await expect(main.get_by_role("link", name=re.compile("Add|Send"))).to_have_count(0)
        await expect(main.get_by_role("button", name=re.compile("Add|Send"))).to_have_count(0)
    await viewer.go("/send/many")
    await expect(viewer.page.get_by_text("You can read, not change")).to_be_visible()
    await expect(viewer.page.get_by_role("main").get_by_role("textbox")).to_have_count(0)


async def test_an_overview_asks_for_what_its_costs_are_counted_by(desk: Desk, tenant: Tenant) -> None:
    deliver(tenant, 1)
    asked = set[str]()
    await desk.leave()
    desk.page.on("request", lambda request: asked.add(urlsplit(request.url).path))
    await desk.sign_in(desk.who)
    await expect(desk.page.get_by_text("Nothing has failed")).to_be_visible()
    counted = {path for path, _ in (open_overview.SHOWN | open_overview.SELDOM).values()} | {open_overview.QUESTION}
    assert {path for path in asked if path.startswith("/console/")} == counted


async def test_without_a_network_what_was_there_stays_and_comes_back_alive(desk: Desk) -> None:
    page = desk.page
    await expect(page.get_by_role("heading", name="Send the first message")).to_be_visible()
    await desk.context.set_offline(True)
    desk.allowed.add("ERR_INTERNET_DISCONNECTED")
    await expect(page.locator(".live.off")).to_be_visible()
    await expect(page.get_by_role("heading", name="Send the first message")).to_be_visible()
    await desk.context.set_offline(False)
    await expect(page.locator(".live.live")).to_be_visible()


async def test_the_dashboard_speaks_swahili_and_is_dark_when_told(desk: Desk) -> None:
    page = desk.page
    await page.locator("button.me").click()
    await page.get_by_role("menuitemradio", name="Kiswahili").click()
    await expect(page.get_by_role("heading", name="Muhtasari", level=1)).to_be_visible()
    await page.locator("button.me").click()
    await page.get_by_role("menuitemradio", name="Giza").click()
    assert await page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert not await desk.violations()
