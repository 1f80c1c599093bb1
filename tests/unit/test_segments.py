"""Segments of a message, against known values and against a slow, obvious count."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smskit.sending.logic import plain_text, segments

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


@given(st.text(alphabet=st.sampled_from(BASIC + EXTENDED)) | st.text(alphabet=st.sampled_from("aя😀ç€")))
@example("a" * 153 + "€" + "b" * 10)
@example("")
def test_the_pieces_are_the_message_and_each_fits(message: str) -> None:
    measured = segments.measure(message)
    ends = [*measured.starts[1:], len(message)]
    parts = [message[start:end] for start, end in zip(measured.starts, ends, strict=True)]
    assert "".join(parts) == message and len(parts) == _slow_count(message)
    assert (
        measured.capacity
        == {("GSM-7", True): 160, ("GSM-7", False): 153, ("UCS-2", True): 70, ("UCS-2", False): 67}[
            segments.encoding(message), len(parts) == 1
        ]
    )
    units = [_units(part, measured.encoding) for part in parts]
    assert all(0 < used <= measured.capacity for used in units) or not message
    assert units[-1] == measured.used
    for used, following in pairwise(parts):
        assert _units(used + following[0], measured.encoding) > measured.capacity, "cut too early"


def _units(part: str, encoding: str) -> int:
    if encoding == "GSM-7":
        return sum(2 if character in EXTENDED else 1 for character in part)
    return len(part.encode("utf-16-le")) // 2


def test_what_is_outside_of_the_alphabet_is_told_once_in_its_order() -> None:
    assert segments.outside("“a” – “b” 😀 €\t") == ["“", "”", "–", "😀", "\t"]
    assert segments.outside("Habari € {~}\n") == []


def test_a_plain_form_is_in_the_alphabet_and_what_it_replaces_is_not() -> None:
    for character, plain in plain_text.FORMS.items():
        assert segments.encoding(character) == "UCS-2" and len(character) == 1
        assert segments.encoding(plain) == "GSM-7" and len(plain) <= 3
    assert plain_text.plain("We’ll call “soon” – at 10…\u00a0ok\u200b") == 'We\'ll call "soon" - at 10... ok'
    assert plain_text.plain("я 😀 €") == "я 😀 €"


@given(st.text(alphabet=st.sampled_from("aя😀ç€"), max_size=700))
def test_any_message_packs_like_the_slow_count(message: str) -> None:
    assert segments.count(message) == _slow_count(message)
