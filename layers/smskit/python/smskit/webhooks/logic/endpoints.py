"""Webhook endpoints of an account: registered, shown, changed, removed, and given new secrets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from smskit.accounts.logic import audit_log
from smskit.errors import NotFoundError, TooManySecretsError
from smskit.models.audit import Action, Entry
from smskit.models.member import Person
from smskit.models.webhook import MAX_OLD_SECRETS, SECRET_OVERLAP_MS, Endpoint, EndpointShape, OldSecret
from smskit.platform import credentials
from smskit.platform.ids import is_id, new_id
from smskit.platform.retries import until_written
from smskit.webhooks.gateways import http_post, sealing
from smskit.webhooks.logic import signatures, twilio_signatures
from smskit.webhooks.store import endpoints


@dataclass(frozen=True, slots=True)
class WithSecret:
    """An endpoint with the signing secret that was made for it just now: shown this once, and stored sealed. None: what
    signs is the API key that asked for it."""

    endpoint: Endpoint
    secret: str | None


@dataclass(frozen=True, slots=True)
class _Secret:
    """A secret: as it is shown, and what is sealed of it."""

    shown: str | None
    kept: str = field(repr=False)


def register(
    account_id: str,
    url: str,
    events: Sequence[str],
    now: int,
    by: Person | None = None,
    *,
    shape: EndpointShape = EndpointShape.STANDARD,
    signing_key: str | None = None,
) -> WithSecret:
    """A new endpoint with its signing secret; one of Twilio's shape is signed with the `signing_key`, if there is one.

    Raises InvalidUrlError, WebhookExistsError or TooManyWebhooksError.
    """
    checked = http_post.check_target(url)
    webhook_id, secret = new_id("whk", now), _secret(shape, signing_key)
    sealed = sealing.seal(secret.kept, account_id, webhook_id)
    endpoint = Endpoint(account_id, webhook_id, checked, tuple(events), sealed, created_at=now, shape=shape)
    endpoints.create(endpoint, audit_log.entry_by(by, Action.WEBHOOK_REGISTERED, webhook_id, now))
    return WithSecret(endpoint, secret.shown)


def _secret(shape: EndpointShape, signing_key: str | None) -> _Secret:
    if shape is EndpointShape.STANDARD:
        made = signatures.mint_secret()
        return _Secret(made, made)
    if signing_key is not None:
        return _Secret(None, signing_key)
    token = twilio_signatures.mint_token()
    return _Secret(token, credentials.signing_key(token))


def read(account_id: str, webhook_id: str) -> Endpoint:
    """The account's endpoint. Raises NotFoundError for a malformed or unknown id and for a foreign one alike."""
    endpoint = endpoints.get(account_id, webhook_id) if is_id("whk", webhook_id) else None
    if endpoint is None:
        raise NotFoundError("There is no webhook with this id in the account")
    return endpoint


def change(account_id: str, webhook_id: str, url: str | None, events: Sequence[str] | None) -> Endpoint:
    """Another URL or other events; what is None stays. Raises NotFoundError, InvalidUrlError or WebhookExistsError."""
    checked = None if url is None else http_post.check_target(url)

    def apply(old: Endpoint) -> Endpoint:
        new_url, new_events = checked or old.url, old.events if events is None else tuple(events)
        if (new_url, new_events) == (old.url, old.events):
            return old
        return endpoints.change(old, new_url, new_events)

    return _with_current(account_id, webhook_id, apply)


def remove(account_id: str, webhook_id: str, entry: Entry | None = None) -> None:
    """Remove an endpoint; what waits in its line is not sent any more. Raises NotFoundError."""

    def apply(old: Endpoint) -> Endpoint:
        endpoints.remove(old, entry)
        return old

    _with_current(account_id, webhook_id, apply)


def rotate_secret(account_id: str, webhook_id: str, now: int, signing_key: str | None = None) -> WithSecret:
    """A new secret; the one before it signs along for 24 hours. Of Twilio's shape there is room for one signature: it
    is the new secret's at once, or that of the `signing_key`.

    Raises NotFoundError, or TooManySecretsError rather than cut the hours of one that was replaced before.
    """
    secrets = {shape: _secret(shape, signing_key) for shape in EndpointShape}

    def apply(old: Endpoint) -> Endpoint:
        sealed = sealing.seal(secrets[old.shape].kept, account_id, webhook_id)
        if old.shape is EndpointShape.TWILIO:
            return endpoints.change_secrets(old, replace(old, sealed=sealed, old_secrets=()))
        kept = tuple(replaced for replaced in old.old_secrets if replaced.until > now)
        if len(kept) >= MAX_OLD_SECRETS:
            raise TooManySecretsError(f"{MAX_OLD_SECRETS} replaced secrets sign along; each does so for 24 hours")
        old_secrets = (OldSecret(old.sealed, now + SECRET_OVERLAP_MS), *kept)
        return endpoints.change_secrets(old, replace(old, sealed=sealed, old_secrets=old_secrets))

    rotated = _with_current(account_id, webhook_id, apply)
    return WithSecret(rotated, secrets[rotated.shape].shown)


def _with_current(account_id: str, webhook_id: str, apply: Callable[[Endpoint], Endpoint]) -> Endpoint:
    """Apply a change to the endpoint as it is now; again when it changed meanwhile."""
    reason = f"endpoint {webhook_id} changed under every try"
    return until_written(partial(read, account_id, webhook_id), apply, reason)
