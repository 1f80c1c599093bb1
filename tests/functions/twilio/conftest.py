"""Fixtures of the tests of Twilio's API."""

from __future__ import annotations

import pytest

from tests.support import seeds
from tests.support.client_api import ClientApi
from tests.support.twilio import TwilioApi


@pytest.fixture
def messages(api: ClientApi) -> TwilioApi:
    """Twilio's API for an account with a phone online, whose SIMs have no number."""
    seeds.phone(api.account_id, sims=2)
    return TwilioApi(api)
