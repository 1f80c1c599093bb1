"""The business's servers that take webhooks."""

from __future__ import annotations

import io
import threading

from smskit_pictures.account import Business, until
from webhook_receiver.behaviour import Behaviour, Switch
from webhook_receiver.server import Receiver
from webhook_receiver.verifying import Secrets

_PATIENCE = 300


class Endpoints:
    """Two of the business's servers that take webhooks: one is well, the other falls ill."""

    def __init__(self) -> None:
        self._switch = Switch(Behaviour())
        quiet = io.StringIO()
        self._well = Receiver(0, Secrets([]), Switch(Behaviour()), out=quiet)
        self._ill = Receiver(0, Secrets([]), self._switch, out=quiet)
        for receiver in (self._well, self._ill):
            threading.Thread(target=receiver.serve_forever, daemon=True).start()

    async def register(self, account: Business) -> str:
        """Both become webhooks; the id of the one that falls ill."""
        everything = ["sms:sent", "sms:delivered", "sms:failed", "sms:received"]
        await account.console.ask("POST", "/console/webhooks", url=f"{self._well.url}/ledger", events=everything)
        made = await account.console.ask(
            "POST", "/console/webhooks", url=f"{self._ill.url}/hooks/sms", events=["sms:delivered", "sms:received"]
        )
        return str(made["webhookId"])

    def fall_ill(self) -> None:
        """From now on it answers 503."""
        self._switch.set(Behaviour(fail=503))

    def close(self) -> None:
        """Listen no more."""
        for receiver in (self._well, self._ill):
            receiver.shutdown()
            receiver.server_close()


async def given_up(account: Business, webhook_id: str) -> None:
    async def look() -> bool | None:
        found = await account.console.ask("GET", f"/console/webhooks/{webhook_id}")
        return found["status"] == "Suspended" or None

    await until(look, _PATIENCE, "the endpoint isn't suspended")
