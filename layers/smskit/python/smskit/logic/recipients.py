"""Recipients: what a client may write, and the one E.164 form that is stored, compared and sent to."""

from __future__ import annotations

import re

from smskit.errors import InvalidRecipientError

_PUNCTUATION = str.maketrans("", "", " .-()[]")
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_KENYAN = re.compile(r"(?:0|254)?([17][0-9]{8})", re.ASCII)


def normalise(text: str) -> str:
    """The E.164 form of a number that can get an SMS.

    A leading `+` is E.164, anything else is Kenyan (07…, 01…, 7…, 1…, 254…). Raises InvalidRecipientError.
    """
    stripped = text.translate(_PUNCTUATION)
    international, digits = stripped.startswith("+"), stripped.removeprefix("+")
    if not digits:
        raise InvalidRecipientError("recipient must be a phone number, such as +254712345678")
    if not _DIGITS.fullmatch(digits):
        raise InvalidRecipientError(
            "recipient may hold only the digits 0-9, a leading +, and spaces, dots, dashes and brackets"
        )
    if not international:
        digits = _kenyan(digits)
    return _mobile(digits)


def _kenyan(digits: str) -> str:
    if digits.startswith("00"):
        raise InvalidRecipientError("recipient must be written with a leading + instead of 00")
    match = _KENYAN.fullmatch(digits)
    if match is None:
        raise InvalidRecipientError(
            "recipient without a leading + must be a Kenyan mobile number: 07…, 01…, 7…, 1… or 254…"
        )
    return f"254{match[1]}"


def _mobile(digits: str) -> str:
    """Google's metadata decides which ranges are mobile; fixed-or-mobile is where a country doesn't tell them apart."""
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        PhoneNumberType,
        format_number,
        number_type,
        parse,
    )

    try:
        number = parse(f"+{digits}")
    except NumberParseException:
        raise InvalidRecipientError("recipient must be a valid E.164 number, such as +254712345678") from None
    kind = number_type(number)
    if kind == PhoneNumberType.UNKNOWN:
        raise InvalidRecipientError("recipient must be a valid number of its country")
    if kind not in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE):
        raise InvalidRecipientError("recipient must be a mobile number: others get no SMS")
    return format_number(number, PhoneNumberFormat.E164)
