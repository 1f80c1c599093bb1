"""A browser with somebody signed in to the dashboard, and pictures of what they see."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page, async_playwright, expect

from smskit_local.errors import LocalStackError
from smskit_smoke.signing_in import Login

_PATIENCE_MS = 60_000
WIDE, NARROW = (1280, 860), (390, 844)
_TALLEST = {WIDE[0]: 1500, NARROW[0]: 2000}
_WHOLE = """() => Math.max(document.documentElement.scrollHeight, innerHeight)"""
_STILL = """() => document.fonts.ready.then(() => Promise.all(
  document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished)))"""


@dataclass(frozen=True)
class Shot:
    """A page of the dashboard. `prepare` does there what is to be seen; `is_tall`: it is shown whole, not its first screen."""

    name: str
    path: str
    prepare: Callable[[Page], Awaitable[None]] | None = None
    is_tall: bool = True
    widths: tuple[tuple[int, int], ...] = (WIDE, NARROW)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A browser. Raises LocalStackError where there is none."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        raise LocalStackError("no Chromium on this machine: make browser installs Debian's")
    async with async_playwright() as playwright:
        # As root, which CI is, Chromium starts only without its sandbox.
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            await browser.close()


class Desk:
    """The dashboard as one person sees it, on one screen."""

    def __init__(self, page: Page, url: str, size: tuple[int, int]) -> None:
        self.page, self._url, self._size = page, url, size

    @classmethod
    @asynccontextmanager
    async def open(
        cls, browser: Browser, url: str, who: Login, size: tuple[int, int], scheme: str, language: str = "en-GB"
    ) -> AsyncIterator[Desk]:
        """Come to the dashboard and sign in."""
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if scheme == "dark" else "light",
            locale=language, timezone_id="Africa/Nairobi", has_touch=size == NARROW,
        )  # fmt: skip
        context.set_default_timeout(_PATIENCE_MS)
        expect.set_options(timeout=_PATIENCE_MS)
        try:
            desk = cls(await context.new_page(), url, size)
            await desk._sign_in(who)
            yield desk
        finally:
            await context.close()

    async def go(self, path: str) -> None:
        """Follow a link to a path, without loading anew: tokens are in memory alone."""
        await self.page.evaluate(
            "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
        )
        await self.rest()

    async def rest(self) -> None:
        """Wait until all is there and nothing moves."""
        await expect(self.page.locator("h1").first).to_be_visible()
        await expect(self.page.locator(".bones")).to_have_count(0)
        await self.page.wait_for_load_state("networkidle")
        await expect(self.page.locator(".bones")).to_have_count(0)
        await self.page.evaluate(_STILL)

    async def take(self, shot: Shot) -> bytes:
        """A PNG of the page."""
        width, height = self._size
        await self.page.set_viewport_size({"width": width, "height": height})
        await self.go(shot.path)
        if shot.prepare is not None:
            await shot.prepare(self.page)
            await self.rest()
        if shot.is_tall:
            whole = int(await self.page.evaluate(_WHOLE))
            await self.page.set_viewport_size({"width": width, "height": min(whole, _TALLEST[width])})
            await self.rest()
        await self.page.mouse.move(0, 0)
        return await self.snap()

    async def snap(self) -> bytes:
        """A PNG of what is seen now."""
        return await self.page.screenshot(animations="disabled", caret="hide")

    async def _sign_in(self, who: Login) -> None:
        await self.page.goto(self._url)
        await self.page.locator("input[name=username]").fill(who.email)
        await self.page.locator("input[name=password]").fill(who.password)
        await self.page.locator("input[name=password]").press("Enter")
        await expect(self.page.get_by_role("navigation").first).to_be_attached()
