"""What the smoke does, in order: all that a deployment is for, once."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, TypeVar

from smskit.accounts.logic import audit_log
from smskit.phones.logic import pairing_codes
from smskit.platform.times import now_ms
from smskit_smoke import account, aws_only, endpoint
from smskit_smoke.asking import Asker, until
from smskit_smoke.phone import SmokePhone
from smskit_smoke.removal import Removal
from smskit_smoke.report import NotRunError, OnlyOnAwsError, Report, SmokeError
from smskit_smoke.signing_in import AskPerson, LoginPages
from smskit_smoke.target import Target

RECIPIENT = "+254712345678"
_FINAL = {"Delivered", "Failed", "DeadLetter", "Cancelled"}
T = TypeVar("T")


class Journey:
    """One run; each method is a check, and what it makes is noted for removal before it is used."""

    def __init__(
        self, target: Target, removal: Removal, folder: Path, webhook_url: str | None, ask_person: AskPerson
    ) -> None:
        self._target, self._removal, self._given_url, self._ask_person = target, removal, webhook_url, ask_person
        self._began = time.time()
        self._phone = SmokePhone(folder)
        self._account_id: str | None = None
        self._customer: Asker | None = None
        self._console: Asker | None = None
        self._webhook_id: str | None = None
        self._job_id: str | None = None
        self._is_paired = self._has_arrived = False

    async def run(self, report: Report) -> None:
        """Make all checks."""
        await report.check("an account and an API key", self.open_account)
        await report.check("a webhook", self.register_webhook)
        await report.check("a phone pairs and connects", self.connect_phone)
        await report.check("a send is accepted", self.send)
        await report.check("it is delivered", self.follow)
        await report.check("its webhook is taken", self.hear)
        await report.check("an SMS comes in", self.receive)
        await report.check("a closed connection is noticed", self.disconnect)
        await report.check("the login page", self.see_login_page)
        await report.check("a person signs in", self.sign_in)
        await report.check("a phone is revoked", self.revoke)
        await report.check("stream of an encrypted table", self.check_stream)
        await report.check("API Gateway's role for logs", self.check_log_role)

    async def open_account(self) -> str:
        """An account of its own, with an API client."""
        opened = account.open_account("Smoke", self._removal)
        self._account_id = opened.account_id
        self._customer = Asker(self._target.api_url, {"X-Api-Key": opened.api_key})
        self._removal.note("connections", self._customer.close)
        await self._customer.ask("GET", "/api/devices")
        return opened.account_id

    async def register_webhook(self) -> str:
        """An endpoint that the sender can reach."""
        customer = _need(self._customer, "an API key")
        url, kind = await endpoint.open_endpoint(self._target, self._given_url, self._removal)
        made = await customer.ask("POST", "/api/webhooks", {"url": url, "events": ["sms:delivered"]})
        self._webhook_id = made["webhookId"]
        return f"{kind}, {made['webhookId']}"

    async def connect_phone(self) -> str:
        """Pairing over HTTP, then the WebSocket."""
        account_id = _need(self._account_id, "an account")
        code = pairing_codes.create_code(account_id, now_ms(), audit_log.command_line(account_id))
        await self._phone.pair(self._target.api_url, code.code)
        self._removal.note("the phone", self._phone.stop)
        await self._phone.connect()
        self._is_paired = True
        return self._phone.device_id

    async def send(self) -> str:
        """202 and a job."""
        body = {"recipient": RECIPIENT, "message": "Smoke", "priority": 9}
        answer = await _need(self._customer, "an API key").ask("POST", "/api/sms/send", body)
        self._job_id = answer["jobId"]
        return str(answer["jobId"])

    async def follow(self) -> str:
        """Until it is Delivered, with its timeline."""
        customer, job_id = _need(self._customer, "an API key"), _need(self._job_id, "a job")
        seen: dict[str, Any] = {}

        async def ended() -> bool:
            seen.update(await customer.ask("GET", f"/api/sms/{job_id}/status"))
            return seen["status"] in _FINAL

        await until(ended, f"{job_id} has not ended")
        if seen["status"] != "Delivered":
            raise SmokeError(f"{job_id} ended as {seen['status']}: {seen.get('error')}")
        return ", ".join(entry["event"] for entry in seen["timeline"])

    async def hear(self) -> str:
        """The delivery log says that the endpoint took the event."""
        customer, webhook_id = _need(self._customer, "an API key"), _need(self._webhook_id, "a webhook")
        _need(self._job_id, "a job")
        entry = await endpoint.delivered(customer.ask, webhook_id, "sms:delivered")
        self._has_arrived = True
        return f"sms:delivered, {entry['deliveryId']}"

    async def receive(self) -> str:
        """From the radio to the feed."""
        customer = _need(self._customer, "an API key")
        self._need_phone()
        self._phone.receive(RECIPIENT, "Smoke")

        async def arrived() -> list[dict[str, Any]]:
            return list((await customer.ask("GET", "/api/sms/received"))["messages"])

        return str((await until(arrived, "it is not in the feed"))[0]["messageId"])

    async def disconnect(self) -> str:
        """$disconnect carries the phone's identity: by the heartbeat alone it would be minutes."""
        customer = _need(self._customer, "an API key")
        self._need_phone()
        await self._phone.stop()

        async def offline() -> bool:
            devices = (await customer.ask("GET", "/api/devices"))["devices"]
            return bool(devices) and devices[0]["status"] == "Offline"

        await until(offline, "the phone is still shown as Online: $disconnect had no requestContext.authorizer", 60)
        await self._phone.connect()
        if self._target.is_emulated:
            raise OnlyOnAwsError("Offline at once, but by an event of the emulator's")
        return "Offline at once, by requestContext.authorizer on $disconnect"

    async def see_login_page(self) -> str:
        """What a browser is shown first."""
        pages = LoginPages(self._target)
        try:
            answer = await pages.page()
        finally:
            await pages.close()
        if self._target.is_emulated:
            raise OnlyOnAwsError("the emulator shows a page of its own, not the managed login")
        return f"{answer.url.host} shows the managed login"

    async def sign_in(self) -> str:
        """Through the login pages to the console API, as an owner."""
        login = account.new_owner(_need(self._account_id, "an account"), self._target, self._removal)
        pages = LoginPages(self._target)
        try:
            token = await pages.sign_in(login, self._ask_person)
        finally:
            await pages.close()
        self._console = Asker(self._target.api_url, {"Authorization": f"Bearer {token}"})
        self._removal.note("connections", self._console.close)
        me = await self._console.ask("GET", "/console/me")
        return f"{me['role']} by code and PKCE"

    async def revoke(self) -> str:
        """The phone is told, cut off, and can't come back."""
        self._need_phone()
        console = _need(self._console, "a person who has signed in")
        await console.ask("DELETE", f"/console/devices/{self._phone.device_id}")
        await self._phone.is_revoked()
        return "told and cut off, from the console API"

    async def check_stream(self) -> str:
        """Only on AWS."""
        return await aws_only.encrypted_stream(self._target, self._has_arrived)

    async def check_log_role(self) -> str:
        """Only on AWS."""
        return await aws_only.log_role(self._target, self._began)

    def _need_phone(self) -> None:
        if not self._is_paired:
            raise NotRunError("it needs a phone")


def _need(value: T | None, what: str) -> T:
    if value is None:
        raise NotRunError(f"it needs {what}")
    return value
