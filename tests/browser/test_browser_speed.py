"""Ten thousand messages, and a slow computer: what is in the document is counted, what it takes is printed.

`make bench` shows the figures; they depend on the machine, so no test asserts them.
"""

from __future__ import annotations

import os
import re
from typing import Any

import pytest
from playwright.async_api import Locator, Route, expect

from smskit.models.contact import conversation_id
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk, fetched
from tests.e2e.endpoints import deliver
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant

pytestmark = pytest.mark.e2e
MANY, PAGE, OLDER = 10_000, 50, "older"
WHO = "+254712000678"
FRAME_MS = 20
MOST_ROWS = 30  # that a frame has time to draw
# Scrolls from where it stands, a frame at a time; the milliseconds between frames, and the most rows that one drew.
SCROLL = """async (scroller, by) => {
  const frame = () => new Promise(requestAnimationFrame), took = [], isRow = "tr, .log-row";
  let drawn = 0, most = 0;
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) {
      for (const one of addedNodes) drawn += (one.querySelectorAll?.(isRow).length ?? 0) + (one.matches?.(isRow) ?? 0);
    }
  }).observe(scroller, { childList: true, subtree: true });
  let before = await frame();
  for (let at = 0; at < 240; at += 1) {
    scroller.scrollBy(0, by);
    const now = await frame();
    took.push(now - before);
    most = Math.max(most, drawn);
    drawn = 0;
    before = now;
  }
  return [took, most];
}"""
# The largest paint so far, in milliseconds since the page was asked for.
LARGEST_PAINT = """() => new Promise((tell) => {
  const observer = new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime));
  observer.observe({ type: "largest-contentful-paint", buffered: true });
})"""
WATCH = """() => { window.delays = []; new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.interactionId) delays.push(one.duration);
}).observe({ type: "event", durationThreshold: 16 }); }"""


async def multiply(desk: Desk, pattern: str, name: str, key: str) -> None:
    """The one item of a list, so many times: a stack takes an hour to make as many. Who asks once more is answered with
    the newest page, as ever, and with the rest behind its cursor."""
    asked = set[str]()
    rest: dict[str, Any] = {}

    async def answer(route: Route) -> None:
        url = route.request.url
        if f"cursor={OLDER}" in url:
            await route.fulfill(json=rest)
            return
        page = await (await fetched(desk, route)).json()
        (one,) = page[name]
        many = [one | {key: f"{one[key][:-5]}{number:05}"} for number in range(MANY)]
        rest.update(page | {name: many[PAGE:]})
        if url in asked:
            many, page = many[:PAGE], page | {"hasMore": True, "cursor": OLDER}
        asked.add(url)
        await route.fulfill(json=page | {name: many})

    await desk.page.route(re.compile(pattern), answer)


async def settled(desk: Desk) -> None:
    """What a page asks for when it opens has come."""
    await desk.page.wait_for_load_state("networkidle")


async def frames(title: str, scroller: Locator, by: int) -> None:
    took, drawn = await scroller.evaluate(SCROLL, by)
    took.sort()
    median, most = took[len(took) // 2], took[len(took) * 95 // 100]
    quick = sum(one < FRAME_MS for one in took) / len(took)
    print(
        f"\n{title}: {len(took)} frames, {quick:.1%} under {FRAME_MS} ms, median {median:.1f} ms, 95 % {most:.1f} ms, "
        f"longest {took[-1]:.1f} ms; load {os.getloadavg()[0]:.1f}"
    )
    assert drawn <= MOST_ROWS, f"a frame drew {drawn} rows"


async def test_ten_thousand_messages_in_the_list(desk: Desk, tenant: Tenant) -> None:
    deliver(tenant, 1)
    # The overview, which may still ask for the latest failures, has none.
    await multiply(desk, r"/console/messages\?(?!.*status=)", "messages", "jobId")
    await desk.go("/messages")
    rows = desk.page.locator("tbody > tr:not(.far)")
    await expect(rows.nth(40)).to_be_visible()
    await settled(desk)
    await frames(f"{MANY} messages in the list", desk.page.locator("html"), 400)
    assert await rows.count() <= 120
    await desk.page.keyboard.press("End")
    await expect(rows.last).to_be_in_viewport()
    await desk.page.unroute_all(behavior="wait")


async def test_ten_thousand_messages_in_a_thread(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    (await phones.new(tenant)).receives(WHO, "Are you open on Sunday?")
    thread = conversation_id(tenant.account_id, WHO)
    await desk.go("/inbox")
    await expect(desk.page.get_by_text("Are you open on Sunday?")).to_be_visible()
    await multiply(desk, rf"/console/conversations/{thread}/messages", "messages", "messageId")
    await desk.go(f"/inbox/{thread}")
    log, rows = desk.page.get_by_role("log"), desk.page.locator(".log-row")
    await expect(rows.nth(5)).to_be_visible()
    await settled(desk)
    await frames(f"{MANY} messages in a thread", log, -400)
    assert await rows.count() <= 100
    await desk.page.unroute_all(behavior="wait")


async def test_how_long_a_slow_computer_takes(open_desk: OpenDesk, tenant: Tenant) -> None:
    deliver(tenant, 1)
    desk = await open_desk()
    page, slow = desk.page, await desk.context.new_cdp_session(desk.page)
    await slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    await desk.leave()
    await desk.sign_in(desk.who)
    await expect(page.get_by_role("heading", name="Latest failures")).to_be_visible()
    painted = await page.evaluate(LARGEST_PAINT)
    await page.evaluate(WATCH)
    for name in ("Inbox", "Send", "Messages", "Phones", "Overview"):
        await page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name=name).click()
        await expect(page.locator("h1").first).to_have_text(name)
    delays = await page.evaluate("delays")
    longest = max(delays, default=0)
    print(f"\na processor four times as slow: largest paint {painted:.0f} ms, longest delay {longest} ms")
