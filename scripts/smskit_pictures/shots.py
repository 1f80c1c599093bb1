"""Which pages are pictured, and what is done on each before."""

from __future__ import annotations

from playwright.async_api import Page, expect

from smskit_pictures import business as shown
from smskit_pictures.camera import NARROW, WIDE, Shot
from smskit_pictures.scene import Scene

_TO, _REMINDER = (
    "0722 000 905",
    "Habari Peter, awamu ya KES 1,500 inafika kesho. Lipa kwa Paybill 000411, akaunti HP2207. Asante – Haraka Pay",
)


def shots(scene: Scene) -> list[Shot]:
    """All pages, the daily ones first. What stays open comes last."""
    return [
        Shot("overview", "/", tallest=(1130, 1700)),
        Shot("inbox", "/inbox"),
        Shot("send", "/send", _write_message, tallest=(1040, 1040)),
        Shot("send-many", "/send/many", _write_to_many, tallest=(1040, 1040)),
        Shot("batches", "/batches"),
        Shot("batch", f"/batches/{scene.batch_id}"),
        Shot("templates", "/templates"),
        Shot("template", "/templates?new=1", _write_template),
        Shot("messages", "/messages"),
        Shot("message", f"/messages/{scene.late_job_id}"),
        Shot("phones", "/phones"),
        Shot("phone", f"/phones/{scene.phone_id}"),
        Shot("routing", "/routing"),
        Shot("pairing", "/phones?pair=1", _see_code),
        Shot("webhooks", "/webhooks"),
        Shot("webhook", f"/webhooks/{scene.suspended_id}", _open_failed),
        Shot("clients", "/clients"),
        Shot("new-client", "/clients?new=1"),
        Shot("client", f"/clients/{scene.client_id}"),
        Shot("docs", "/docs"),
        Shot("opt-outs", "/opt-outs"),
        Shot("opt-out", "/opt-outs?number=%2B254745000087"),
        Shot("usage", "/usage"),
        Shot("members", "/members"),
        Shot("audit", "/audit"),
        Shot("settings", "/settings", tallest=(1250, 1500)),
        Shot("conversation", f"/inbox/{scene.conversation_id}", _draft),
        Shot("more", "/settings", _open_more, widths=(NARROW,)),
        Shot("search", "/", _search, widths=(WIDE,)),
    ]


async def _write_message(page: Page) -> None:
    await page.get_by_label("To", exact=True).fill(_TO)
    await page.get_by_role("textbox", name="Message").fill(_REMINDER)
    await expect(page.get_by_text("+254 722 000 905").first).to_be_visible()
    await page.get_by_label("When", exact=True).select_option("At a time")
    await page.evaluate("() => document.activeElement?.blur()")


async def _write_to_many(page: Page) -> None:
    await page.get_by_label("Recipients", exact=True).fill(shown.PASTED)
    await page.get_by_role("textbox", name="Message").fill(shown.TO_MANY)
    await expect(page.get_by_text("and 9 more")).to_be_visible()
    await page.get_by_label("Recipients", exact=True).evaluate("one => one.scrollTo(0, 0)")
    await page.evaluate("() => document.activeElement?.blur()")


async def _write_template(page: Page) -> None:
    await page.get_by_label("Name", exact=True).fill(shown.INSTALMENT.name)
    await page.get_by_role("textbox", name="Message").fill(shown.INSTALMENT.message)
    for name, value in shown.INSTALMENT.longest.items():
        await page.get_by_label(f"{{{name}}}").fill(value)
    await page.evaluate("() => document.activeElement?.blur()")


async def _see_code(page: Page) -> None:
    await expect(page.get_by_role("dialog").get_by_text("Type the code")).to_be_visible()


async def _open_failed(page: Page) -> None:
    await page.get_by_role("row").filter(has_text="503").first.get_by_role("button").first.click()


async def _open_more(page: Page) -> None:
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def _search(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("west")


async def _draft(page: Page) -> None:
    await page.get_by_role("textbox", name="Reply to").fill(shown.DRAFT)
