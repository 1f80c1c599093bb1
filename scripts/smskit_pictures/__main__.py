"""Takes the pictures of the dashboard in docs/screenshots, of an account on an emulator of its own.

python -m smskit_pictures [--only overview --only send] [--png FOLDER]
"""

from __future__ import annotations

import asyncio
import os
import sys
from itertools import product
from typing import Annotated

import typer
from playwright.async_api import Page
from rich.console import Console

from smskit_admin import stack
from smskit_local.deploy import ROOT, deploy
from smskit_local.emulator import Emulator
from smskit_local.errors import LocalStackError
from smskit_local.progress import Progress
from smskit_local.safety import aws_environment
from smskit_pictures.camera import NARROW, WIDE, Desk, chromium
from smskit_pictures.otp import OTP_FILM, film_otp
from smskit_pictures.palette import reduced
from smskit_pictures.scene import Scene, scene
from smskit_pictures.shots import shots
from smskit_smoke.target import Target, find

FOLDER = ROOT / "docs" / "screenshots"
_HOME = ROOT / ".local" / "pictures"
_ENV = "emulator"
# An endpoint is given up after a day of failures; here a day is less than a minute.
_WAIT_SCALE = "0.0005"
_MOST_BYTES = 5_000_000  # of which the film may take a third


def main(
    only: Annotated[list[str] | None, typer.Option(help="A picture to take; without it, all of them.")] = None,
) -> None:
    """Take the pictures of the dashboard anew."""
    progress = Progress(Console(soft_wrap=True))
    try:
        with Emulator(_HOME / "emulator") as emulator:
            with progress.step("deploying to an emulator"):
                deploy(emulator.endpoint, output=_HOME / "deploy", webhook_wait_scale=_WAIT_SCALE)
            _speak_to(emulator.endpoint)
            with stack.connected(_ENV):
                asyncio.run(_take(find(_ENV), progress, set(only or ())))
    except LocalStackError as error:
        sys.exit(str(error))
    size = sum(file.stat().st_size for file in FOLDER.iterdir())
    progress.say(f"{FOLDER.relative_to(ROOT)}: {size / 1000:,.0f} kB")
    if size > _MOST_BYTES:
        sys.exit(f"the pictures weigh more than {_MOST_BYTES / 1e6:.0f} MB")


def _speak_to(endpoint: str) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(aws_environment(endpoint))


async def _take(target: Target, progress: Progress, only: set[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    async with scene(target, _HOME, progress) as set_scene, chromium() as browser:
        blank = await browser.new_page()
        url = target.outputs["DashboardUrl"]
        for size, scheme in product((WIDE, NARROW), ("light", "dark")):
            with progress.step(f"pictures at {size[0]} px, {scheme}"):
                async with Desk.open(browser, url, set_scene.account.owner, size, scheme) as desk:
                    await _take_all(desk, set_scene, blank, only, size, scheme)
        if not only or OTP_FILM in only:
            with progress.step("a film of a code"):
                (FOLDER / f"{OTP_FILM}.webp").write_bytes(await film_otp(browser, blank, url, set_scene))


async def _take_all(
    desk: Desk, set_scene: Scene, blank: Page, only: set[str], size: tuple[int, int], scheme: str
) -> None:
    for shot in shots(set_scene):
        if size in shot.widths and (not only or shot.name in only):
            taken, name = await desk.take(shot), f"{shot.name}-{size[0]}-{scheme}"
            (FOLDER / f"{name}.png").write_bytes(await reduced(blank, taken))


if __name__ == "__main__":
    typer.run(main)
