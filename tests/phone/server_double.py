"""The server's side of the phone protocol on a real socket. Phones that it must tell apart have tokens of their own."""

import asyncio
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from websockets.asyncio.server import Request, Response, Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

TOKEN = "dt_secret"
RANK = {"Pending": 0, "Assigned": 1, "Sent": 2, "Unknown": 2, "Failed": 2, "Delivered": 3}
TRANSIENT = {"no_service", "radio_off", "generic_failure"}


def rfc3339(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class ServerJob:
    job_id: str
    priority: int = 1
    recipient: str = "+254700000001"
    message: str = "the secret text"
    segments: int = 1
    sim_slot: int = 0
    valid_for: float = 3600
    token: str = ""
    status: str = "Pending"
    attempt: int = 0
    reports: list[dict[str, Any]] = field(default_factory=list)


class GatewayDouble:
    """Keeps jobs, answers every frame as design says, and can be told to lose or twist its answers."""

    def __init__(self) -> None:
        self.jobs: dict[str, ServerJob] = {}
        self.frames: list[dict[str, Any]] = []
        self.connections: list[ServerConnection] = []
        self.headers: list[str | None] = []
        self.seqs: set[tuple[str, int]] = set()
        self.inbound: dict[str, dict[str, Any]] = {}
        """The messages of `received`, by phoneMessageId, in the order in which they were first heard of."""
        self.mute: set[str] = set()
        self.hooks: dict[str, Callable[[dict[str, Any]], Any]] = {}
        self.heartbeat_seconds: float = 300
        self.clock_ahead = timedelta(0)
        self.reoffer = True
        self.refuse_upgrade = False
        self.url = ""
        self._server: Server | None = None

    async def start(self) -> None:
        self._server = await serve(self._serve, "127.0.0.1", 0, process_request=self._authorize, close_timeout=0.2)
        port = self._server.sockets[0].getsockname()[1]
        self.url = f"ws://127.0.0.1:{port}/socket"

    async def stop(self) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def items(self, kind: str, job_id: str) -> list[dict[str, Any]]:
        return [item for frame in self.of(kind) for item in frame["items"] if item["jobId"] == job_id]

    def states(self, job_id: str) -> list[str]:
        return [item["state"] for item in self.jobs[job_id].reports]

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_ahead

    def add(self, job_id: str, **values: Any) -> ServerJob:
        return self.jobs.setdefault(job_id, ServerJob(job_id, **values))

    def offer_frame(self, *jobs: ServerJob, claim_in: float = 5) -> dict[str, Any]:
        """An offer under a new token for each job."""
        offers = []
        for job in jobs:
            job.token, job.attempt = secrets.token_hex(16), job.attempt + 1
            expires_at, claim_by = (self.now() + timedelta(seconds=seconds) for seconds in (job.valid_for, claim_in))
            offers.append(
                {
                    "jobId": job.job_id,
                    "token": job.token,
                    "attempt": job.attempt,
                    "simSlot": job.sim_slot,
                    "recipient": job.recipient,
                    "message": job.message,
                    "segments": job.segments,
                    "priority": job.priority,
                    "expiresAt": rfc3339(expires_at),
                    "claimBy": rfc3339(claim_by),
                    "fromTheFuture": {"ignored": True},
                }
            )
        return {"type": "offer", "jobs": offers}

    async def offer(self, *jobs: ServerJob, claim_in: float = 5) -> None:
        await self.send(self.offer_frame(*jobs, claim_in=claim_in))

    async def send(self, frame: dict[str, Any]) -> None:
        await self.connections[-1].send(json.dumps(frame))

    async def drop_connection(self) -> None:
        await self.connections[-1].close(1012)

    def _authorize(self, connection: ServerConnection, request: Request) -> Response | None:
        self.headers.append(request.headers.get("Authorization"))
        refused = self.refuse_upgrade or not str(self.headers[-1]).startswith(f"Bearer {TOKEN}")
        return connection.respond(401, "no\n") if refused else None

    async def _serve(self, connection: ServerConnection) -> None:
        self.connections.append(connection)
        number, token = len(self.connections), connection.request.headers["Authorization"]
        try:
            async for text in connection:
                frame = json.loads(text)
                frame |= {"connection": number, "token": token, "bytes": len(text.encode())}
                self.frames.append(frame)
                await self._answer(connection, frame)
        except ConnectionClosed:
            pass

    async def _answer(self, connection: ServerConnection, frame: dict[str, Any]) -> None:
        kind = frame["type"]
        answers = self.hooks.get(kind, getattr(self, "_on_" + kind))(frame)
        if kind in self.mute:
            return
        for answer in answers if isinstance(answers, list) else [answers]:
            await connection.send(json.dumps(answer))

    def _on_hello(self, frame: dict[str, Any]) -> list[dict[str, Any]]:
        listed = {(item["jobId"], item["token"]): item["state"] for item in frame["open"]}
        resolve = [
            {"jobId": job_id, "token": token, "action": self._resolve(job_id, token, state)}
            for (job_id, token), state in listed.items()
        ]
        welcome = {
            "type": "welcome",
            "serverTime": rfc3339(self.now()),
            "heartbeatSeconds": self.heartbeat_seconds,
            "resolve": resolve,
        }
        for job in self.jobs.values():
            if job.status == "Assigned" and (job.job_id, job.token) not in listed:
                job.status = "Pending"
        waiting = [
            job for job in self.jobs.values() if job.status == "Pending" and (job.job_id, job.token) not in listed
        ]
        return [welcome, self.offer_frame(*waiting)] if self.reoffer and waiting else [welcome]

    def _resolve(self, job_id: str, token: str, state: str) -> str:
        job = self.jobs.get(job_id)
        if job is None or job.token != token:
            return "drop"
        if state == "Claimed":
            return "go" if self._assign(job, token) else "drop"
        return "report"

    def _assign(self, job: ServerJob, token: str) -> bool:
        if job.token != token or job.status not in ("Pending", "Assigned"):
            return False
        job.status = "Assigned"
        return True

    def _on_heartbeat(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {"type": "heartbeat.ack", "serverTime": rfc3339(self.now())}

    def _on_claim(self, frame: dict[str, Any]) -> dict[str, Any]:
        items = []
        for item in frame["items"]:
            job = self.jobs.get(item["jobId"])
            go = job is not None and self._assign(job, item["token"])
            items.append({**item, "verdict": "go"} if go else {**item, "verdict": "gone", "reason": "late"})
        return {"type": "claimed", "items": items}

    def _on_decline(self, frame: dict[str, Any]) -> dict[str, Any]:
        for item in frame["items"]:
            job = self.jobs.get(item["jobId"])
            if job and job.token == item["token"] and job.status == "Assigned":
                job.status = "Pending"
        return {"type": "declined", "items": [{"jobId": i["jobId"], "token": i["token"]} for i in frame["items"]]}

    def _on_report(self, frame: dict[str, Any]) -> dict[str, Any]:
        if (frame["token"], frame["seq"]) not in self.seqs:
            self.seqs.add((frame["token"], frame["seq"]))
            for item in frame["items"]:
                job = self.jobs[item["jobId"]]
                job.reports.append(item)
                if item.get("error", {}).get("code") in TRANSIENT:
                    job.status = "Pending"
                elif RANK[item["state"]] > RANK[job.status]:
                    job.status = item["state"]
        return {"type": "ack", "seq": frame["seq"]}

    def _on_received(self, frame: dict[str, Any]) -> dict[str, Any]:
        for message in frame["messages"]:
            self.inbound.setdefault(message["phoneMessageId"], message)
        return {"type": "ack", "seq": frame["seq"]}


async def eventually(condition: Callable[[], Any], seconds: float = 5) -> Any:
    """Waits for a condition with a deadline; returns its first true value."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not (value := condition()):
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s"
        await asyncio.sleep(0.005)
    return value
