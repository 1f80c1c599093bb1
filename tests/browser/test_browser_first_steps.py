"""An empty account, until it sends by itself: all of it on the overview."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from smskit.accounts.logic import accounts
from smskit.platform.times import now_ms
from smskit_local.safety import clean_environment
from tests.browser.conftest import OpenDesk
from tests.browser.desk import Desk, Person
from tests.e2e.phones import Phones
from tests.e2e.stack import Stack
from tests.support.hooks import Hook

pytestmark = pytest.mark.e2e
STEPS = ("Pair the first phone", "Send yourself a message", "Make an API key", "Get events in your program")


@pytest_asyncio.fixture(loop_scope="session")
async def newcomer(open_desk: OpenDesk, stack: Stack) -> Desk:
    """The owner of an account in which nothing was done yet."""
    account = accounts.create("Demo Clinic", now_ms())
    return await open_desk(Person.owner_of(stack, account.account_id))


async def pair(desk: Desk, dialog: Locator, folder: Path) -> None:
    """Follow the link that the dialog offers, as a person does with the agent's own command."""
    link = await dialog.locator('a[href^="smskit:"]').get_attribute("href")
    assert link
    query = {name: value for name, [value] in parse_qs(urlsplit(link).query).items()}
    desk.stack.secrets.add(query["code"])
    command = ["pair", "--server", query["server"], "--code", query["code"], "--state", str(folder), "--name", "Desk"]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "smskit_phone", *command), env=clean_environment(), stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said


def steps(page: Page) -> Locator:
    """What is left to do."""
    return page.locator(".steps > li:not(.done) h3")


async def keep(dialog: Locator) -> str:
    """Store a secret that is shown once; what it was."""
    value = await dialog.locator(".secret .mono").text_content()
    await dialog.get_by_role("checkbox").check()
    await dialog.get_by_role("button", name="Done").click()
    await expect(dialog).to_have_count(0)
    assert value
    return value


async def test_the_first_steps_are_taken_on_the_overview(
    newcomer: Desk, phones: Phones, tmp_path: Path, hook: Hook
) -> None:
    desk, page = newcomer, newcomer.page
    await expect(steps(page)).to_have_text(STEPS)
    assert not await desk.violations()

    await page.get_by_role("link", name="Pair a phone").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("img", name="QR code for the phone")).to_be_visible()
    assert not await desk.violations()
    await pair(desk, dialog, tmp_path / "desk")
    await expect(dialog.get_by_text("It is about to connect")).to_be_visible()
    await phones.start(tmp_path / "desk")
    await expect(dialog.get_by_role("heading", name="Desk is connected")).to_be_visible()
    assert not await desk.violations()

    await dialog.get_by_role("button", name="Send a test").click()
    await expect(dialog.get_by_role("heading", name="Send yourself a message")).to_be_visible()
    await dialog.get_by_role("button", name="Send a test").click()
    await expect(dialog.get_by_text("Write the number that it goes to")).to_be_visible()
    assert not await desk.violations()
    await dialog.get_by_label("To", exact=True).fill("0712 000 678")
    await dialog.get_by_role("button", name="Send a test").click()
    await expect(dialog.get_by_role("heading", name="Your message has arrived")).to_be_visible()
    assert not await desk.violations()
    await dialog.get_by_role("button", name="Done").click()

    await expect(steps(page)).to_have_text(STEPS[2:])
    await page.get_by_role("link", name="New API client").click()
    await dialog.get_by_label("Name").fill("Booking")
    await dialog.get_by_role("button", name="Make the client").click()
    await expect(dialog.get_by_role("heading", name="Copy the key now")).to_be_visible()
    desk.stack.secrets.add(await keep(dialog))

    await expect(steps(page)).to_have_text(STEPS[3:])
    await page.get_by_role("link", name="Add a webhook").click()
    await dialog.get_by_label("URL").fill(hook.url)
    await dialog.get_by_role("button", name="Add the webhook").click()
    desk.stack.secrets.add(await keep(dialog))
    await expect(steps(page)).to_have_count(0)
    await expect(page.get_by_role("heading", name="Latest failures")).to_be_visible()
    assert page.url == desk.url, "all of it on one page"


async def test_a_phone_that_goes_away_while_it_is_paired(newcomer: Desk, tmp_path: Path) -> None:
    desk, page = newcomer, newcomer.page
    desk.allowed.add("status of 404")  # the browser's own words of the answer that says so
    await desk.go("/phones?pair=1")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("img", name="QR code for the phone")).to_be_visible()
    await pair(desk, dialog, tmp_path / "gone")
    await expect(dialog.get_by_role("heading", name="Desk is paired")).to_be_visible()
    other = await desk.tab()
    await other.go("/phones")
    await other.page.get_by_role("button", name="Actions for Desk").click()
    await other.page.get_by_role("menuitem", name=re.compile("^Remove")).click()
    await other.page.get_by_role("button", name="Remove the phone").click()
    await expect(dialog.get_by_role("heading", name="The phone is gone again")).to_be_visible()
    assert not await desk.violations()
