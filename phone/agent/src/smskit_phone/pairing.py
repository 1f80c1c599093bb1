"""Turns a pairing code into credentials."""

from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from smskit_phone import credentials, farewell
from smskit_phone.config import APP_VERSION, Timings
from smskit_phone.credentials import Credentials
from smskit_phone.drivers.base import Sim
from smskit_phone.errors import PairingError
from smskit_phone.http_client import http_client
from smskit_phone.lock import exclusive

SETTLE_SECONDS = 30.0
"""How long the phone of an earlier pairing may take to tell what it has."""


async def pair(
    server: str,
    code: str,
    state_dir: Path,
    name: str,
    sims: Sequence[Sim],
    *,
    forget: bool = False,
    timings: Timings | None = None,
) -> Credentials:
    """Uses up `code` at `POST <server>/phone/pair` and saves what it yields in `state_dir`.

    A phone that was paired there before first tells its server what there is to tell. Raises UntoldError if it can't,
    unless `forget` is set; StateInUseError while it runs; and PairingError when the code is wrong, used or expired,
    the server cannot be reached, or its address would send code and token in the open.
    """
    if not _is_private(server, "http"):
        raise PairingError(
            f"the server's address begins with https://, on this machine also with http://, unlike {server}"
        )
    # A folder that cannot be written, and what would be lost, must show before the single-use code is spent.
    with exclusive(state_dir):
        await farewell.part(state_dir, forget=forget, timings=timings or Timings(stop_grace=SETTLE_SECONDS))
        return await _redeem(server, code, state_dir, name, sims)


async def _redeem(server: str, code: str, state_dir: Path, name: str, sims: Sequence[Sim]) -> Credentials:
    import httpx2

    body = {
        "code": code,
        "name": name,
        "model": "SMSKit phone agent",
        "platform": "python",
        "appVersion": APP_VERSION,
        "sims": [sim.as_frame() for sim in sims],
    }
    try:
        async with http_client(server, timeout=30) as client:
            answer = await client.post(f"{server.rstrip('/')}/phone/pair", json=body)
    except httpx2.HTTPError as error:
        raise PairingError(f"{server} could not be reached: {error}") from None
    if answer.status_code != 201:
        raise PairingError(_refusal(answer.status_code, server))
    try:
        paired = _credentials(answer.json(), name, len(sims))
    except (ValueError, KeyError, TypeError):
        raise PairingError(f"{server} answered the pairing with something else than credentials") from None
    credentials.save(state_dir, paired)
    return paired


def _is_private(address: str, scheme: str) -> bool:
    """Encrypted, or on this machine: whoever overhears the code or the token is the phone from then on."""
    parts = urlsplit(address)
    if not parts.hostname:
        return False
    return parts.scheme == f"{scheme}s" or (parts.scheme == scheme and _is_loopback(parts.hostname))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal(status: int, server: str) -> str:
    if status == 404:
        return "the pairing code is wrong, used or expired: make a new one"
    if status == 429:
        return "too many pairing attempts: wait a while and try again"
    return f"{server} refused the pairing with HTTP {status}"


def _credentials(body: Any, name: str, sims: int) -> Credentials:
    fields = [body["deviceId"], body["deviceToken"], body["webSocketUrl"]]
    if not all(isinstance(value, str) and value for value in fields):
        raise ValueError("not strings")
    if not _is_private(body["webSocketUrl"], "ws"):
        raise ValueError("the token would go over the network in the open")
    return Credentials(body["deviceId"], body["deviceToken"], body["webSocketUrl"], name, sims)
