"""Numbers: what a client may write, who a message is from, and the one E.164 form that is stored and compared.

A number without a leading `+` is read as one of a country: an account's own. The forms of Kenya's are part of the API's
contract; those of others, with their trunk prefix and without, are told by the metadata of `phonenumbers`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from smskit.errors import InvalidNumberError, InvalidRecipientError
from smskit.platform.countries import DEFAULT

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_PUNCTUATION = str.maketrans("", "", " .-()[]")
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_KENYAN = re.compile(r"(?:0|254)?([17][0-9]{8})", re.ASCII)


def normalise(text: str, country: str = DEFAULT) -> str:
    """The E.164 form of a number that can get an SMS.

    A leading `+` is E.164, anything else is a mobile number of the country (ISO 3166-1 alpha-2), such as 07…, 01…, 7…,
    1… or 254… of Kenya. Raises InvalidRecipientError.
    """
    stripped = text.translate(_PUNCTUATION)
    digits = stripped.removeprefix("+")
    if not digits:
        raise InvalidRecipientError("recipient must be a phone number, such as +254712345678")
    if not _DIGITS.fullmatch(digits):
        raise InvalidRecipientError(
            "recipient may hold only the digits 0-9, a leading +, and spaces, dots, dashes and brackets"
        )
    if stripped.startswith("+"):
        return _mobile(_international(digits))
    if digits.startswith("00"):
        raise InvalidRecipientError("recipient must be written with a leading + instead of 00")
    number = _national(digits, country)
    if number is None:
        forms = "a Kenyan mobile number: 07…, 01…, 7…, 1… or 254…" if country == DEFAULT else f"a number of {country}"
        raise InvalidRecipientError(f"recipient without a leading + must be {forms}")
    return _mobile(number)


def number_of(text: str, country: str = DEFAULT) -> str:
    """`normalise`, for a field that is named `number`. Raises InvalidNumberError."""
    try:
        return normalise(text, country)
    except InvalidRecipientError as invalid:
        # Every such detail begins with the name of the field.
        raise InvalidNumberError(f"number{invalid.detail.removeprefix('recipient')}") from None


def country_of(number: str) -> str | None:
    """The country of a number in E.164, as ISO 3166-1 alpha-2; None for one of no country, such as a satellite's."""
    from phonenumbers import parse, region_code_for_number

    region = region_code_for_number(parse(number))
    return region if region is not None and region.isalpha() else None


def correspondent(text: str, country: str = DEFAULT) -> str:
    """The E.164 form of a number that may have written to us, also one that gets no SMS. Raises InvalidNumberError."""
    return _valid(text, country) or number_of(text, country)


def sender(text: str, country: str = DEFAULT) -> str:
    """Who wrote a message: E.164 for a phone number, so that `0712…` and `+254712…` are one; else the trimmed text.

    Networks send names (`MPESA`) and short codes (`22141`) as well. At most 100 characters are kept.
    """
    return _valid(text, country) or text.strip()[:100]


def _valid(text: str, country: str) -> str | None:
    """The E.164 form of a phone number of any kind, or of a mobile number of the country; None for anything else."""
    from phonenumbers import PhoneNumberFormat, format_number, is_valid_number

    compact = text.strip()[:100].translate(_PUNCTUATION)
    digits = compact.removeprefix("+")
    if not _DIGITS.fullmatch(digits):
        return None
    if compact.startswith("+"):
        number = _parsed(compact)
    elif digits.startswith("00"):
        number = _parsed(f"+{digits[2:]}")
    else:
        number = _national(digits, country)
        number = number if number is not None and _gets_sms(number) else None
    if number is None or not is_valid_number(number):
        return None
    return format_number(number, PhoneNumberFormat.E164)


def _national(digits: str, country: str) -> PhoneNumber | None:
    """A number as it is written in the country; None where nothing there is written so."""
    from phonenumbers import country_code_for_region

    if country == DEFAULT:
        match = _KENYAN.fullmatch(digits)
        return _parsed(f"+254{match[1]}") if match is not None else None
    number = _parsed(digits, country)
    return number if number is not None and number.country_code == country_code_for_region(country) else None


def _international(digits: str) -> PhoneNumber:
    number = _parsed(f"+{digits}")
    if number is None:
        raise InvalidRecipientError("recipient must be a valid E.164 number, such as +254712345678")
    return number


def _parsed(text: str, country: str | None = None) -> PhoneNumber | None:
    from phonenumbers import NumberParseException, parse

    try:
        return parse(text, country)
    except NumberParseException:
        return None


def _mobile(number: PhoneNumber) -> str:
    from phonenumbers import PhoneNumberFormat, PhoneNumberType, format_number, number_type

    if number_type(number) == PhoneNumberType.UNKNOWN:
        raise InvalidRecipientError("recipient must be a valid number of its country")
    if not _gets_sms(number):
        raise InvalidRecipientError("recipient must be a mobile number: others get no SMS")
    return format_number(number, PhoneNumberFormat.E164)


def _gets_sms(number: PhoneNumber) -> bool:
    """Google's metadata decides which ranges are mobile; fixed-or-mobile is where a country doesn't tell them apart."""
    from phonenumbers import PhoneNumberType, number_type

    return number_type(number) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)
