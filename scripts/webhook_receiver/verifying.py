"""Signatures, by the public ``standardwebhooks`` package: what a customer would use."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

from standardwebhooks import Webhook, WebhookVerificationError


class Secrets:
    """The secrets to try, none or several."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._lock = threading.Lock()
        self.set(secrets)

    def set(self, secrets: Sequence[str]) -> None:
        """Try these from now on. Raises ValueError for one that is no secret."""
        webhooks = [_webhook(secret) for secret in secrets]
        with self._lock:
            self._webhooks = webhooks

    def verifying(self, body: bytes, headers: Mapping[str, str]) -> list[int] | None:
        """Which of the secrets verify the delivery, by their position; None when there are no secrets."""
        with self._lock:
            webhooks = self._webhooks
        return (
            [index for index, webhook in enumerate(webhooks) if _verifies(webhook, body, headers)] if webhooks else None
        )


def _webhook(secret: str) -> Webhook:
    if not secret.startswith("whsec_"):
        raise ValueError("a secret must begin with whsec_")
    return Webhook(secret)


def _verifies(webhook: Webhook, body: bytes, headers: Mapping[str, str]) -> bool:
    try:
        webhook.verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, ValueError):  # a malformed signature raises a bare ValueError
        return False
    return True
