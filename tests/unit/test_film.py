"""The film of the dashboard: a WebP whose parts say how long they are, and what each frame is."""

from __future__ import annotations

import struct

from smskit_pictures.webp import Frame, film


def _still(pixels: bytes) -> bytes:
    """A still picture as a browser writes it, with a chunk besides that no film has."""
    chunks = _chunk(b"VP8X", bytes(10)) + _chunk(b"ICCP", b"profile") + _chunk(b"VP8 ", pixels)
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WEBP" + chunks


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) % 2)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found, at = [], 0
    while at < len(data):
        name, size = struct.unpack_from("<4sI", data, at)
        found.append((name, data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    assert at == len(data)
    return found


def test_a_film_has_each_frame_for_as_long_as_it_stands():
    made = film([Frame(_still(b"first"), 900), Frame(_still(b"second"), 70_000)], width=864, height=700)

    assert made[:4] == b"RIFF" and struct.unpack_from("<I", made, 4)[0] == len(made) - 8 and made[8:12] == b"WEBP"
    head, animation, *frames = _chunks(made[12:])
    assert head == (b"VP8X", bytes([2, 0, 0, 0]) + bytes([95, 3, 0]) + bytes([187, 2, 0]))
    assert animation == (b"ANIM", b"\xff\xff\xff\xff\0\0")
    assert [name for name, _ in frames] == [b"ANMF", b"ANMF"]
    assert [int.from_bytes(body[12:15], "little") for _, body in frames] == [900, 70_000]
    assert [_chunks(body[16:]) for _, body in frames] == [[(b"VP8 ", b"first")], [(b"VP8 ", b"second")]]
