"""Somebody at the dashboard: what they type and see, and what the browser has to say about it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.async_api import (
    APIResponse,
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    ViewportSize,
    expect,
)

from smskit.accounts.logic import members
from smskit.platform.times import now_ms
from tests.e2e.stack import Stack
from tests.support.doc_blocks import ROOT

PASSWORD = "Mangoes-in-Mombasa-7"
AXE = ROOT / "dashboard" / "node_modules" / "axe-core" / "axe.min.js"
STANDARDS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Of what holds, axe would put together an account for each element.
# Colours on their way from one to another are nobody's choice: what moves, and ends, is waited for.
VIOLATIONS = """async ([within, runOnly]) => {
  const ending = document.getAnimations().filter((one) => Number.isFinite(one.effect?.getComputedTiming().endTime));
  await Promise.allSettled(ending.map((one) => one.finished));
  return axe.run(within, { runOnly, resultTypes: ["violations"] });
}"""
COLOURS = ("color-contrast", "link-in-text-block")
Scheme = Literal["light", "dark"]
WIDE: ViewportSize = {"width": 1280, "height": 860}
NARROW: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 30_000


@dataclass(frozen=True)
class Person:
    """Somebody who may sign in."""

    email: str

    @classmethod
    def owner_of(cls, stack: Stack, account_id: str) -> Person:
        """The account's owner, whose password is chosen already."""
        email = f"owner-{secrets.token_hex(4)}@example.com"
        members.create_owner(account_id, email, now_ms(), PASSWORD)
        return cls.known(stack, email)

    @classmethod
    def known(cls, stack: Stack, email: str) -> Person:
        """Somebody who was invited, and has chosen a password."""
        stack.secrets.add(PASSWORD)
        pool = stack.outputs["UserPoolId"]
        stack.aws("cognito-idp").admin_set_user_password(
            UserPoolId=pool, Username=email, Password=PASSWORD, Permanent=True
        )
        return cls(email)


@dataclass
class Desk:
    """A page of the dashboard. `wrong` collects what no page may do: errors, forbidden code, foreign requests."""

    stack: Stack
    context: BrowserContext
    page: Page
    who: Person
    wrong: list[str] = field(default_factory=list)
    allowed: set[str] = field(default_factory=set)

    @classmethod
    async def open(cls, browser: Browser, stack: Stack, who: Person, script: str = "", **context: Any) -> Desk:
        """Come to the dashboard and sign in. `script` is run before any page's own."""
        settings = {"viewport": WIDE, "color_scheme": "light", "locale": "en-GB", "timezone_id": "Africa/Nairobi"}
        made = await browser.new_context(**{**settings, **context})
        made.set_default_timeout(PATIENCE_MS)
        if script:
            await made.add_init_script(script)
        desk = cls(stack, made, await made.new_page(), who)
        expect.set_options(timeout=PATIENCE_MS)
        desk._watch()
        await desk.sign_in(who)
        return desk

    async def tab(self) -> Desk:
        """The same person in a second tab of the same browser."""
        desk = replace(self, page=await self.context.new_page())
        desk._watch()
        await desk.sign_in(self.who)
        return desk

    @property
    def url(self) -> str:
        """The dashboard's address."""
        return self.stack.outputs["DashboardUrl"]

    async def sign_in(self, who: Person, path: str = "") -> None:
        """Come to an address of the dashboard, and through the login pages to it."""
        await self.page.goto(self.url + path)
        await self.give_password(who)

    async def give_password(self, who: Person) -> None:
        """What the login pages ask for."""
        await self.page.locator("input[name=username]").fill(who.email)
        await self.page.locator("input[name=password]").fill(PASSWORD)
        await self.page.locator("input[name=password]").press("Enter")
        await expect(self.page.get_by_role("navigation").first).to_be_attached()

    async def leave(self) -> None:
        """Go elsewhere, as if the tab was closed: what was in memory is gone."""
        await self.page.goto("about:blank")

    async def go(self, path: str) -> None:
        """Follow a link of the page to this path, without loading anew: tokens are in memory alone."""
        await self.page.evaluate(
            "path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')) }", path
        )

    async def violations(self, within: str = "html", only: tuple[str, ...] = STANDARDS) -> list[str]:
        """What axe finds on the page as it is, or in a part of it: WCAG 2.2 AA and best practices."""
        if not await self.page.evaluate("'axe' in window"):
            await self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = await self.page.evaluate(VIOLATIONS, [within, only])
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary'][:200]}"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    async def look(self, size: ViewportSize, scheme: Scheme) -> None:
        """See the page on another screen."""
        await self.page.set_viewport_size(size)
        await self.page.emulate_media(color_scheme=scheme)

    async def violations_in_all_looks(self, within: str = "html") -> list[str]:
        """The same at both widths, in light and in dark: where colours alone changed, these alone are asked about."""
        found = []
        for size in (WIDE, NARROW):
            looks: tuple[tuple[Scheme, tuple[str, ...]], ...] = (("light", STANDARDS), ("dark", COLOURS))
            for scheme, only in looks:
                await self.look(size, scheme)
                found += [f"{size['width']} {scheme} {one}" for one in await self.violations(within, only)]
        await self.page.set_viewport_size(WIDE)
        return found

    async def picture(self, folder: Path, name: str) -> None:
        """A PNG of what is seen."""
        await self.page.screenshot(path=folder / f"{name}.png")

    async def close(self) -> None:
        """Leave. Fails where the browser had something to say."""
        await self.context.close()
        assert not self.wrong, self.wrong

    def _watch(self) -> None:
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"{error}"))
        self.page.on("request", self._note_request)

    def _note_console(self, message: ConsoleMessage) -> None:
        text = message.text
        if message.type == "error" and not any(word in text for word in self.allowed) and self._is_ours():
            self.wrong.append(text)

    def _note_request(self, request: Request) -> None:
        origin = urlsplit(request.url)
        known = {urlsplit(self.url).netloc, urlsplit(self.stack.outputs["LoginUrl"]).netloc}
        if origin.scheme in {"http", "https"} and origin.netloc not in known:
            self.wrong.append(f"asked {origin.netloc}")

    def _is_ours(self) -> bool:
        """The login pages are the emulator's here, and AWS's there."""
        return self.page.url.startswith(self.url)


async def fetched(desk: Desk, route: Route) -> APIResponse:
    """What the server says to a request of the page. Names below localhost are known to Chromium alone."""
    host = urlsplit(desk.url).netloc
    address = route.request.url.replace(host, urlsplit(desk.stack.emulator.endpoint).netloc)
    return await route.fetch(url=address, headers=await route.request.all_headers() | {"host": host})
