"""SIDs stand for ids both ways, and keys sign as auth tokens do."""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from smskit.clients.logic import api_keys
from smskit.models import twilio
from smskit.models.twilio import SidKind
from smskit.platform import credentials
from smskit.platform.ids import ALPHABET, new_id
from smskit.webhooks.logic import twilio_signatures

BODIES = st.text(ALPHABET, min_size=20, max_size=20)
PREFIXES = {SidKind.ACCOUNT: "acc", SidKind.SENT: "job", SidKind.RECEIVED: "msg"}
URL = "https://yourapp.com/twilio/status?order=1042"


@given(st.sampled_from(SidKind), BODIES)
def test_a_sid_leads_back_to_its_id_alone(kind: SidKind, body: str) -> None:
    id_ = f"{PREFIXES[kind]}_{body}"
    sid = twilio.sid_of(kind, id_)
    assert re.fullmatch("(AC|SM)[0-9a-f]{32}", sid)
    assert [other for other in SidKind if twilio.id_of(other, sid)] == [kind]
    assert twilio.id_of(kind, sid) == id_


@pytest.mark.parametrize("text", ["", "SM", "SM" + "0" * 31, "SM" + "0" * 33, "SM" + "0" * 31 + "G", "SM" + "A" * 32])
def test_what_is_no_sid_has_no_id(text: str) -> None:
    assert [twilio.id_of(kind, text) for kind in SidKind] == [None, None, None]


def test_a_key_signs_by_what_leads_back_to_no_key() -> None:
    key = api_keys.mint(new_id("cli", 0))
    kept = credentials.signing_key(key)
    assert len(key) > 64 and kept == hashlib.sha1(key.encode()).hexdigest()
    assert hmac.digest(bytes.fromhex(kept), b"x", hashlib.sha1) == hmac.digest(key.encode(), b"x", hashlib.sha1)
    assert api_keys.parse(kept) is None and credentials.digest(kept) != credentials.digest(key)


@pytest.mark.parametrize(
    "token", [api_keys.mint(new_id("cli", 0)), twilio_signatures.mint_token()], ids=["key", "token"]
)
@pytest.mark.parametrize("form", ["To=%2B254712345678&Body=caf%C3%A9+%26+%F0%9F%98%80&Empty=", "EventType=PING"])
def test_the_packages_own_validator_takes_a_signature_and_no_other(token: str, form: str) -> None:
    headers = twilio_signatures.sign(credentials.signing_key(token), URL, "evt_1", form)
    fields = {"EventType": "PING"} if form == "EventType=PING" else {
        "To": "+254712345678", "Body": "café & 😀", "Empty": "",
    }  # fmt: skip
    signature = headers["X-Twilio-Signature"]
    assert RequestValidator(token).validate(URL, fields, signature)
    assert not RequestValidator(token[:-1] + "x").validate(URL, fields, signature)
    assert not RequestValidator(token).validate(URL + "3", fields, signature)
    assert not RequestValidator(token).validate(URL, fields | {"To": "+254712345679"}, signature)
    assert not RequestValidator(token).validate(URL, fields, b64encode(bytes(20)).decode())
