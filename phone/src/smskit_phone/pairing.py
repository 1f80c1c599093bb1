"""Turns a pairing code into credentials."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from smskit_phone import credentials
from smskit_phone.config import APP_VERSION
from smskit_phone.credentials import Credentials
from smskit_phone.drivers.base import Sim
from smskit_phone.errors import PairingError


async def pair(server: str, code: str, state_dir: Path, name: str, sims: Sequence[Sim]) -> Credentials:
    """Uses up `code` at `POST <server>/phone/pair` and saves what it yields in `state_dir`.

    Raises PairingError when the code is wrong, used or expired, or the server cannot be reached.
    """
    import httpx2

    # A folder that cannot be written must show before the single-use code is spent.
    credentials.make_folder(state_dir)
    body = {
        "code": code,
        "name": name,
        "model": "SMSKit phone agent",
        "platform": "python",
        "appVersion": APP_VERSION,
        "sims": [sim.as_frame() for sim in sims],
    }
    try:
        async with httpx2.AsyncClient(timeout=30) as client:
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
    return Credentials(body["deviceId"], body["deviceToken"], body["webSocketUrl"], name, sims)
