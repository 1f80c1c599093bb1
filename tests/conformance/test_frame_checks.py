"""The suite takes and refuses the frames of phones as the server does: both are held against the same vectors."""

import pytest

from smskit_phone.conformance.frame_checks import BadPhoneFrameError, parse
from tests.support import vectors
from tests.support.vectors import FrameVector


@pytest.mark.parametrize("vector", vectors.frames("phone-frames.json", "valid"), ids=str)
def test_a_valid_frame_is_taken(vector: FrameVector):
    assert parse(vector.text)["type"] == vector.entry["frame"]["type"]


@pytest.mark.parametrize("vector", vectors.frames("phone-frames.json", "invalid"), ids=str)
def test_an_invalid_frame_is_refused(vector: FrameVector):
    with pytest.raises(BadPhoneFrameError):
        parse(vector.text)


def test_what_is_wrong_is_told_by_the_names_of_the_fields_and_without_their_values():
    text = (
        '{"type": "received", "seq": 1, "messages": [{"phoneMessageId": "1", "from": "+254712345678", "simSlot": 9}]}'
    )

    with pytest.raises(BadPhoneFrameError) as refused:
        parse(text)

    assert str(refused.value) == "received: messages/0/content: is missing"
    with pytest.raises(BadPhoneFrameError) as refused:
        parse('{"type": "report", "seq": "secret"}')
    assert "secret" not in str(refused.value)
