"""Every page as people of every eyesight and on every screen meet it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenDesk
from tests.browser.desk import NARROW, WIDE, Desk

pytestmark = pytest.mark.e2e

PAGES = {
    "/": "Overview",
    "/inbox": "Inbox",
    "/send": "Send",
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


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)], ids=["wide-light", "narrow-dark"])
async def test_every_page_is_accessible(open_desk: OpenDesk, scheme: str, size: dict[str, int]) -> None:
    desk = await open_desk(color_scheme=scheme, viewport=size)
    found = {}
    for path, title in PAGES.items():
        await desk.go(path)
        await expect(desk.page.locator("h1").first).to_have_text(title)
        await expect(desk.page.locator(".bones")).to_have_count(0)
        found[path] = await desk.violations()
    assert not {path: violations for path, violations in found.items() if violations}


async def test_a_page_is_where_its_address_says_after_signing_in(desk: Desk) -> None:
    """A link that somebody was sent opens what it names, with its filter, behind the login pages."""
    await desk.leave()
    await desk.sign_in(desk.who, "messages?status=Failed")
    await expect(desk.page.get_by_role("heading", name="Messages", level=1)).to_be_visible()
    assert desk.page.url == desk.url + "messages?status=Failed"
    await expect(desk.page.get_by_role("button", name="Status Failed")).to_be_visible()
