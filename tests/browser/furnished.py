"""An account in which something of everything has happened, and the ways to each page and dialog of it."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, expect

from smskit.accounts.logic import audit_log, members
from smskit.clients.logic import clients
from smskit.dispatch.store import jobs
from smskit.models.client import ClientStatus
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobError, Target
from smskit.models.lane import LaneKey
from smskit.models.routing import Fallback, RoutingRule
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms, rfc3339
from smskit.sending.logic import routing, templates
from tests.browser.desk import PASSWORD, Desk
from tests.e2e.endpoints import MakeHook, deliver, has_status, register
from tests.e2e.phones import Phones
from tests.e2e.stack import Tenant
from tests.e2e.waiting import eventually

CONTACT, STOPPED = "+254712000678", "+254712000679"
Step = tuple[str, str]
"""A role and the beginning of a name: what to press next."""


@dataclass(frozen=True)
class Furnished:
    """Where its things are."""

    phone: str
    webhook: str
    suspended: str
    client: str
    idle: str
    conversation: str
    stopped: str
    delivered: str
    failed: str
    batch: str

    @property
    def pages(self) -> dict[str, str]:
        """Addresses of pages that show one thing, with their headings; all others are the same in each account."""
        return {
            f"/phones/{self.phone}": "Simulated phone-000",
            f"/webhooks/{self.webhook}": "127.0.0.1",
            f"/webhooks/{self.suspended}": "127.0.0.1",
            f"/clients/{self.client}": "backend",
            f"/inbox/{self.conversation}": "+254 712 000 678",
            f"/inbox/{self.stopped}": "+254 712 000 679",
            f"/messages/{self.delivered}": "Messages",
            f"/messages/{self.failed}": "Messages",
            f"/batches/{self.batch}": "Batch of",
            f"/batches/{self.batch}?status=Scheduled": "Batch of",
        }

    @property
    def dialogs(self) -> dict[str, tuple[str, list[Step]]]:
        """By what they are: where each stands, and what opens it there."""
        phone, webhook, client = f"/phones/{self.phone}", f"/webhooks/{self.webhook}", f"/clients/{self.client}"
        thread = f"/inbox/{self.conversation}"
        of_phone, of_hook = ("button", "Actions for Simulated phone-000"), ("button", "Actions for this webhook")
        of_client, of_thread = ("button", "Actions for backend"), ("button", "Actions for this conversation")
        of_member, of_me = ("button", "Change second"), ("button", "Change owner")
        idle, of_idle = f"/clients/{self.idle}", ("button", "Actions for idle")
        return {
            "a first test": ("/?step=test", []),
            "pairing": ("/phones?pair=1", []),
            "a phone's name": (phone, [of_phone, ("menuitem", "Rename")]),
            "a phone's limit": (phone, [of_phone, ("menuitem", "Hourly limit")]),
            "a SIM's limit": (phone, [("button", "Change the limit of")]),
            "disabling a phone": (phone, [of_phone, ("menuitem", "Disable")]),
            "removing a phone": (phone, [of_phone, ("menuitem", "Remove")]),
            "a new webhook": ("/webhooks?new=1", []),
            "replaying": (webhook, [of_hook, ("menuitem", "Send again since")]),
            "editing a webhook": (webhook, [of_hook, ("menuitem", "Edit")]),
            "rotating a secret": (webhook, [of_hook, ("menuitem", "Rotate the secret")]),
            "removing a webhook": (webhook, [of_hook, ("menuitem", "Remove")]),
            "a new client": ("/clients?new=1", []),
            "a client's name": (client, [of_client, ("menuitem", "Name and limit")]),
            "suspending a client": (client, [of_client, ("menuitem", "Suspend")]),
            "rotating a key": (client, [("button", "Rotate key 1")]),
            "resuming a client": (idle, [of_idle, ("menuitem", "Resume")]),
            "removing a key": (idle, [("button", "Remove key 1")]),
            "a new template": ("/templates?new=1", []),
            "changing a template": ("/templates", [("button", "Actions for Parcel"), ("menuitem", "Change")]),
            "removing a template": ("/templates", [("button", "Actions for Parcel"), ("menuitem", "Remove")]),
            "a new routing rule": ("/routing?new=1", []),
            "changing a routing rule": ("/routing", [("button", "Actions for Abroad"), ("menuitem", "Change")]),
            "removing a routing rule": ("/routing", [("button", "Actions for Abroad"), ("menuitem", "Remove")]),
            "cancelling a batch": (f"/batches/{self.batch}", [("button", "Cancel the batch")]),
            "opting out": ("/opt-outs?new=1", []),
            "opting in": (f"/opt-outs?number=%2B{STOPPED[1:]}", [("button", "Opt in again")]),
            "opting a contact out": (thread, [of_thread, ("menuitem", "Opt this number out")]),
            "erasing a contact": (thread, [of_thread, ("menuitem", "Erase its messages")]),
            "a contact": (thread, [of_thread, ("menuitem", "About this contact")]),
            "naming a contact": (thread, [("button", "Add a name or note")]),
            "inviting": ("/members?invite=1", []),
            "changing one's own role": ("/members", [of_me, ("menuitemradio", "Viewer")]),
            "leaving the account": ("/members", [of_me, ("menuitem", "Leave the account")]),
            "removing a member": ("/members", [of_member, ("menuitem", "Remove")]),
        }


async def furnish(tenant: Tenant, phones: Phones, make_hook: MakeHook) -> Furnished:
    """Let it happen."""
    first, _ = await phones.pair(tenant, 2)
    phone = await phones.start(first)
    members.create_owner(tenant.account_id, f"second-{secrets.token_hex(4)}@example.com", now_ms(), PASSWORD)
    webhook = await register(tenant, make_hook(200))
    suspended = await register(tenant, make_hook(410))
    idle, _ = clients.create(tenant.account_id, "idle", now_ms())
    clients.rotate_key(tenant.account_id, idle.client_id, 2)
    clients.set_status(idle.client_id, ClientStatus.SUSPENDED)
    delivered, failed = deliver(tenant, 1), _failed(tenant)
    someone = audit_log.command_line(tenant.account_id)
    templates.create(someone, "Parcel", "Hello {name}", {}, now_ms())
    abroad = RoutingRule("Abroad", ("+44", "+49151"), (Target(phone.device_id, 0),), Fallback.ANY)
    routing.replace_all(someone, [abroad], now_ms())
    batch = await _scheduled(tenant)
    phone.receives(CONTACT, "Are you open on Sunday?")
    phone.receives(STOPPED, "STOP")
    await has_status(tenant, suspended["webhookId"], "Suspended")
    await eventually(lambda: _are_there(tenant), what="both conversations", every=0.3)
    return Furnished(
        phone.device_id,
        webhook["webhookId"],
        suspended["webhookId"],
        tenant.client_id,
        idle.client_id,
        conversation_id(tenant.account_id, CONTACT),
        conversation_id(tenant.account_id, STOPPED),
        delivered,
        failed,
        batch,
    )


async def shown(desk: Desk, path: str, steps: list[Step]) -> Locator:
    """The dialog that these steps open."""
    page, dialog = desk.page, desk.page.locator("dialog[open]")
    # A dialog goes with its page; so does one that is held.
    await desk.go("/nowhere")
    await expect(dialog).to_have_count(0)
    await desk.go(path)
    for role, name in steps:
        await page.locator("main").get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first.click()  # type: ignore[arg-type]
    await expect(dialog.get_by_role("heading").first).to_be_visible()
    await expect(dialog.locator(".bones")).to_have_count(0)
    return dialog


async def _scheduled(tenant: Tenant) -> str:
    rows = [{"recipient": number, "variables": {"name": "Asha"}} for number in (CONTACT, STOPPED, CONTACT)]
    order = {"message": "Hello {name}", "recipients": rows, "sendAt": rfc3339(now_ms() + 86_400_000)}
    answer = await tenant.api.http.post("/api/sms/send/bulk", json=order)
    return str(answer.json()["batchId"])


def _failed(tenant: Tenant) -> str:
    now = now_ms()
    job = Job(
        new_id("job", now), tenant.account_id, tenant.client_id, CONTACT, "It failed", 1, 0, now, now + 86_400_000
    )
    jobs.create(job)
    jobs.assign(job.job_id, "t", LaneKey(tenant.account_id, "dvc_1", 0), "c", now, now, job.created_at)
    jobs.mark_failed(job.job_id, "t", now_ms(), JobError("invalid_number", "no such number"))
    return job.job_id


async def _are_there(tenant: Tenant) -> Any:
    found = (await tenant.api.http.get("/api/conversations")).json()
    return len(found["conversations"]) == 2
