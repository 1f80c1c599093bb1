"""A browser with somebody signed in to the dashboard, and pictures of what they see."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from playwright.async_api import Browser, Page, Request, async_playwright, expect

from smskit_local.errors import LocalStackError
from smskit_smoke.signing_in import Login

_PATIENCE_MS = 60_000
WIDE, NARROW = (1280, 860), (390, 844)
_QUIET_SECONDS = 0.4
_ELSEWHERE = "/elsewhere"
_WHOLE = """() => Math.max(document.documentElement.scrollHeight, innerHeight)"""
_STILL = """() => document.fonts.ready.then(() => Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished)))"""


@dataclass(frozen=True)
class Shot:
    """A page of the dashboard. `prepare` does there what is to be seen; `tallest` is the most of its height that is
    shown, in pixels, wide and narrow."""

    name: str
    path: str
    prepare: Callable[[Page], Awaitable[None]] | None = None
    tallest: tuple[int, int] = (920, 1040)
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
        self._asked: set[Request] = set()
        self._quiet_since = time.monotonic()
        page.on("request", self._begun)
        for event in ("requestfinished", "requestfailed"):
            page.on(event, self._ended)

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
        """Follow a link to a path, without loading anew: tokens are in memory alone. It begins as it does for who comes
        from another page."""
        await self._follow(_ELSEWHERE)
        await expect(self.page.locator("h1")).to_have_text("Not found")
        # Who came with the mouse sees no ring around what has the focus.
        await self.page.locator("h1").click()
        await self._follow(path)
        await expect(self.page.locator("h1").first).not_to_have_text("Not found")
        await self.rest()

    async def _follow(self, path: str) -> None:
        await self.page.evaluate(
            "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
        )

    async def rest(self) -> None:
        """Wait until all is there and nothing moves."""
        await expect(self.page.locator("h1").first).to_be_visible()
        await expect(self.page.locator(".bones")).to_have_count(0)
        await self._quiet()
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
        whole, tallest = int(await self.page.evaluate(_WHOLE)), shot.tallest[self._size == NARROW]
        if height < whole and height < tallest:
            await self.page.set_viewport_size({"width": width, "height": min(whole, tallest)})
            await self.rest()
        await self.page.mouse.move(0, 0)
        return await self.snap()

    async def _quiet(self) -> None:
        """Wait until nothing has been asked of a server for a moment."""
        deadline = time.monotonic() + _PATIENCE_MS / 1000
        while self._asked or time.monotonic() < self._quiet_since + _QUIET_SECONDS:
            if time.monotonic() > deadline:
                raise LocalStackError(f"{self.page.url} doesn't come to rest")
            await asyncio.sleep(0.05)

    def _begun(self, request: Request) -> None:
        self._asked.add(request)

    def _ended(self, request: Request) -> None:
        self._asked.discard(request)
        self._quiet_since = time.monotonic()

    async def snap(self) -> bytes:
        """A PNG of what is seen now."""
        return await self.page.screenshot(animations="disabled", caret="hide")

    async def _sign_in(self, who: Login) -> None:
        await self.page.goto(self._url)
        await self.page.locator("input[name=username]").fill(who.email)
        await self.page.locator("input[name=password]").fill(who.password)
        await self.page.locator("input[name=password]").press("Enter")
        await expect(self.page.get_by_role("navigation").first).to_be_attached()
