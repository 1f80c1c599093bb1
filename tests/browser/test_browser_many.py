"""Templates, and one message to many, from the form to the phones' radios."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, Route, expect

from tests.browser.desk import Desk, fetched
from tests.browser.test_browser_flows import tab_to
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

pytestmark = pytest.mark.e2e
TABLE = "number,name\n0712 000 601,Asha\n0712 000 602,Peter\n0712 00,Nobody\n0712 000 603,\n0712000601,Asha"


async def test_a_template_is_written_filled_in_and_removed(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone, page = await phones.new(tenant), desk.page
    await desk.go("/templates?new=1")
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("Parcel")
    await dialog.get_by_role("textbox", name="Message").fill("Hello {name}, {parcel has arrived")
    await dialog.get_by_role("button", name="Add the template").click()
    await expect(dialog.get_by_text("A { belongs to no variable")).to_be_visible()
    await dialog.get_by_role("textbox", name="Message").fill("Hello {name}, {parcel} has arrived")
    await dialog.get_by_label("{name}").fill("W" * 141)
    await expect(dialog.get_by_text("2 segments")).to_be_visible()
    await dialog.get_by_role("button", name="Add the template").click()
    await expect(page.get_by_role("region", name="Parcel").get_by_text("2 segments")).to_be_visible()

    await page.get_by_role("link", name="Write with it").click()
    await expect(page.get_by_label("Template", exact=True).locator("option:checked")).to_have_text("Parcel")
    await page.get_by_label("To", exact=True).fill("0712 000 678")
    await page.get_by_label("{name}").fill("Asha")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_label("{parcel}")).to_be_focused()
    await page.keyboard.type("KE-4711")
    await page.keyboard.press("Control+Enter")
    await expect(page.locator(".follow .st-delivered")).to_be_visible()
    await expect(page.locator(".follow bdi")).to_have_text("Hello Asha, KE-4711 has arrived")
    assert len(phone.radio) == 1

    await desk.go("/templates")
    await page.get_by_role("button", name="Actions for Parcel").click()
    await page.get_by_role("menuitem", name="Remove").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remove the template").click()
    await expect(page.get_by_text("No template yet")).to_be_visible()


async def test_many_get_words_of_their_own_by_keyboard(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    """What can't be sent says why, goes back into the form, and the batch counts the rest."""
    phone, page = await phones.new(tenant), desk.page
    await desk.go("/send/many")
    await tab_to(page, page.get_by_label("Recipients", exact=True))
    await page.keyboard.insert_text(TABLE)
    await expect(page.get_by_text("5 recipients, with {name}")).to_be_visible()
    await tab_to(page, page.get_by_role("textbox", name="Message"))
    await page.keyboard.type("Hello {name}")
    await expect(page.get_by_text("1 row has no value for a variable")).to_be_visible()
    await page.keyboard.press("Control+Enter")
    question = page.get_by_role("dialog", name="Send 5 messages?")
    await tab_to(page, question.get_by_role("button", name="Send 5 messages"))
    assert not await desk.violations("dialog[open]")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("heading", name="2 messages accepted")).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("4.*This is no mobile number"))).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("5.*Nothing stands for {name}"))).to_be_visible()
    assert not await desk.violations()
    await page.get_by_role("button", name="Mend the refused rows").click()
    wanted = "number,name\n0712 00,Nobody\n0712 000 603,"
    await expect(page.get_by_label("Recipients", exact=True)).to_have_value(wanted)
    await expect(page.get_by_role("textbox", name="Message")).to_have_value("Hello {name}")

    await desk.go("/batches")
    await page.get_by_role("main").get_by_role("link", name="2 messages").click()
    await expect(page.get_by_role("heading", name=re.compile("^Batch of"))).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("Delivered.*601.*Hello Asha"))).to_be_visible()
    await expect(page.get_by_role("row", name=re.compile("Delivered.*602.*Hello Peter"))).to_be_visible()
    assert sorted(line["recipient"] for line in phone.radio) == ["+254712000601", "+254712000602"]


async def test_a_batch_that_waits_is_cancelled(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    await phones.new(tenant)
    page = desk.page
    await write_to_many(desk, "0712 000 601\n0712 000 602", "Hello")
    await page.get_by_label("When", exact=True).select_option("At a time")
    await send_to_many(page)
    await page.get_by_role("link", name="Open the batch").click()
    await page.get_by_role("button", name="Cancel the batch").click()
    await page.get_by_role("dialog").get_by_role("button", name="Cancel the batch").click()
    await expect(page.locator("tbody .st-cancelled")).to_have_count(2)
    await expect(page.get_by_role("button", name="Cancel the batch")).to_have_count(0)


async def test_nobody_gets_it_twice_when_the_answer_is_lost(desk: Desk, tenant: Tenant, phones: Phones) -> None:
    phone, page = await phones.new(tenant), desk.page
    desk.allowed |= {"ERR_FAILED"}
    await write_to_many(desk, "0712 000 601\n0712 000 602", "Hello")

    async def lose(route: Route) -> None:
        assert (await fetched(desk, route)).status == 202
        await route.abort()

    await page.route("**/console/batches", lose, times=1)
    await send_to_many(page)
    await expect(page.get_by_role("alert").filter(has_text="The server can't be reached")).to_be_visible()
    await expect(page.get_by_label("Recipients", exact=True)).to_have_value("0712 000 601\n0712 000 602")
    await send_to_many(page)
    await expect(page.get_by_role("heading", name="2 messages accepted")).to_be_visible()
    await eventually(lambda: _has(phone.radio, 2), what="both messages", every=0.3)
    await desk.go("/batches")
    await expect(page.locator("table.batches tbody tr")).to_have_count(1)
    assert len(phone.radio) == 2


async def test_what_is_wrong_with_recipients_is_said_before_anybody_is_asked(desk: Desk) -> None:
    page = desk.page
    await write_to_many(desk, "\n".join(f"0712{row:06}" for row in range(1_001)), "Hello {name}")
    await page.get_by_role("button", name=re.compile("^Send 1,001 messages")).click()
    await expect(page.get_by_text("At most 1,000 recipients at once; these are 1,001")).to_be_visible()
    await expect(page.get_by_text("No column is called {name}")).to_be_visible()
    await expect(page.get_by_label("Recipients", exact=True)).to_be_focused()
    await page.locator("input[type=file]").set_input_files(
        {"name": "list.csv", "mimeType": "text/csv", "buffer": "namba;name\r\n0712000601;Zo\xeb".encode("cp1252")}
    )
    await expect(page.get_by_label("Recipients", exact=True)).to_have_value("namba;name\n0712000601;Zo\xeb")
    await expect(page.get_by_text("1 recipient, with {name}")).to_be_visible()
    await expect(page.locator(".screen").get_by_text("Hello Zo\xeb")).to_be_visible()


async def write_to_many(desk: Desk, recipients: str, message: str) -> None:
    await desk.go("/send/many")
    await desk.page.get_by_label("Recipients", exact=True).fill(recipients)
    await desk.page.get_by_role("textbox", name="Message").fill(message)


async def send_to_many(page: Page) -> None:
    await page.keyboard.press("Control+Enter")
    await page.get_by_role("dialog").get_by_role("button", name=re.compile("^Send")).click()


async def _has(radio: list[object], number: int) -> bool:
    return len(radio) == number
