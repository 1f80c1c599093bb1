"""Recipients: every form that clients write, and every one that is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import (
    SUPPORTED_REGIONS,
    PhoneNumberFormat,
    PhoneNumberType,
    example_number_for_type,
    format_number,
    national_significant_number,
    number_type,
)

from smskit.errors import InvalidNumberError, InvalidRecipientError
from smskit.sending.logic import phone_numbers


@pytest.mark.parametrize(
    ("written", "e164"),
    [
        ("+254712345678", "+254712345678"),
        ("0712345678", "+254712345678"),
        ("712345678", "+254712345678"),
        ("254712345678", "+254712345678"),
        ("0112345678", "+254112345678"),
        ("112345678", "+254112345678"),
        ("254112345678", "+254112345678"),
        ("+254 712-345-678", "+254712345678"),
        ("(0712) 345.678", "+254712345678"),
        ("[0712] 345 678", "+254712345678"),
        (" 0712345678 ", "+254712345678"),
        ("+1 415 555 2671", "+14155552671"),
        ("+44 7400 123456", "+447400123456"),
        ("+255 712 345 678", "+255712345678"),
        ("+256 712 345678", "+256712345678"),
    ],
)
def test_a_number_is_normalised(written: str, e164: str) -> None:
    assert phone_numbers.normalise(written) == e164


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("", "must be a phone number"),
        ("+", "must be a phone number"),
        ("  ", "must be a phone number"),
        ("abc", "only the digits"),
        ("٠٧١٢٣٤٥٦٧٨", "only the digits"),
        ("+٢٥٤٧١٢٣٤٥٦٧٨", "only the digits"),
        ("0712345678x12", "only the digits"),
        ("+254712345678;ext=5", "only the digits"),
        ("+254712345678 ext. 5", "only the digits"),
        ("0712 345 678 / 0722 345 678", "only the digits"),
        ("++254712345678", "only the digits"),
        ("254+712345678", "only the digits"),
        ("0712345678\n", "only the digits"),
        ("0712\u00a0345678", "only the digits"),
        ("tel:+254712345678", "only the digits"),
        ("+1-800-FLOWERS", "only the digits"),
        ("00254712345678", "instead of 00"),
        ("0014155552671", "instead of 00"),
        ("0202345678", "Kenyan mobile"),
        ("14155552671", "Kenyan mobile"),
        ("071234567", "Kenyan mobile"),
        ("07123456789", "Kenyan mobile"),
        ("22141", "Kenyan mobile"),
        ("0800723253", "Kenyan mobile"),
        ("2540712345678", "Kenyan mobile"),
        ("0199999999", "of its country"),
        ("+254202345678", "mobile number"),
        ("+254800723253", "mobile number"),
        ("+25471234567", "of its country"),
        ("+2547123456789012345", "of its country"),
        ("+999123456789", "valid E.164"),
        ("+22141", "of its country"),
        ("+442079460000", "mobile number"),
        ("+448081570000", "mobile number"),
    ],
)
def test_a_number_is_refused_by_a_rule_that_is_named(written: str, rule: str) -> None:
    with pytest.raises(InvalidRecipientError) as refused:
        phone_numbers.normalise(written)
    assert refused.value.detail.startswith("recipient ")
    assert rule in refused.value.detail
    assert len(written.strip()) < 4 or written not in refused.value.detail


@pytest.mark.parametrize(
    ("written", "e164"),
    [("+254 20 2123456", "+254202123456"), ("+442071838750", "+442071838750"), ("0712345678", "+254712345678")],
)
def test_a_number_that_may_have_written_is_of_any_kind(written: str, e164: str) -> None:
    assert phone_numbers.correspondent(written) == e164


@pytest.mark.parametrize("written", ["", "MPESA", "22141", "+1", "020 123", "+999123456789"])
def test_what_is_no_number_is_refused_by_the_name_of_its_field(written: str) -> None:
    for reading in (phone_numbers.correspondent, phone_numbers.number_of):
        with pytest.raises(InvalidNumberError) as refused:
            reading(written)
        assert refused.value.detail.startswith("number ") and "recipient" not in refused.value.detail


@pytest.mark.parametrize(
    ("written", "country", "e164"),
    [
        ("07911 123456", "GB", "+447911123456"),
        ("7911123456", "GB", "+447911123456"),
        ("447911123456", "GB", "+447911123456"),
        ("0803 123 4567", "NG", "+2348031234567"),
        ("2348031234567", "NG", "+2348031234567"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("1 202 555 0123", "US", "+12025550123"),
        ("(416) 555-0123", "US", "+14165550123"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("340 123 4567", "IT", "+393401234567"),
        ("8 912 345 67 89", "RU", "+79123456789"),
        ("011 15-2345-6789", "AR", "+5491123456789"),
        ("+254712345678", "GB", "+254712345678"),
        ("0712345678", "TZ", "+255712345678"),
        ("0712345678", "UG", "+256712345678"),
        ("0712345678", "KE", "+254712345678"),
    ],
)
def test_a_number_without_plus_is_read_as_the_countrys(written: str, country: str, e164: str) -> None:
    assert phone_numbers.normalise(written, country) == e164
    assert phone_numbers.sender(written, country) == e164
    assert phone_numbers.correspondent(written, country) == e164
    assert phone_numbers.normalise(e164, country) == e164


@pytest.mark.parametrize(
    ("written", "country", "rule"),
    [
        ("00254712345678", "GB", "instead of 00"),
        ("011 44 7911 123456", "US", "a number of US"),
        ("254712345678", "GB", "of its country"),
        ("020 7183 8750", "GB", "mobile number"),
        ("22141", "GB", "of its country"),
        ("1", "GB", "a number of GB"),
        ("1" * 18, "GB", "a number of GB"),
    ],
)
def test_what_a_country_does_not_write_so_is_refused(written: str, country: str, rule: str) -> None:
    with pytest.raises(InvalidRecipientError, match=rule):
        phone_numbers.normalise(written, country)


def has_mobiles(country: str) -> bool:
    known = example_number_for_type(country, PhoneNumberType.MOBILE)
    return known is not None and number_type(known) in (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@pytest.mark.parametrize("country", sorted(filter(has_mobiles, SUPPORTED_REGIONS)))
def test_every_country_writes_its_own_numbers_with_its_trunk_prefix_and_without(country: str) -> None:
    known = example_number_for_type(country, PhoneNumberType.MOBILE)
    assert known is not None
    e164 = format_number(known, PhoneNumberFormat.E164)
    national = format_number(known, PhoneNumberFormat.NATIONAL)
    assert phone_numbers.normalise(e164, country) == e164
    assert phone_numbers.normalise(national.translate(str.maketrans("", "", "/")), country) == e164
    assert phone_numbers.normalise(national_significant_number(known), country) == e164


@pytest.mark.parametrize(
    ("written", "country", "shown"),
    [("22141", "US", "22141"), ("MPESA", "GB", "MPESA"), ("020 7183 8750", "GB", "020 7183 8750"),
     ("0044 20 7183 8750", "KE", "+442071838750"), ("+0044 7911 123456", "GB", "+0044 7911 123456")],
)  # fmt: skip
def test_who_wrote_stays_what_the_network_said_where_it_is_no_mobile_number(
    written: str, country: str, shown: str
) -> None:
    assert phone_numbers.sender(written, country) == shown


@given(st.text(max_size=40))
def test_any_text_is_normalised_or_refused(written: str) -> None:
    try:
        number = phone_numbers.normalise(written)
    except InvalidRecipientError:
        return
    assert number.startswith("+") and number[1:].isascii() and number[1:].isdigit() and len(number) <= 16


@given(st.from_regex(r"\A(\+254|254|0|)7[0-9]{8}\Z"), st.lists(st.tuples(st.integers(0, 12), st.sampled_from(" .-()"))))
def test_every_way_to_write_a_number_is_one_number(written: str, noise: list[tuple[int, str]]) -> None:
    noisy = written
    for position, mark in noise:
        noisy = noisy[:position] + mark + noisy[position:]
    assert phone_numbers.normalise(noisy) == "+254" + written[-9:]


@given(st.from_regex(r"\A7[0-9]{8}\Z"))
def test_normalising_twice_changes_nothing(written: str) -> None:
    once = phone_numbers.normalise(written)
    assert phone_numbers.normalise(once) == once
