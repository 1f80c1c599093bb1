"""WebP without a library: Chromium encodes the pictures, and here they are put behind each other.

The container is RIFF, as https://developers.google.com/speed/webp/docs/riff_container has it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass

from playwright.async_api import Page

_ENCODE = """async ([png, quality]) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d").drawImage(image, 0, 0);
  const made = await canvas.convertToBlob({ type: "image/webp", quality });
  const found = new Uint8Array(await made.arrayBuffer());
  let text = "";
  for (let at = 0; at < found.length; at += 32768) text += String.fromCharCode(...found.subarray(at, at + 32768));
  return btoa(text);
}"""
_ANIMATED = 0x02
_KEEP_NOTHING = 0x02  # each frame covers the one before: it is not blended with it


@dataclass(frozen=True)
class Frame:
    """A picture of a film, and how long it stands."""

    webp: bytes
    milliseconds: int


async def encoded(page: Page, png: bytes, quality: float) -> bytes:
    """A PNG as WebP; the page is one without a content security policy, such as about:blank."""
    return base64.b64decode(await page.evaluate(_ENCODE, [base64.b64encode(png).decode(), quality]))


def film(frames: Sequence[Frame], width: int, height: int) -> bytes:
    """An animated WebP that begins again and again."""
    canvas = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    chunks = _chunk(b"VP8X", bytes([_ANIMATED, 0, 0, 0]) + canvas) + _chunk(b"ANIM", struct.pack("<IH", 0xFFFFFFFF, 0))
    for frame in frames:
        head = bytes(6) + canvas + frame.milliseconds.to_bytes(3, "little") + bytes([_KEEP_NOTHING])
        chunks += _chunk(b"ANMF", head + _image_chunks(frame.webp))
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def _image_chunks(webp: bytes) -> bytes:
    """Those of a still picture that hold what is seen."""
    found, at = b"", 12
    while at < len(webp):
        name, size = webp[at : at + 4], struct.unpack_from("<I", webp, at + 4)[0]
        if name in (b"ALPH", b"VP8 ", b"VP8L"):
            found += _chunk(name, webp[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    return found


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)
