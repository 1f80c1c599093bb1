"""Jobs to items and back. Names are short where they stand in every job: the item stays under 1 KB."""

from __future__ import annotations

from typing import Any

from smskit.models.job import Callback, Erased, Job, JobError, JobStatus, Rank, Route, Target, TimelineEntry
from smskit.platform.codec import Item

_PLAIN = {
    "accountId": "account_id",
    "clientId": "client_id",
    "recipient": "recipient",
    "message": "message",
    "segments": "segments",
    "priority": "priority",
    "createdAt": "created_at",
    "expiresAt": "expires_at",
    "rank": "rank",
    "attempts": "attempts",
    "deviceId": "device_id",
    "simSlot": "sim_slot",
    "token": "token",
    "assignedAt": "assigned_at",
    "connection": "connection_id",
    "sentAt": "sent_at",
    "deliveredAt": "delivered_at",
    "failedAt": "failed_at",
    "heardAt": "heard_at",
    "clientReference": "client_reference",
    "acceptedAt": "accepted_at",
    "referenceId": "reference_id",
    "requestHash": "request_hash",
    "conversationId": "conversation_id",
    "batchId": "batch_id",
    "batchRow": "batch_row",
    "ttl": "kept_until",
}


def target_text(target: Target) -> str:
    """`dvc_…` or `dvc_…#0`."""
    return target.device_id if target.sim_slot is None else f"{target.device_id}#{target.sim_slot}"


def target_of(text: str) -> Target:
    """The target that `target_text` wrote."""
    device_id, _, slot = text.partition("#")
    return Target(device_id, int(slot) if slot else None)


def _route_item(route: Route, targets: tuple[Target, ...]) -> Item:
    """Its SIMs stand in it only where the job's targets aren't the same."""
    return {"r": route.rule} | ({} if targets else {"s": [target_text(sim) for sim in route.sims]})


def _route_of(item: Item, targets: tuple[Target, ...]) -> Route:
    return Route(item["r"], targets or tuple(target_of(text) for text in item["s"]))


def entry_item(entry: TimelineEntry) -> Item:
    """A timeline entry as stored."""
    where = {"d": entry.device_id, "s": entry.sim_slot}
    values = {"e": entry.event, "t": entry.at} | where | {"x": entry.detail, "o": entry.offered_at}
    return {name: value for name, value in values.items() if value is not None}


def job_item(job: Job) -> Item:
    """The job as stored, and as carried in the queue."""
    item: dict[str, Any] = {name: getattr(job, field) for name, field in _PLAIN.items()}
    item |= {"pk": job.job_id, "status": job.status.value}
    if job.targets:
        item["targets"] = [target_text(target) for target in job.targets]
    if job.preferred:
        item["preferred"] = target_text(job.preferred)
    if job.route:
        item["route"] = _route_item(job.route, job.targets)
    if job.error:
        item["error"] = {"code": job.error.code, "message": job.error.message}
    if job.exempt_from_opt_out:
        item["exempt"] = True
    if job.callback:
        item["callback"] = {"id": job.callback.endpoint_id, "url": job.callback.url}
    if job.avoid:
        item["avoid"] = dict(job.avoid)
    if job.timeline:
        item["timeline"] = [entry_item(entry) for entry in job.timeline]
    return {name: value for name, value in item.items() if value is not None}


def erased_item(job: Job) -> Item:
    """What stays of an erased job, until the job's own time is over. It has a place in none of the indexes."""
    item = {
        "pk": job.job_id,
        "accountId": job.account_id,
        "requestHash": job.request_hash,
        "rank": Rank.CLOSED,
        "erased": True,
        "ttl": job.kept_until,
    }
    return {name: value for name, value in item.items() if value is not None}


def job_or_erased(item: Item | None) -> Job | Erased | None:
    """The job that an item holds, or what stays of it."""
    if item is not None and "erased" in item:
        return Erased(item["pk"], item["accountId"], item.get("requestHash"))
    return job_of(item) if item else None


def job_or_none(item: Item | None) -> Job | None:
    """The job that an item holds; None when it was erased."""
    known = job_or_erased(item)
    return known if isinstance(known, Job) else None


def job_of(item: Item) -> Job:
    """The job that an item holds, which is not erased."""
    error, callback = item.get("error"), item.get("callback")
    plain = {field: item[name] for name, field in _PLAIN.items() if name in item}
    targets = tuple(target_of(text) for text in item.get("targets", ()))
    return Job(
        job_id=item["pk"],
        status=JobStatus(item["status"]),
        targets=targets,
        preferred=target_of(item["preferred"]) if "preferred" in item else None,
        route=_route_of(item["route"], targets) if "route" in item else None,
        error=JobError(error["code"], error["message"]) if error else None,
        exempt_from_opt_out=item.get("exempt", False),
        callback=Callback(callback["id"], callback["url"]) if callback else None,
        avoid=dict(item.get("avoid", {})),
        timeline=tuple(
            TimelineEntry(entry["e"], entry["t"], entry.get("d"), entry.get("s"), entry.get("x"), entry.get("o"))
            for entry in item.get("timeline", ())
        ),
        **plain,
    )
