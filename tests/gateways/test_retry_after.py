"""Retry-After, in either of its forms."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.webhooks.gateways.retry_after import retry_after_seconds

NOW = 1_796_000_000.0  # Mon, 30 Nov 2026 00:53:20 GMT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("0", 0),
        ("120", 120),
        (" 120 ", 120),
        ("0000000000000120", 120),
        ("86401", 86_400),
        ("9" * 5000, 86_400),
        ("-1", None),
        ("+1", None),
        ("1.5", None),
        ("١٢٠", None),
        ("120, 240", None),
        ("soon", None),
        ("Mon, 30 Nov 2026 00:55:20 GMT", 120),
        ("Monday, 30-Nov-26 00:55:20 GMT", 120),
        ("Mon, 30 Nov 2026 00:55:20 -0000", 120),
        ("Mon, 30 Nov 2026 03:55:20 +0300", 120),
        ("Mon, 30 Nov 2026 00:00:00 GMT", 0),
        ("Fri, 30 Nov 2096 00:00:00 GMT", 86_400),
        ("Mon, 99 Nov 2026 00:55:20 GMT", None),
        ("Mon, 30 Nov 2026 00:55:20 +9999", None),
        ("Mon, 01 Jan 0001 00:00:00 +0300", 0),
    ],
)
def test_a_value_is_seconds_to_wait_or_nothing(value: str | None, seconds: int | None) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@given(st.text(max_size=60) | st.text(alphabet="MonNov 0123456789:,+-GT", max_size=40))
def test_no_value_raises(value: str) -> None:
    seconds = retry_after_seconds(value, NOW)
    assert seconds is None or 0 <= seconds <= 86_400
