"""What owners do about programs: an endpoint that was given up, and keys that are changed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk
from tests.e2e.endpoints import MakeHook, deliver, has_status, register
from tests.e2e.stack import Api, Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e


async def key_of(desk: Desk, dialog: Locator) -> str:
    """The key that is shown once, which then is stored."""
    await expect(dialog.get_by_role("heading", name="Copy the key now")).to_be_visible()
    assert not await desk.violations()
    await desk.page.keyboard.press("Escape")
    key = await dialog.locator(".secret .mono").text_content()
    assert key
    desk.stack.secrets.add(key)
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="Done").click()
    return key


async def status_of(tenant: Tenant, key: str) -> int:
    api = Api(tenant.stack.url, key)
    answer = await api.http.get("/api/devices")
    await api.http.aclose()
    return answer.status_code


async def lost(tenant: Tenant, webhook_id: str) -> Any:
    """Whether one delivery was refused and the next one skipped."""
    page = (await tenant.api.http.get(f"/api/webhooks/{webhook_id}/deliveries")).json()
    return [entry["status"] for entry in page["deliveries"]] == ["Skipped", "Failed"]


async def test_a_suspended_webhook_is_enabled_and_gets_what_it_missed(
    open_desk: OpenDesk, tenant: Tenant, make_hook: MakeHook
) -> None:
    hook = make_hook(410)
    webhook = await register(tenant, hook)
    told = deliver(tenant, 1)
    await has_status(tenant, webhook["webhookId"], "Suspended")
    missed = deliver(tenant, 2)
    await eventually(lambda: lost(tenant, webhook["webhookId"]), what="both lost", every=0.3)

    # An overview that was open before says so up to a minute later.
    desk = await open_desk()
    page = desk.page
    await page.get_by_role("link", name=re.compile("^Review")).click()
    note = page.get_by_role("region", name=re.compile("410 Gone|Suspended", re.IGNORECASE))
    await expect(note.get_by_role("checkbox", name="Then send the skipped ones")).to_be_checked()
    assert not await desk.violations()
    await note.get_by_role("button", name="Ping and enable").click()
    await expect(note.get_by_text(re.compile("The ping was not accepted"))).to_be_visible()

    hook.rule = 200
    await note.get_by_role("button", name="Ping and enable").click()
    await expect(page.get_by_text(re.compile("is enabled, and gets what it missed"))).to_be_visible()
    await expect(note).to_have_count(0)
    await eventually(lambda: {event["jobId"] for event in hook.events("sms:delivered")} == {told, missed}, what="both")


async def test_a_key_is_rotated_without_a_gap_and_a_client_suspended(desk: Desk, tenant: Tenant) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    await desk.go(f"/clients/{tenant.client_id}")
    await page.get_by_role("button", name="Rotate key 1 of backend").click()
    await expect(dialog.get_by_role("radio", name=re.compile("^As key 2, which is free"))).to_be_checked()
    await dialog.get_by_role("button", name="Make the key").click()
    second = await key_of(desk, dialog)
    assert [await status_of(tenant, key) for key in (tenant.key, second)] == [200, 200]

    await page.get_by_role("button", name="Remove key 1 of backend").click()
    await dialog.get_by_role("button", name="Remove the key").click()
    await expect(page.get_by_text("Key 1 of backend is removed")).to_be_visible()
    assert [await status_of(tenant, key) for key in (tenant.key, second)] == [401, 200]

    await page.get_by_role("button", name="Actions for backend").click()
    await page.get_by_role("menuitem", name=re.compile("^Suspend")).click()
    await dialog.get_by_role("button", name="Suspend the client").click()
    await expect(page.get_by_text("backend is suspended")).to_be_visible()
    assert await status_of(tenant, second) == 401
    await page.get_by_role("button", name="Actions for backend").click()
    await page.get_by_role("menuitem", name=re.compile("^Resume")).click()
    await dialog.get_by_role("button", name="Resume the client").click()
    await expect(page.get_by_text("backend may send again")).to_be_visible()
    assert await status_of(tenant, second) == 200
