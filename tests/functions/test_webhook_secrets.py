"""Rotated secrets: each that was replaced signs along for 24 hours."""

from __future__ import annotations

from smskit.models.webhook import MAX_OLD_SECRETS
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
