"""Callbacks: addresses that are named with a message, and told what becomes of it.

Those of one API key and one origin share an endpoint that nobody registers: its line, its outages, and what it is
signed with. The first message that names the origin makes it, and one that finds it suspended makes it Active again.
"""

from __future__ import annotations

from smskit.caches import kept
from smskit.models.job import Callback
from smskit.models.webhook import Endpoint, EndpointShape, EndpointStatus
from smskit.platform.ids import derived_id
from smskit.webhooks.gateways import http_post, sealing
from smskit.webhooks.store import callbacks, endpoints

LOOK_AGAIN_MS = 300_000
_REMEMBERED = 1_000
_seen: dict[str, int] = kept({})


def prepare(account_id: str, url: str, signing_key: str, now: int) -> Callback:
    """The callback of a message to this URL, signed with this key. Raises InvalidUrlError.

    For five minutes a process takes for granted what it has found: then it costs nothing.
    """
    target = http_post.parse(url)
    endpoint_id = derived_id("cbk", account_id, signing_key, f"{target.scheme}://{target.authority}")
    if now - _seen.get(endpoint_id, -LOOK_AGAIN_MS) >= LOOK_AGAIN_MS:
        http_post.check_target(url)
        _require_active(account_id, endpoint_id, str(target), signing_key, now)
        if len(_seen) >= _REMEMBERED:
            _seen.clear()
        _seen[endpoint_id] = now
    return Callback(endpoint_id, str(target))


def _require_active(account_id: str, endpoint_id: str, url: str, signing_key: str, now: int) -> None:
    endpoint = endpoints.get(account_id, endpoint_id, consistent=False)
    if endpoint is None:
        sealed = sealing.seal(signing_key, account_id, endpoint_id)
        made = Endpoint(account_id, endpoint_id, url, (), sealed, created_at=now, shape=EndpointShape.TWILIO)
        callbacks.create(made)
    elif endpoint.status is EndpointStatus.SUSPENDED:
        endpoints.activate(account_id, endpoint_id, now)
