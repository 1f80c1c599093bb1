"""How texts are written: the patterns that the OpenAPI documents show, understood by ECMA-262 and by Python alike.

What they allow is accepted, but for what no pattern can say: whether a number exists, a host is public, or a cursor was
given out.
"""

from __future__ import annotations

from typing import Any

_GAP = r"[ .()\[\]-]*"
_INTERNATIONAL = rf"[1-9](?:{_GAP}[0-9]){{6,14}}"
_NATIONAL = rf"(?!0{_GAP}0)[0-9](?:{_GAP}[0-9]){{3,16}}"

# Not \s alone: Python's strip() takes the information separators and NEL for white space, ECMA-262 doesn't.
_BLANK = r"\s\u001c-\u001f\u0085"
NOT_BLANK = f"[^{_BLANK}]"
_BRACES = r"\{\{|\}\}|\{[A-Za-z_][A-Za-z0-9_]{0,63}\}"
# No look-ahead: what makes up values from a pattern, as testers of APIs do, finds hardly any that keep to one.
WITH_VARIABLES = rf"^[{_BLANK}]*(?:[^{_BLANK}{{}}]|{_BRACES})(?:[^{{}}]|{_BRACES})*$"
NUMBER = rf"^{_GAP}(?:\+{_GAP}{_INTERNATIONAL}|{_NATIONAL}){_GAP}$"
CORRESPONDENT = rf"^{_GAP}(?:(?:\+|0{_GAP}0){_GAP}{_INTERNATIONAL}|{_NATIONAL}){_GAP}$"
CURSOR = "^[A-Za-z0-9_=-]+$"
CURSOR_OR_NONE = "^[A-Za-z0-9_=-]*$"
PREFIX = r"^\+[1-9][0-9]{0,14}$"
COUNTRY = "^[A-Z]{2}$"
ZONE = "^[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+){0,2}$"

# 1970 to 9998: a time near the end of 9999 has no place in UTC's years once its offset is taken off.
YEAR = "(?:19[7-9][0-9]|[2-8][0-9]{3}|9(?:[0-8][0-9]{2}|9(?:[0-8][0-9]|9[0-8])))"
_CLOCK = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]"
TIME_OF_DAY = f"^{_CLOCK}$"
DATE = f"^{YEAR}-[0-9]{{2}}-[0-9]{{2}}$"
MOMENT = rf"^{YEAR}-[0-9]{{2}}-[0-9]{{2}}T{_CLOCK}:[0-5][0-9](?:\.[0-9]{{1,9}})?(?:Z|[+-]{_CLOCK})$"

_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# RFC 5322's dot-atom before the @ (no quotes, no comments), names of hosts behind it.
_ATOM = "[A-Za-z0-9_!#$%&'*+/=?^`{|}~-]+"
EMAIL = rf"^(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+$"

_NAME = rf"(?:{_LABEL}\.)+[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.?"
_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_PORT = (
    "(?:443|102[4-9]|10[3-9][0-9]|1[1-9][0-9]{2}|[2-9][0-9]{3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}"
    "|655[0-2][0-9]|6553[0-5])"
)
_HOST = rf"(?:{_NAME}|{_OCTET}(?:\.{_OCTET}){{3}}|\[[0-9A-Fa-f:.]+\])"
URL = rf"^https://{_HOST}(?::{_PORT})?(?:[/?][A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]*)?$"


def shown(pattern: str, format_: str | None = None) -> dict[str, Any]:
    """What a field's schema says of how it is written."""
    return {"pattern": pattern} | ({"format": format_} if format_ else {})
