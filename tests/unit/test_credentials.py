"""API keys and device tokens: told from typos without any I/O, and never the same twice."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smskit.clients.logic import api_keys
from smskit.phones.logic import device_tokens
from smskit.platform.ids import ALPHABET, new_id

CLIENT = "cli_7H2K9M4P1Q6R3T8V5W0X"
ACCOUNT, DEVICE = "acc_7H2K9M4P1Q6R3T8V5W0X", "dvc_3K7J2H5F8M1N4Q9R6V0W"


def test_a_minted_key_names_its_client_and_its_hash() -> None:
    key = api_keys.mint(CLIENT)
    parsed = api_keys.parse(key)
    assert parsed is not None
    assert key.startswith("sk_live_7H2K9M4P1Q6R3T8V5W0X")
    assert parsed.client_id == CLIENT
    assert parsed.key_hash == hashlib.sha256(key.encode()).hexdigest()


def test_a_key_has_160_random_bits() -> None:
    keys = {api_keys.mint(CLIENT) for _ in range(200)}
    secrets = {key.removeprefix("sk_live_")[20:-7] for key in keys}
    assert len(secrets) == 200
    assert {len(secret) for secret in secrets} == {32}
    assert set("".join(secrets)) == set(ALPHABET)


@given(st.integers(0, 66), st.sampled_from(ALPHABET))
def test_one_changed_character_is_caught(position: int, character: str) -> None:
    key = api_keys.mint(CLIENT)
    changed = key[:position] + character + key[position + 1 :]
    assert api_keys.parse(changed) is None or changed == key


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: "",
        lambda key: key[:-1],
        lambda key: key + "0",
        lambda key: key + "\n",
        lambda key: f" {key}",
        lambda key: f"{key},{key}",
        lambda key: key.lower(),
        lambda key: key.replace("sk_live_", "sk_test_"),
        lambda key: key.replace("7H2K", "7H2Ķ"),
        lambda key: "\ud800" * 67,
    ],
)
def test_a_spoilt_key_is_none(spoil: object) -> None:
    assert api_keys.parse(spoil(api_keys.mint(CLIENT))) is None  # type: ignore[operator]


def test_a_device_token_names_its_phone() -> None:
    token, token_hash = device_tokens.mint(ACCOUNT, DEVICE)
    assert token.startswith("dt_")
    assert device_tokens.parse(token) == (ACCOUNT, DEVICE, token_hash)
    assert token_hash == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("text", ["", "dt_", "Bearer x", "an API key", "dt_" + "0" * 79])
def test_what_is_no_device_token_is_none(text: str) -> None:
    given = api_keys.mint(CLIENT) if text == "an API key" else text
    assert device_tokens.parse(given) is None


def test_ids_of_any_time_fit_into_credentials() -> None:
    for moment in (0, 1_766_000_000_000, 2**50 - 1):
        client_id = new_id("cli", moment)
        parsed = api_keys.parse(api_keys.mint(client_id))
        assert parsed is not None and parsed.client_id == client_id
