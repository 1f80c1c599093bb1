"""Numbers: what a client may write, who a message is from, and the one E.164 form that is stored and compared."""

from __future__ import annotations

import re

from smskit.errors import InvalidNumberError, InvalidRecipientError

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


def number_of(text: str) -> str:
    """`normalise`, for a field that is named `number`. Raises InvalidNumberError."""
    try:
        return normalise(text)
    except InvalidRecipientError as invalid:
        # Every such detail begins with the name of the field.
        raise InvalidNumberError(f"number{invalid.detail.removeprefix('recipient')}") from None


def country_of(number: str) -> str | None:
    """The country of a number in E.164, as ISO 3166-1 alpha-2; None for one of no country, such as a satellite's."""
    from phonenumbers import parse, region_code_for_number

    region = region_code_for_number(parse(number))
    return region if region is not None and region.isalpha() else None


def correspondent(text: str) -> str:
    """The E.164 form of a number that may have written to us, also one that gets no SMS. Raises InvalidNumberError."""
    return _valid(text) or number_of(text)


def sender(text: str) -> str:
    """Who wrote a message: E.164 for a phone number, so that `0712…` and `+254712…` are one; else the trimmed text.

    Networks send names (`MPESA`) and short codes (`22141`) as well. At most 100 characters are kept.
    """
    return _valid(text) or text.strip()[:100]


def _valid(text: str) -> str | None:
    """The E.164 form of a phone number of any kind; None for anything else."""
    from phonenumbers import NumberParseException, PhoneNumberFormat, format_number, is_valid_number, parse

    compact = text.strip()[:100].translate(_PUNCTUATION)
    digits = compact.removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        return None
    kenyan = _KENYAN.fullmatch(digits)
    if compact.startswith("+"):
        candidate = digits
    elif digits.startswith("00"):
        candidate = digits[2:]
    elif kenyan is not None:
        candidate = f"254{kenyan[1]}"
    else:
        return None
    try:
        number = parse(f"+{candidate}")
    except NumberParseException:
        return None
    return format_number(number, PhoneNumberFormat.E164) if is_valid_number(number) else None


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
