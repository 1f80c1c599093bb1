"""A server that answers badly. The answers are played in the browser: a stack that works gives none on demand."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.desk import Desk, fetched
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant

pytestmark = pytest.mark.e2e
PROBLEM = {"type": "about:blank", "title": "Internal error", "status": 500, "requestId": "Yl5wVhGjDoEEJcw="}


async def test_a_page_that_could_not_be_loaded_says_so_and_tries_again(desk: Desk) -> None:
    page = desk.page
    desk.allowed |= {"status of 500", "ERR_CONNECTION_REFUSED"}

    async def fail(route: Route) -> None:
        await route.fulfill(status=500, json=PROBLEM, headers={"content-type": "application/problem+json"})

    await page.route("**/console/clients?*", fail)
    await desk.go("/clients")
    alert = page.get_by_role("main").get_by_role("alert")
    await expect(alert).to_contain_text("The server had a problem")
    await expect(alert).to_contain_text(f"Request {PROBLEM['requestId']}")
    await page.route("**/console/changes*", fail)  # what else was asked may have been answered since
    await expect(page.locator(".live.late, .live.off")).to_be_visible()
    await page.unroute("**/console/changes*")
    assert not await desk.violations()
    await page.route("**/console/clients?*", lambda route: route.abort("connectionrefused"))  # in place of the other
    await alert.get_by_role("button", name="Try again").click()
    await expect(alert).to_contain_text("The server can't be reached")
    await page.unroute("**/console/clients?*")
    await alert.get_by_role("button", name="Try again").click()
    await expect(page.get_by_role("link", name="backend")).to_be_visible()
    await expect(page.locator(".live.live")).to_be_visible()


async def test_what_was_written_outlives_a_send_that_fails_and_goes_out_once(
    desk: Desk, tenant: Tenant, phones: Phones
) -> None:
    """A refusal, a failure behind the acceptance, and no answer at all: each time the form stays as it is."""
    phone, page = await phones.new(tenant), desk.page
    desk.allowed |= {"status of 429", "status of 500", "ERR_FAILED"}
    await desk.go("/send")
    await page.get_by_label("To", exact=True).fill("0712 000 678")
    await page.get_by_role("textbox", name="Message").fill("Your table is ready")

    async def refuse(route: Route) -> None:
        await route.fulfill(status=429, json={"title": "Too many", "status": 429}, headers={"retry-after": "1"})

    async def lose(route: Route) -> None:
        """It is accepted, and nobody hears of it."""
        await accepted(desk, route)
        await route.abort()

    async def break_(route: Route) -> None:
        await accepted(desk, route)
        await route.fulfill(status=500, json=PROBLEM)

    for play, says in (
        (refuse, "Too many requests at once"),
        (break_, "The server had a problem"),
        (lose, "The server can't be reached"),
    ):
        await page.route("**/console/messages", play, times=1)
        await send(page)
        await expect(page.get_by_role("alert").filter(has_text=says)).to_be_visible()
        await expect(page.get_by_role("textbox", name="Message")).to_have_value("Your table is ready")
    await send(page)
    await expect(page.locator(".follow .st-delivered")).to_be_visible()
    assert len(phone.radio) == 1, "one key for all tries"


async def accepted(desk: Desk, route: Route) -> None:
    assert (await fetched(desk, route)).status == 202


async def send(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("^Send message")).click()
