"""PNG with a palette: the pictures of a page need few colours, and weigh a third so."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.async_api import Page

_MOST = 256
# Chooses the colours that are seen most and aren't nearly one that was chosen before, so that a small red dot keeps its
# red; then gives each dot the nearest of them.
_REDUCE = """async ([png, most]) => {
  const bytes = Uint8Array.from(atob(png), (letter) => letter.charCodeAt(0));
  const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
  const { width, height } = image;
  const drawing = new OffscreenCanvas(width, height).getContext("2d");
  drawing.drawImage(image, 0, 0);
  const dots = new Uint32Array(drawing.getImageData(0, 0, width, height).data.buffer);
  const counts = new Map();
  for (const colour of dots) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const seen = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
  const part = (colour, at) => (colour >>> (8 * at)) & 255;
  const apart = (one, other) =>
    [2, 4, 3].reduce((sum, weight, at) => sum + weight * (part(one, at) - part(other, at)) ** 2, 0);
  const chosen = [];
  for (const least of [60, 15, 0]) {
    for (const colour of seen) {
      if (chosen.length < most && chosen.every((one) => apart(one, colour) > least)) chosen.push(colour);
    }
  }
  const place = new Map(seen.map((colour) => {
    const far = chosen.map((one) => apart(one, colour));
    return [colour, far.indexOf(Math.min(...far))];
  }));
  let text = "";
  for (let at = 0; at < dots.length; at += 8192) {
    text += String.fromCharCode(...Array.from(dots.subarray(at, at + 8192), (colour) => place.get(colour)));
  }
  return [width, height, chosen.map((colour) => [0, 1, 2].map((at) => part(colour, at))), btoa(text)];
}"""


async def reduced(page: Page, png: bytes) -> bytes:
    """A PNG in at most 256 colours; the page is one without a content security policy, such as about:blank."""
    width, height, colours, dots = await page.evaluate(_REDUCE, [base64.b64encode(png).decode(), _MOST])
    places = base64.b64decode(dots)
    rows = b"".join(b"\0" + places[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    palette = bytes(part for colour in colours for part in colour)
    chunks = ((b"IHDR", head), (b"PLTE", palette), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, body) for name, body in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
