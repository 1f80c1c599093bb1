"""Segments of a message, against known values and against a slow, obvious count."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smskit.sending.logic import segments

EXTENDED = "\f^{}\\[~]|€"
BASIC = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ÄÖÑÜ§¿äöñüà" + "".join(
    chr(code) for start in "Aa" for code in range(ord(start), ord(start) + 26)
)


@pytest.mark.parametrize(
    ("message", "encoding", "count"),
    [
        ("a", "GSM-7", 1),
        ("a" * 160, "GSM-7", 1),
        ("a" * 161, "GSM-7", 2),
        ("a" * 306, "GSM-7", 2),
        ("a" * 307, "GSM-7", 3),
        ("a" * 1600, "GSM-7", 11),
        ("€" * 80, "GSM-7", 1),
        ("€" * 81, "GSM-7", 2),
        ("a" * 159 + "€", "GSM-7", 2),
        ("€" * 1600, "GSM-7", 22),
        ("a" * 152 + "€" + "a" * 151, "GSM-7", 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 3),
        ("я" * 70, "UCS-2", 1),
        ("я" * 71, "UCS-2", 2),
        ("я" * 134, "UCS-2", 2),
        ("я" * 135, "UCS-2", 3),
        ("я" * 1600, "UCS-2", 24),
        ("😀" * 35, "UCS-2", 1),
        ("😀" * 36, "UCS-2", 2),
        ("😀" * 66, "UCS-2", 2),
        ("😀" * 67, "UCS-2", 3),
        ("a" * 66 + "😀" + "a" * 66, "UCS-2", 3),
        ("ç", "UCS-2", 1),
        ("Ç", "GSM-7", 1),
        ("`", "UCS-2", 1),
        ("\t", "UCS-2", 1),
        ("“quoted”", "UCS-2", 1),
        ("\x1b", "UCS-2", 1),
        ("Habari yako? Kiasi: KSh 1,500/=", "GSM-7", 1),
    ],
)
def test_known_messages(message: str, encoding: str, count: int) -> None:
    assert segments.encoding(message) == encoding
    assert segments.count(message) == count


def test_the_alphabet_is_the_one_of_the_standard() -> None:
    gsm = {chr(code) for code in range(0x10000) if segments.encoding(chr(code)) == "GSM-7"}
    assert gsm == set(BASIC) | set(EXTENDED)
    assert len(BASIC) == 127  # 128 positions less the escape


def _slow_count(message: str) -> int:
    if all(character in BASIC + EXTENDED for character in message):
        sizes, single, part = [2 if character in EXTENDED else 1 for character in message], 160, 153
    else:
        sizes, single, part = [len(character.encode("utf-16-le")) // 2 for character in message], 70, 67
    if sum(sizes) <= single:
        return 1
    parts: list[list[int]] = [[]]
    for size in sizes:
        if sum(parts[-1]) + size > part:
            parts.append([])
        parts[-1].append(size)
    return len(parts)


@given(st.text(alphabet=st.sampled_from(BASIC + EXTENDED), max_size=700))
@example("a" * 152 + "€")
def test_gsm_messages_pack_like_the_slow_count(message: str) -> None:
    assert segments.count(message) == _slow_count(message)


@given(st.text(alphabet=st.sampled_from("aя😀ç€"), max_size=700))
def test_any_message_packs_like_the_slow_count(message: str) -> None:
    assert segments.count(message) == _slow_count(message)
