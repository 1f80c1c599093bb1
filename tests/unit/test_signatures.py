"""Signatures: what the public package verifies, and nothing else."""

from __future__ import annotations

import base64
import json
import time

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from smskit.webhooks.logic import signatures

EVENT = "evt_7H2K9M4P1Q6R3T8V5W0X"
BODY = '{"event":"sms:received","text":"Habari · ¿qué? 🙂"}'.encode()


def now() -> int:
    return int(time.time())


def test_a_minted_secret_has_256_random_bits_and_the_standards_form() -> None:
    minted = {signatures.mint_secret() for _ in range(100)}
    assert len(minted) == 100
    for secret in minted:
        assert secret.startswith("whsec_")
        assert len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) == 32


def test_the_standards_own_example_gets_the_same_signature() -> None:
    # The example of the specification's reference libraries.
    headers = signatures.sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.dictionaries(st.text(), st.text()), st.integers(-290, 290))
def test_the_public_package_verifies_it(payload: dict[str, str], skew: int) -> None:
    secret, body = signatures.mint_secret(), json.dumps(payload, ensure_ascii=True).encode()
    headers = signatures.sign([secret], EVENT, now() + skew, body)
    assert Webhook(secret).verify(body, headers) == payload


def test_while_a_secret_is_rotated_either_one_verifies_and_no_other() -> None:
    old, new, other = (signatures.mint_secret() for _ in range(3))
    headers = signatures.sign([new, old], EVENT, now(), BODY)
    assert headers["webhook-signature"].count("v1,") == 2
    Webhook(old).verify(BODY, headers)
    Webhook(new).verify(BODY, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, headers)


@pytest.mark.parametrize("changed", ["webhook-id", "webhook-timestamp", "body"])
def test_nothing_that_is_signed_can_be_changed(changed: str) -> None:
    secret = signatures.mint_secret()
    headers = signatures.sign([secret], EVENT, now(), BODY)
    if changed == "webhook-timestamp":
        headers[changed] = str(int(headers[changed]) + 1)
    elif changed == "webhook-id":
        headers[changed] = EVENT[:-1] + "Y"
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY + b" " if changed == "body" else BODY, headers)


def test_a_delivery_that_is_played_again_later_is_too_old() -> None:
    secret = signatures.mint_secret()
    headers = signatures.sign([secret], EVENT, now(), BODY)
    with time_machine.travel(time.time() + 301), pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY, headers)


@pytest.mark.parametrize(
    ("secrets", "event_id"),
    [
        ([], EVENT),
        ([""], EVENT),
        (["whsec_"], EVENT),
        (["whsec_c2hvcnQ="], EVENT),
        (["whsec_not base64 at all, but long enough"], EVENT),
        ([signatures.mint_secret().removeprefix("whsec_")], EVENT),
        ([signatures.mint_secret()], "evt.1"),
    ],
)
def test_what_can_not_be_signed_is_an_error(secrets: list[str], event_id: str) -> None:
    with pytest.raises(ValueError):
        signatures.sign(secrets, event_id, now(), BODY)
