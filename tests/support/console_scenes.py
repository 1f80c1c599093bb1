"""A good request for every route of the console API: what the matrix test sends as each kind of caller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from smskit.clients.logic import clients
from smskit.dispatch.store import jobs, schedule
from smskit.inbox.logic import contact_cards
from smskit.models.contact import conversation_id
from smskit.models.job import Job, JobStatus, Rank
from smskit.models.lane import LaneKey
from smskit.models.member import Role
from smskit.models.timer import BatchTimer, TimerKind
from smskit.models.webhook import Delivery, DeliveryStatus
from smskit.opt_outs.logic import opt_outs
from smskit.phones.logic import pairing_codes
from smskit.platform.ids import new_id
from smskit.platform.times import now_ms, rfc3339
from smskit.sending.logic import batch_work, batches, bulk, templates
from smskit.sending.logic.accept import Order
from smskit.sending.logic.bulk_rows import BulkOrder, Row
from smskit.webhooks.logic import endpoints
from smskit.webhooks.store import deliveries
from tests.support import keywords, routing, seeds
from tests.support.console import person


@dataclass(frozen=True)
class Scene:
    """A request that succeeds for whoever may send it, on things of one account.

    `marks` are texts, such as ids, that no member of another account may ever see.
    """

    path: str
    body: Any = None
    query: str = ""
    marks: tuple[str, ...] = ()


def _job(account: str) -> str:
    now, number = now_ms(), "+254712345678"
    job = Job(new_id("job", now), account, "cli_0", number, "Hello", 1, 0, now, now + 3_600_000,
              conversation_id=conversation_id(account, number))  # fmt: skip
    assert jobs.create(job) is None
    return job.job_id


def _sent(account: str) -> Scene:
    _phone(account)
    return Scene("/console/messages", {"recipient": "+254712345678", "message": "Hello"})


def _moved(account: str) -> Scene:
    now = now_ms()
    job = Job(
        new_id("job", now), account, "cli_0", "+254712345678", "Hello", 1, 0, now + 3_600_000, now + 7_200_000,
        status=JobStatus.SCHEDULED, rank=Rank.SCHEDULED, accepted_at=now, kept_until=now // 1000 + 86_400,
    )  # fmt: skip
    assert schedule.create(job)
    return Scene(f"/console/messages/{job.job_id}", {"sendAt": rfc3339(now + 7_200_000)}, marks=(job.job_id,))


def _to_many(account: str) -> Scene:
    _phone(account)
    return Scene("/console/batches", {"message": "Hello", "recipients": [{"recipient": "+254712345678"}]})


def _batch(account: str) -> str:
    common = Order(account, "cli_0", "", "Hello", 0, None, wait_for_phone=True)
    return bulk.accept_all(BulkOrder(common, (Row("+254712345678", {}),)), now_ms()).batch.batch_id


def _batch_with_messages(account: str) -> Scene:
    batch = batches.read(account, _batch(account), now_ms())
    batch_work.run(BatchTimer(TimerKind.BATCH, batch.batch_id, batch.attempt, now_ms(), 1, 0), now_ms())
    return Scene(f"/console/batches/{batch.batch_id}/messages", marks=(batch.job_id(0),))


def _template(account: str) -> str:
    return templates.create(person(Role.OPERATOR, account), "Parcel", "Hello {name}", {}, now_ms()).template_id


def _previewed(account: str) -> Scene:
    return replace(_sent(account), path="/console/messages/preview")


def _phone(account: str) -> str:
    return seeds.phone(account, sims=2).device_id


def _code(account: str) -> str:
    return pairing_codes.create_code(account, now_ms()).code_id


def _client(account: str) -> str:
    return clients.create(account, "Billing", now_ms())[0].client_id


def _two_keys(account: str) -> str:
    client_id = _client(account)
    clients.rotate_key(account, client_id, 2)
    return client_id


def _hook(account: str) -> str:
    return endpoints.register(account, "https://93.184.215.14/hooks", ["sms:sent"], now_ms()).endpoint.webhook_id


def _replay(account: str) -> Scene:
    webhook_id, delivery_id = _hook(account), new_id("dlv", now_ms())
    deliveries.create(
        Delivery(webhook_id, delivery_id, "evt_0", "sms:sent", now_ms(), "{}", DeliveryStatus.FAILED), now_ms()
    )
    return Scene(f"/console/webhooks/{webhook_id}/deliveries/{delivery_id}/replay")


def _lane(account: str) -> LaneKey:
    return LaneKey(account, seeds.phone(account).device_id, 0)


def _conversation(account: str) -> str:
    keywords.receive(_lane(account), "Hello there")
    return conversation_id(account, keywords.NUMBER)


def _waiting(account: str) -> Scene:
    _conversation(account)
    return Scene("/console/conversations/unread", marks=("oldestSince",))


def _thread(account: str) -> Scene:
    lane = _lane(account)
    keywords.receive(lane, "Hello there")
    path = f"/console/conversations/{conversation_id(account, keywords.NUMBER)}/messages"
    return Scene(path, marks=(lane.device_id, "Hello there"))


def _opted_out(account: str, rest: str = "") -> Scene:
    source = f"operator:{new_id('per', now_ms())}"
    opt_outs.add(account, keywords.NUMBER, source, None, now_ms())
    return Scene(f"/console/opt-outs{rest}", marks=(source,))


def _named(account: str) -> Scene:
    name = new_id("msg", now_ms())
    contact_cards.change(person(Role.OPERATOR, account), keywords.NUMBER, now_ms(), name=name, note=None)
    return Scene(f"/console/contacts/{keywords.NUMBER}", marks=(name,))


def _routed(account: str) -> Scene:
    phone = seeds.phone(account)
    routing.set_rules(account, routing.rule(phone))
    return Scene("/console/routing-rules", marks=(phone.device_id,))


Made = Callable[[str], str]


def _on(path: str, made: Made, rest: str = "", body: Any = None, marked: bool = False) -> Callable[[str], Scene]:
    """A scene on one thing, by its id."""

    def scene(account: str) -> Scene:
        made_id = made(account)
        return Scene(f"/console/{path}/{made_id}{rest}", body, marks=(made_id,) if marked else ())

    return scene


def _listed(path: str, made: Made) -> Callable[[str], Scene]:
    return lambda account: Scene(f"/console/{path}", marks=(made(account),))


def _plain(path: str, body: Any = None) -> Callable[[str], Scene]:
    return lambda account: Scene(f"/console/{path}", body)


# By method and path as in the table of routes; a scene is given the account and makes there what it needs.
SCENES: dict[tuple[str, str], Callable[[str], Scene]] = {
    ("GET", "/console/me"): lambda account: Scene("/console/me", marks=(account,)),
    ("GET", "/console/members"): lambda account: Scene("/console/members", marks=(person("viewer", account).email,)),
    ("POST", "/console/members"): lambda account: Scene(
        "/console/members", {"email": "new@example.com", "role": "viewer"}, marks=(account,)
    ),
    ("PATCH", "/console/members/<person_id>"): lambda account: Scene(
        f"/console/members/{person(Role.VIEWER, account).person_id}", {"role": "operator"}
    ),
    ("DELETE", "/console/members/<person_id>"): lambda account: Scene(
        f"/console/members/{person(Role.OWNER, account).person_id}"
    ),
    ("GET", "/console/audit"): lambda account: Scene("/console/audit", marks=(person("viewer", account).email,)),
    ("PATCH", "/console/account"): _plain("account", {"name": "Acme Kenya"}),
    ("GET", "/console/overview"): _plain("overview"),
    ("GET", "/console/changes"): _plain("changes"),
    ("GET", "/console/usage"): _plain("usage"),
    ("GET", "/console/usage/hours"): _plain("usage/hours"),
    ("GET", "/console/settings"): _plain("settings"),
    ("PATCH", "/console/settings"): _plain("settings", {"timeZone": "Africa/Nairobi"}),
    ("GET", "/console/routing-rules"): _routed,
    ("PUT", "/console/routing-rules"): _plain("routing-rules", {"rules": []}),
    ("POST", "/console/erasures"): _plain("erasures", {"number": "+254712345678"}),
    ("GET", "/console/messages"): _listed("messages", _job),
    ("POST", "/console/messages"): _sent,
    ("POST", "/console/messages/preview"): _previewed,
    ("GET", "/console/messages/export.csv"): _listed("messages/export.csv", _job),
    ("GET", "/console/messages/<job_id>"): _on("messages", _job, marked=True),
    ("GET", "/console/messages/<job_id>/explain"): _on("messages", _job, "/explain", marked=True),
    ("PATCH", "/console/messages/<job_id>"): _moved,
    ("POST", "/console/messages/<job_id>/cancel"): _on("messages", _job, "/cancel"),
    ("GET", "/console/batches"): _listed("batches", _batch),
    ("POST", "/console/batches"): _to_many,
    ("GET", "/console/batches/<batch_id>"): _on("batches", _batch, marked=True),
    ("GET", "/console/batches/<batch_id>/messages"): _batch_with_messages,
    ("POST", "/console/batches/<batch_id>/cancel"): _on("batches", _batch, "/cancel"),
    ("GET", "/console/templates"): _listed("templates", _template),
    ("POST", "/console/templates"): _plain("templates", {"name": "Parcel", "message": "Hello {name}"}),
    ("GET", "/console/templates/<template_id>"): _on("templates", _template, marked=True),
    ("PATCH", "/console/templates/<template_id>"): _on("templates", _template, body={"name": "Parcels"}),
    ("DELETE", "/console/templates/<template_id>"): _on("templates", _template),
    ("GET", "/console/conversations"): _listed("conversations", _conversation),
    ("GET", "/console/conversations/unread"): _waiting,
    ("GET", "/console/conversations/<conversation_id>"): _on("conversations", _conversation, marked=True),
    ("GET", "/console/conversations/<conversation_id>/messages"): _thread,
    ("POST", "/console/conversations/<conversation_id>/reply"): _on(
        "conversations", _conversation, "/reply", {"message": "Hello yourself"}
    ),
    ("POST", "/console/conversations/<conversation_id>/read"): _on(
        "conversations", _conversation, "/read", {"until": "2999-01-01T00:00:00Z"}
    ),
    ("GET", "/console/contacts/<number>"): _named,
    ("POST", "/console/contacts"): _plain("contacts", {"number": keywords.NUMBER, "name": "Amina"}),
    ("GET", "/console/opt-outs"): _opted_out,
    ("POST", "/console/opt-outs"): _plain("opt-outs", {"number": keywords.NUMBER}),
    ("GET", "/console/opt-outs/<number>"): lambda account: _opted_out(account, f"/{keywords.NUMBER}"),
    ("DELETE", "/console/opt-outs/<number>"): lambda account: _opted_out(account, f"/{keywords.NUMBER}"),
    ("GET", "/console/opt-outs/<number>/history"): lambda account: _opted_out(account, f"/{keywords.NUMBER}/history"),
    ("GET", "/console/devices"): _listed("devices", _phone),
    ("GET", "/console/devices/<device_id>"): _on("devices", _phone, marked=True),
    ("GET", "/console/devices/<device_id>/heartbeats"): _on("devices", _phone, "/heartbeats", marked=True),
    ("PATCH", "/console/devices/<device_id>"): _on("devices", _phone, body={"name": "Front desk"}),
    ("PATCH", "/console/devices/<device_id>/sims/<sim_slot>"): _on("devices", _phone, "/sims/0", {"isEnabled": False}),
    ("DELETE", "/console/devices/<device_id>"): _on("devices", _phone),
    ("GET", "/console/pairing-codes"): _listed("pairing-codes", _code),
    ("POST", "/console/pairing-codes"): _plain("pairing-codes"),
    ("DELETE", "/console/pairing-codes/<code_id>"): _on("pairing-codes", _code),
    ("GET", "/console/clients"): _listed("clients", _client),
    ("POST", "/console/clients"): _plain("clients", {"name": "Billing"}),
    ("GET", "/console/clients/<client_id>"): _on("clients", _client, marked=True),
    ("PATCH", "/console/clients/<client_id>"): _on("clients", _client, body={"limit": 7}),
    ("POST", "/console/clients/<client_id>/suspend"): _on("clients", _client, "/suspend"),
    ("POST", "/console/clients/<client_id>/resume"): _on("clients", _client, "/resume"),
    ("POST", "/console/clients/<client_id>/rotate-key"): _on("clients", _client, "/rotate-key", {"slot": 2}),
    ("POST", "/console/clients/<client_id>/remove-key"): _on("clients", _two_keys, "/remove-key", {"slot": 1}),
    ("GET", "/console/webhooks"): _listed("webhooks", _hook),
    ("POST", "/console/webhooks"): _plain("webhooks", {"url": "https://93.184.215.14/hooks", "events": ["sms:sent"]}),
    ("GET", "/console/webhooks/<webhook_id>"): _on("webhooks", _hook, marked=True),
    ("PATCH", "/console/webhooks/<webhook_id>"): _on("webhooks", _hook, body={"events": ["sms:failed"]}),
    ("DELETE", "/console/webhooks/<webhook_id>"): _on("webhooks", _hook),
    ("POST", "/console/webhooks/<webhook_id>/ping"): _on("webhooks", _hook, "/ping"),
    ("POST", "/console/webhooks/<webhook_id>/enable"): _on("webhooks", _hook, "/enable"),
    ("POST", "/console/webhooks/<webhook_id>/rotate-secret"): _on("webhooks", _hook, "/rotate-secret"),
    ("GET", "/console/webhooks/<webhook_id>/deliveries"): _on("webhooks", _hook, "/deliveries"),
    ("POST", "/console/webhooks/<webhook_id>/deliveries/<delivery_id>/replay"): _replay,
    ("POST", "/console/webhooks/<webhook_id>/replay"): _on(
        "webhooks", _hook, "/replay", {"since": "2026-06-01T00:00:00Z"}
    ),
}
