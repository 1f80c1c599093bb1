"""Rotated secrets: each that was replaced signs along for 24 hours."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from smskit.models.webhook import MAX_OLD_SECRETS
from smskit.webhooks.gateways import sealing
from smskit.webhooks.store import endpoints
from tests.support.http_events import Answer
from tests.support.webhooks import Webhooks


def test_during_a_rotation_both_secrets_verify_and_a_day_later_only_the_new_one(hooks: Webhooks) -> None:
    hook, webhook_id, first = hooks.hook()
    second = hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret").body["secret"]

    def verified() -> tuple[bool, bool]:
        hooks.happen()
        return hook.calls[-1].verified_by(first), hook.calls[-1].verified_by(second)

    assert verified() == (True, True)
    hooks.clock.shift(24 * 3600 - 60)
    assert verified() == (True, True)
    hooks.clock.shift(61)
    assert verified() == (False, True)
    assert second not in str(hooks.get(webhook_id))


def test_each_of_two_rotations_in_a_day_overlaps(hooks: Webhooks) -> None:
    hook, webhook_id, first = hooks.hook()
    second = hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret").body["secret"]
    third = hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret").body["secret"]
    hooks.happen()
    (call,) = hook.calls
    assert all(call.verified_by(secret) for secret in (first, second, third))


def rotate(hooks: Webhooks, webhook_id: str) -> Answer:
    return hooks.api.post(f"/api/webhooks/{webhook_id}/rotate-secret")


def test_a_rotation_that_would_end_a_secret_early_is_refused_and_changes_nothing(hooks: Webhooks) -> None:
    hook, webhook_id, first = hooks.hook()
    secrets = [first]
    for _ in range(MAX_OLD_SECRETS):
        secrets.append(rotate(hooks, webhook_id).body["secret"])
        hooks.clock.shift(60)
    before = hooks.cloud.items("webhooks")
    refused = rotate(hooks, webhook_id)
    assert (refused.status, refused.slug) == (409, "too-many-secrets")
    assert hooks.cloud.items("webhooks") == before
    hooks.happen()
    assert all(hook.calls[-1].verified_by(secret) for secret in secrets)


def test_a_rotation_is_possible_again_when_the_first_secret_has_had_its_24_hours(hooks: Webhooks) -> None:
    hook, webhook_id, first = hooks.hook()
    second = rotate(hooks, webhook_id).body["secret"]
    hooks.clock.shift(60)
    for _ in range(MAX_OLD_SECRETS - 1):
        rotate(hooks, webhook_id)
    hooks.clock.shift(24 * 3600 - 61)
    assert rotate(hooks, webhook_id).status == 409
    hooks.clock.shift(1)
    newest = rotate(hooks, webhook_id).body["secret"]
    assert rotate(hooks, webhook_id).status == 409
    hooks.happen()
    (call,) = hook.calls
    assert [call.verified_by(secret) for secret in (first, second, newest)] == [False, True, True]


def test_a_secret_is_stored_sealed_and_good_for_its_own_endpoint_alone(hooks: Webhooks) -> None:
    _, webhook_id, first = hooks.hook()
    second = rotate(hooks, webhook_id).body["secret"]
    stored = str(hooks.cloud.items("webhooks"))
    assert first.removeprefix("whsec_") not in stored and second.removeprefix("whsec_") not in stored

    endpoint = endpoints.get(hooks.api.account_id, webhook_id)
    assert endpoint is not None
    sealing.opened.cache_clear()
    assert sealing.opened(endpoint.sealed, endpoint.account_id, webhook_id) == second
    for account_id, other in ((endpoint.account_id, "whk_0000000000000000000A"), ("acc_nope", webhook_id)):
        with pytest.raises(ClientError, match="InvalidCiphertext"):
            sealing.opened(endpoint.sealed, account_id, other)


def test_a_warm_process_asks_for_a_secret_once(hooks: Webhooks) -> None:
    hook, *_ = hooks.hook()
    sealing.opened.cache_clear()
    for _ in range(3):
        hooks.happen()
    assert len(hook.calls) == 3
    assert sealing.opened.cache_info().misses == 1
