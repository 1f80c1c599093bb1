"""RFC 3339 has four digits of a year, whatever a clock says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from smskit.platform.times import rfc3339, rfc3339_ms


@pytest.mark.parametrize(
    ("moment", "short", "long"),
    [
        (datetime(1, 1, 1, tzinfo=UTC), "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"),
        (datetime(999, 12, 31, 23, 59, 59, tzinfo=UTC), "0999-12-31T23:59:59Z", "0999-12-31T23:59:59.000Z"),
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        (datetime(2026, 6, 23, 10, 0, 0, 7000, tzinfo=UTC), "2026-06-23T10:00:00.007Z", "2026-06-23T10:00:00.007Z"),
        (datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
    ],
)
def test_a_time_as_text(moment: datetime, short: str, long: str) -> None:
    ms = int(moment.timestamp() * 1000)
    assert (rfc3339(ms), rfc3339_ms(ms)) == (short, long)
