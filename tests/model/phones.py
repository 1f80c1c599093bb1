"""A phone that keeps the protocol: journals before it claims and before the radio, reports until acknowledged."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from smskit.entrypoints.phone_frames import Hello
from smskit.platform.times import rfc3339_ms
from tests.support.heard import held_to_its_model

Frame = dict[str, Any]
# A server that doesn't know journals takes what an empty one lacks for disowned.
SERVER_KNOWS_JOURNALS = "journal_id" in Hello.model_fields
OPEN_LIMIT, REPORT_LIMIT = 200, 50
_SHOWN = {"Go": "Claimed", "Rejected": "Failed"}
_REPORTED = frozenset({"Sent", "Delivered", "Failed", "Rejected", "Unknown"})


@dataclass
class World:
    """What phones share: chance, the time, the frames on their way to the server, and what radios were handed."""

    random: random.Random
    now: int
    to_server: list[tuple[Phone, str, int, Frame]] = field(default_factory=list)
    radio: Counter[str] = field(default_factory=Counter)
    lost_with_journal: set[str] = field(default_factory=set)  # jobs that had go in a journal that is gone
    faults: list[str] = field(default_factory=list)  # what no phone should ever have been told to do


@dataclass(eq=False)
class Phone:
    """One phone. Its journal is what survives a crash; offers, declines and the connection don't."""

    device_id: str
    sims: int
    world: World
    journal: dict[str, dict[str, Any]] = field(default_factory=dict)
    journal_number: int = 1
    names_journal: bool = True  # older phones don't
    leaves_late_offers: bool = False  # phones of others may
    fails: bool = False  # its network takes little of what it is given
    window: int = 2
    connection: str | None = None
    connected_at: int = 0
    greeted: bool = False
    offers: list[Frame] = field(default_factory=list)
    declines: list[Frame] = field(default_factory=list)
    seq: int = 0

    def say(self, frame: Frame) -> None:
        """Send a frame, if there is a connection."""
        if self.connection is not None:
            self.world.to_server.append((self, self.connection, self.connected_at, frame))

    # -- what it says ------------------------------------------------------------------------------------------

    def hello(self) -> None:
        """All that it has open: no phone may stay silent about a job that it holds."""
        opened = [
            {"jobId": job_id, "token": entry["token"], "state": _SHOWN.get(entry["state"], entry["state"])}
            for job_id, entry in self.journal.items()
            if not entry.get("closed")
        ]
        sims = [{"simSlot": slot, "carrierName": "X", "window": self.window} for slot in range(self.sims)]
        journal = {"journalId": f"{self.device_id}.{self.journal_number}"} if self.names_journal else {}
        self.say({"type": "hello", "protocol": 1, "sims": sims, "open": opened[:OPEN_LIMIT]} | journal)

    def claim(self) -> None:
        """Journal the offers, then claim what isn't decided yet."""
        for offer in self.offers:
            held = self.journal.get(offer["jobId"])
            failed_before = held is not None and held["state"] == "Failed" and held.get("acked") == "Failed"
            if held is None or failed_before:
                self.journal[offer["jobId"]] = {"token": offer["token"], "state": "Claimed"}
            elif held["state"] == "Claimed":
                held["token"] = offer["token"]
        self.offers.clear()
        claimed = [(job_id, entry) for job_id, entry in self.journal.items() if entry["state"] == "Claimed"]
        if claimed:
            items = [{"jobId": job_id, "token": entry["token"]} for job_id, entry in claimed]
            self.say({"type": "claim", "items": items})

    def send(self) -> None:
        """Hand a message to the radio, or hear from the radio what became of it."""
        going = [(job_id, entry) for job_id, entry in self.journal.items() if entry["state"] in ("Go", "Sending")]
        if not going:
            return
        job_id, entry = self.world.random.choice(going)
        if entry["state"] == "Go":
            entry["state"] = "Sending"
            self.world.radio[job_id] += 1
            if job_id in self.world.lost_with_journal:
                self.world.faults.append(f"{job_id} goes out although a journal is gone in which it had go")
            return
        weights = [2, 7, 1] if self.fails else [8, 1, 1]
        entry["state"] = self.world.random.choices(["Sent", "Failed", "Rejected"], weights)[0]
        if entry["state"] == "Failed":
            self.world.radio[job_id] -= 1  # the radio said that it took nothing

    def report(self) -> None:
        """Say what isn't acknowledged yet."""
        waiting = [
            (job_id, entry)
            for job_id, entry in self.journal.items()
            if entry["state"] in _REPORTED and entry.get("acked") != entry["state"]
        ]
        if not waiting:
            return
        self.seq += 1
        items = [self._report_of(job_id, entry) for job_id, entry in waiting[:REPORT_LIMIT]]
        self.say({"type": "report", "seq": self.seq, "items": items})

    def _report_of(self, job_id: str, entry: dict[str, Any]) -> Frame:
        entry["seq"], entry["reported"] = self.seq, entry["state"]
        state = _SHOWN.get(entry["state"], entry["state"])
        item = {"jobId": job_id, "token": entry["token"], "state": state, "at": rfc3339_ms(self.world.now)}
        if state == "Failed":
            code = "no_service" if entry["state"] == "Failed" else "invalid_number"
            item["error"] = {"code": code, "message": ""}
        return item

    def decline(self) -> None:
        """Say, until it is answered, what it was told to send and doesn't hold."""
        if self.declines:
            self.say({"type": "decline", "items": list(self.declines)})

    def heartbeat(self) -> None:
        """Say that it lives."""
        self.say({"type": "heartbeat", "sims": [{"simSlot": slot, "isReady": True} for slot in range(self.sims)]})

    # -- what it hears -----------------------------------------------------------------------------------------

    def hear(self, frame: Frame) -> None:
        """Act on a frame of the server."""
        held_to_its_model(frame)
        handle: Callable[[Frame], None] = getattr(self, "_on_" + frame["type"].replace(".", "_"))
        handle(frame)

    def _on_offer(self, frame: Frame) -> None:
        now = rfc3339_ms(self.world.now)
        self.offers += [job for job in frame["jobs"] if job["claimBy"] > now or not self.leaves_late_offers]

    def _on_welcome(self, frame: Frame) -> None:
        self.greeted = True
        for entry in frame["resolve"]:
            held = self.journal.get(entry["jobId"])
            if held is None or held["token"] != entry["token"]:
                continue
            if entry["action"] == "drop" and held["state"] == "Claimed":
                del self.journal[entry["jobId"]]
            elif entry["action"] == "go" and held["state"] == "Claimed":
                held["state"] = "Go"

    def _on_claimed(self, frame: Frame) -> None:
        for item in frame["items"]:
            held = self.journal.get(item["jobId"])
            mine = held is not None and held["token"] == item["token"]
            if item["verdict"] == "go" and not mine:
                self.declines.append({"jobId": item["jobId"], "token": item["token"], "reason": "unknown-claim"})
            elif held is not None and mine and held["state"] == "Claimed":
                if item["verdict"] == "go":
                    held["state"] = "Go"
                else:
                    del self.journal[item["jobId"]]

    def _on_declined(self, frame: Frame) -> None:
        done = {(item["jobId"], item["token"]) for item in frame["items"]}
        self.declines = [item for item in self.declines if (item["jobId"], item["token"]) not in done]

    def _on_ack(self, frame: Frame) -> None:
        for entry in self.journal.values():
            if entry.get("seq") == frame["seq"]:
                entry["acked"] = entry["reported"]
                entry["closed"] = entry["acked"] == entry["state"]

    def _on_heartbeat_ack(self, frame: Frame) -> None:
        pass

    def _on_config(self, frame: Frame) -> None:
        pass

    def _on_error(self, frame: Frame) -> None:
        """Another connection has replaced this one, as the server sees it: the phone connects anew."""
        assert frame["code"] == "replaced", frame
        self.connection = None

    # -- what befalls it ---------------------------------------------------------------------------------------

    def crash(self) -> None:
        """Only the journal is left; what it was sending is unknown from now on."""
        self.offers.clear()
        for entry in self.journal.values():
            if entry["state"] == "Sending":
                entry["state"] = "Unknown"
            if entry["state"] == "Go":
                entry["state"] = "Claimed"

    def forget(self) -> None:
        """It loses track of one claim."""
        claimed = [job_id for job_id, entry in self.journal.items() if entry["state"] == "Claimed"]
        if claimed:
            del self.journal[self.world.random.choice(claimed)]

    def lose_journal(self) -> None:
        """Somebody deletes the journal: what it had go for may be sent or not, and nobody will ever know."""
        gone = {job_id for job_id, entry in self.journal.items() if entry["state"] in ("Go", "Sending")}
        self.world.lost_with_journal |= gone
        self.journal, self.journal_number, self.seq = {}, self.journal_number + 1, 0
        self.offers.clear()
        self.declines.clear()
