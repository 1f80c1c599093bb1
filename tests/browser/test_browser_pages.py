"""Every page as people of every eyesight and on every screen meet it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Launch, OpenDesk
from tests.browser.desk import NARROW, WIDE, Desk
from tests.browser.furnished import furnish, shown
from tests.e2e.endpoints import MakeHook
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant

pytestmark = pytest.mark.e2e

# What doesn't fit: the page sideways, or of what is read and pressed all that is out of sight or cut. What scrolls by
# itself may be wider than it shows.
CUT = """() => {
  const page = document.documentElement, wrong = [];
  if (page.scrollWidth > innerWidth) wrong.push(`the page is ${page.scrollWidth} wide`);
  const isScroller = (one) => /auto|scroll/.test(getComputedStyle(one).overflowX);
  const scrolls = (one) => one && one !== page && (isScroller(one) || scrolls(one.parentElement));
  const read = ":is(a, button, input, select, textarea, h1, h2, h3, label)";
  for (const one of document.querySelectorAll(`:is(main, dialog[open]) ${read}`)) {
    const { width, left, right } = one.getBoundingClientRect();
    if (width <= 1 || getComputedStyle(one).visibility === "hidden" || scrolls(one.parentElement)) continue;
    const says = one.outerHTML.slice(0, 120);
    if (left < -1 || right > innerWidth + 1) wrong.push(`out of sight: ${says}`);
    if (one.matches(".btn") && one.scrollWidth > one.clientWidth + 1) wrong.push(`cut: ${says}`);
  }
  return wrong;
}"""

PAGES = {
    "/": "Overview",
    "/inbox": "Inbox",
    "/send": "Send",
    "/send/many": "Send to many",
    "/batches": "Batches",
    "/templates": "Templates",
    "/routing": "Routing rules",
    "/messages": "Messages",
    "/phones": "Phones",
    "/webhooks": "Webhooks",
    "/clients": "API clients",
    "/docs": "API reference",
    "/opt-outs": "Opt-outs",
    "/usage": "Usage",
    "/members": "Members",
    "/audit": "Audit log",
    "/settings": "Settings",
    "/nowhere": "Not found",
}


async def open_page(desk: Desk, path: str, title: str) -> None:
    await desk.go(path)
    await expect(desk.page.locator("h1").first).to_contain_text(title)
    await expect(desk.page.locator(".bones")).to_have_count(0)


async def test_every_page_of_an_empty_account_is_accessible(open_desk: OpenDesk) -> None:
    desk = await open_desk(reduced_motion="reduce")
    found = {}
    for path, title in PAGES.items():
        await open_page(desk, path, title)
        await desk.look(WIDE, "light")
        found[path, "light"] = await desk.violations()
        await desk.look(NARROW, "dark")
        found[path, "dark"] = await desk.violations()
    assert not {look: violations for look, violations in found.items() if violations}


async def test_every_page_and_dialog_of_a_busy_account_is_accessible(
    open_desk: OpenDesk, tenant: Tenant, phones: Phones, make_hook: MakeHook
) -> None:
    furnished = await furnish(tenant, phones, make_hook)
    desk = await open_desk(reduced_motion="reduce")
    found = {}
    for path, title in (PAGES | furnished.pages).items():
        await open_page(desk, path, title)
        if path == "/docs":  # it was looked at in full above, and takes long: all operations are shown alike
            await desk.page.get_by_role("searchbox").fill("webhook")
        found[path] = await desk.violations_in_all_looks()
    for name, (path, steps) in furnished.dialogs.items():
        await shown(desk, path, steps)
        found[name] = await desk.violations_in_all_looks("dialog[open]")
    assert not {look: violations for look, violations in found.items() if violations}


async def test_what_opens_over_every_page_is_accessible(open_desk: OpenDesk) -> None:
    desk = await open_desk(reduced_motion="reduce")
    page, found = desk.page, {}
    await open_page(desk, "/", "Overview")
    for name, key in (("the palette", "Control+k"), ("the keys", "?")):
        await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()
        found[name] = await desk.violations_in_all_looks("dialog[open]")
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.locator("button.me").click()
    await expect(page.get_by_role("menuitem", name="Sign out")).to_be_visible()
    found["one's own menu"] = await desk.violations(".menu:popover-open")
    await page.keyboard.press("Escape")
    await desk.look(NARROW, "light")
    await page.get_by_role("button", name="More").click()
    await expect(page.locator("dialog.more-sheet")).to_be_visible()
    found["more"] = await desk.violations("dialog[open]")
    await desk.look(NARROW, "dark")
    found["more, dark"] = await desk.violations("dialog[open]")
    await page.keyboard.press("Escape")
    await open_page(desk, "/settings", "Settings")
    await page.get_by_label("Number", exact=True).fill("+254712000678")
    await page.get_by_role("button", name="Erase messages").click()
    await expect(page.locator("dialog[open]")).to_be_visible()
    found["erasing a number"] = await desk.violations_in_all_looks("dialog[open]")
    assert not {look: violations for look, violations in found.items() if violations}


async def test_nothing_is_cut_when_everything_is_large(
    open_desk: OpenDesk, launch: Launch, tenant: Tenant, phones: Phones, make_hook: MakeHook
) -> None:
    """Text twice as large, and all of it four times as large."""
    furnished = await furnish(tenant, phones, make_hook)
    twice = await launch("--blink-settings=defaultFontSize=32")
    found: dict[tuple[str, str], list[str]] = {}
    for name, desk in (
        ("text twice as large", await open_desk(browser=twice, reduced_motion="reduce", viewport=WIDE)),
        ("four times the size", await open_desk(reduced_motion="reduce", viewport={"width": 320, "height": 256})),
    ):
        for path, title in (PAGES | furnished.pages).items():
            await open_page(desk, path, title)
            found[name, path] = await desk.page.evaluate(CUT)
        for path in (
            "/?step=test",
            "/phones?pair=1",
            "/webhooks?new=1",
            "/templates?new=1",
            "/routing?new=1",
            "/members?invite=1",
        ):
            dialog = await shown(desk, path, [])
            found[name, path] = await desk.page.evaluate(CUT)
            await dialog.locator("footer button").last.click(trial=True)
    assert not {look: cut for look, cut in found.items() if cut}


async def test_who_wants_no_motion_gets_none(open_desk: OpenDesk) -> None:
    desk = await open_desk(reduced_motion="reduce")
    await shown(desk, "/webhooks?new=1", [])
    moving = await desk.page.evaluate(
        """() => [...document.querySelectorAll("*")].flatMap((one) => {
          const { transitionDuration, animationDuration, animationIterationCount } = getComputedStyle(one);
          const times = `${transitionDuration}, ${animationDuration}`.split(", ").map(parseFloat);
          const moves = Math.max(...times) > 0.001 || animationIterationCount === "infinite";
          return moves ? [one.outerHTML.slice(0, 80)] : [];
        })"""
    )
    assert not moving


async def test_a_page_is_where_its_address_says_after_signing_in(desk: Desk) -> None:
    """A link that somebody was sent opens what it names, with its filter, behind the login pages."""
    await desk.leave()
    await desk.sign_in(desk.who, "messages?status=Failed")
    await expect(desk.page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    assert desk.page.url == desk.url + "messages?status=Failed"
    await expect(desk.page.get_by_role("button", name="Status Failed")).to_be_visible()
