"""A film of a code: from the call of the API until it is delivered, in the list of messages and in its timeline."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page, expect

from smskit_phone import Faults
from smskit_pictures import business as shown
from smskit_pictures.camera import Desk
from smskit_pictures.scene import Scene
from smskit_pictures.webp import Frame, encoded, film

OTP_FILM = "otp"
_SCREEN = (1080, 660)
_FILM = (864, 700)
_QUALITY = 0.82
_TYPED_AT_ONCE = 24
_LOOK_SECONDS = 0.25
_TO, _TEXT = shown.number("12 345"), shown.code("907442")

_STAGE = """<!doctype html><meta charset="utf-8"><style>
  * { box-sizing: border-box; margin: 0 }
  body { width: %(width)spx; height: %(height)spx; padding: 16px; background: #edebe7 }
  pre { height: 124px; padding: 12px 16px; border-radius: 10px; background: #181715; color: #f2f0ec;
        font: 13px/20px ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap }
  pre b { color: #6ad895; font-weight: 400 }
  img { display: block; width: 100%%; margin-top: 16px; border-radius: 10px; border: 1px solid #d9d6d0 }
</style><pre></pre><img>"""
_DRAW = """async ([typed, answered, png]) => {
  const shown = document.querySelector("pre");
  shown.textContent = typed;
  const answer = document.createElement("b");
  answer.textContent = answered;
  shown.append(answer);
  const image = document.querySelector("img");
  image.src = "data:image/png;base64," + png;
  await image.decode();
}"""


@dataclass
class Reel:
    """The frames so far, of a terminal above the dashboard."""

    stage: Page
    blank: Page
    typed: str = "$ "
    answered: str = ""
    seen: bytes = b""
    frames: list[Frame] = field(default_factory=list)
    _last: bytes = b""

    async def add(self, milliseconds: int) -> None:
        """What is to be seen now; nothing new makes the last frame stand longer."""
        await self.stage.evaluate(_DRAW, [self.typed, self.answered, base64.b64encode(self.seen).decode()])
        png = await self.stage.screenshot()
        if png == self._last:
            last = self.frames[-1]
            self.frames[-1] = Frame(last.webp, last.milliseconds + milliseconds)
            return
        self._last = png
        self.frames.append(Frame(await encoded(self.blank, png, _QUALITY), milliseconds))


async def film_otp(browser: Browser, blank: Page, url: str, scene: Scene) -> bytes:
    """An animated WebP."""
    stage = await browser.new_page(viewport={"width": _FILM[0], "height": _FILM[1]})
    await stage.set_content(_STAGE % {"width": _FILM[0], "height": _FILM[1]})
    phone = scene.shelf.phones[shown.FRONT_DESK.name]
    phone.faults.set(Faults(send_latency=(2.0, 2.0), delivery_latency=(2.5, 2.5)))
    async with Desk.open(browser, url, scene.account.owner, _SCREEN, "light") as desk:
        await desk.go("/messages")
        reel = Reel(stage, blank, seen=await desk.snap())
        await _call(reel)
        job = asyncio.create_task(scene.account.send(shown.CODES, _TO, _TEXT, priority=9, devices=[phone.device_id]))
        job_id = await job
        reel.answered = "\n202 " + json.dumps({"jobId": job_id, "status": "Pending"})
        await _watch(reel, desk)
        await _open(reel, desk)
    return film(reel.frames, *_FILM)


async def _call(reel: Reel) -> None:
    """Somebody types the call."""
    body = json.dumps({"recipient": _TO, "message": _TEXT, "priority": 9}, ensure_ascii=False)
    call = f'curl $API/api/sms/send -H "X-Api-Key: $API_KEY" \\\n    -H "Content-Type: application/json" -d \'{body}\''
    await reel.add(900)
    for end in range(_TYPED_AT_ONCE, len(call) + _TYPED_AT_ONCE, _TYPED_AT_ONCE):
        reel.typed = "$ " + call[:end]
        await reel.add(110)
    await reel.add(500)


async def _watch(reel: Reel, desk: Desk) -> None:
    """The message in the list, until it is delivered."""
    row = desk.page.get_by_role("row").filter(has_text="+254 712 000 345")
    delivered = row.locator(".st-delivered")
    while True:
        began = time.monotonic()
        is_over = await delivered.count() > 0
        reel.seen = await desk.snap()
        await reel.add(max(120, round(1000 * (time.monotonic() - began))))
        if is_over:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    await reel.add(1200)


async def _open(reel: Reel, desk: Desk) -> None:
    """Its timeline."""
    await desk.page.get_by_role("link", name="+254 712 000 345").first.click()
    await expect(desk.page.get_by_text("Where the time went")).to_be_visible()
    await desk.rest()
    reel.seen = await desk.snap()
    await reel.add(4500)
