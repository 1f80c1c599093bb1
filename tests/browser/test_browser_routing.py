"""Routing rules, from the form to the phone that sends by them."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from smskit.models.sim_health import LEAST_TRIES
from smskit_phone.faults import ErrorRule, Faults
from tests.browser.desk import Desk
from tests.browser.test_browser_flows import tab_to
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e


async def test_a_rule_is_made_by_keyboard_and_its_first_sim_sends(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    (folder,), page = await phones.pair(tenant, sims=2), desk.page
    phone = await phones.start(folder)
    await desk.go("/routing")
    await expect(page.get_by_text("No routing rule yet")).to_be_visible()
    await desk.go("/routing?new=1")
    dialog = page.get_by_role("dialog", name="Add a rule")
    await dialog.get_by_role("button", name="Add the rule").click()
    for wrong in ("Give it a name", "Write one beginning of numbers at least", "Choose one SIM at least"):
        await expect(dialog.get_by_text(wrong)).to_be_visible()
    assert not await desk.violations_in_all_looks("dialog[open]")

    await dialog.get_by_label("Name", exact=True).fill("Safaricom")
    prefixes, sims = dialog.get_by_label("Numbers that begin with"), dialog.get_by_label("A SIM to add")
    await prefixes.fill("0712")
    await prefixes.press("Enter")
    await expect(dialog.get_by_text("Write it with the country code, such as +25471")).to_be_visible()
    await prefixes.fill("+254 711, +254712")
    await prefixes.press("Enter")
    await expect(dialog.get_by_role("button", name="Remove +25471")).to_have_count(2)
    for slot in (0, 1):
        await sims.select_option(f"{phone.device_id}/{slot}")
        await dialog.get_by_role("group", name="SIMs, in order").get_by_role("button", name="Add", exact=True).click()
    await tab_to(page, dialog.get_by_role("button", name=re.compile("^Move .*SIM 2.* up")))
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("status")).to_have_text(re.compile("SIM 2.* is number 1 of 2$"))
    await expect(dialog.get_by_role("button", name=re.compile("^Move .*SIM 2.* down"))).to_be_focused()
    await dialog.get_by_role("button", name="Add the rule").click()
    rule = page.get_by_role("region", name="Safaricom")
    await expect(rule.get_by_role("listitem").first).to_contain_text("SIM 2")

    job_id = await tenant.api.accepted(recipient="+254712000678")
    await eventually(lambda: phone.radio, what="the SMS on a radio")
    assert phone.radio[0]["simSlot"] == 1
    await desk.go(f"/messages/{job_id}")
    await expect(page.get_by_text("the routing rule “Safaricom” names this SIM")).to_be_visible()

    await desk.go("/routing")
    await page.get_by_role("button", name="Actions for Safaricom").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove the rule").click()
    await expect(page.get_by_text("No routing rule yet")).to_be_visible()


async def test_what_another_rule_has_is_refused_at_its_field(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone, page = await phones.new(tenant), desk.page
    for prefix, refused in (("+25471", False), ("+25471", True)):
        await desk.go("/routing?new=1")
        dialog = page.get_by_role("dialog", name="Add a rule")
        await dialog.get_by_label("Name", exact=True).fill("Again" if refused else "Safaricom")
        await dialog.get_by_label("Numbers that begin with").fill(prefix)
        await dialog.get_by_label("A SIM to add").select_option(f"{phone.device_id}/0")
        await dialog.get_by_role("button", name="Add the rule").click()
        if not refused:
            await expect(page.get_by_role("region", name="Safaricom")).to_be_visible()
    await expect(dialog.get_by_text("+25471 stands in the rule “Safaricom” already")).to_be_visible()


async def test_a_sim_that_fails_is_told_of_where_people_look(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone, page = await phones.new(tenant, Faults(errors=(ErrorRule("no_service"),))), desk.page
    await asyncio.gather(*(tenant.api.accepted(recipient=f"+2547120007{at:02d}") for at in range(LEAST_TRIES)))
    await desk.go("/")
    told = page.get_by_role("region", name="Needs attention").get_by_role("listitem").filter(has_text="A SIM in")
    await expect(told).to_contain_text("Check its credit and its signal", timeout=60_000)
    await told.get_by_role("link").click()
    await expect(page).to_have_url(re.compile(f"/phones/{phone.device_id}$"))
    await expect(page.get_by_text("Fails most of its messages.")).to_be_visible()
    await expect(page.get_by_text(re.compile(r"Sent 0 of its last \d+ messages"))).to_be_visible()
