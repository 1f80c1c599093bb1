"""What the played server answers, unless a rule wants something else."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from smskit_phone.clock import rfc3339
from smskit_phone.conformance.jobs import PlayedJob

Frame = dict[str, Any]


class Answers:
    """`mute` names the types of frames that get no answer; `instead` answers a type in another way."""

    def __init__(self, jobs: Sequence[PlayedJob]) -> None:
        self.mute: set[str] = set()
        self.instead: dict[str, Callable[[Frame], list[Frame]]] = {}
        self.withheld: set[str] = set()
        """Jobs whose claims get no answer."""
        self.clock_ahead = 0.0
        """The server's clock is so many seconds ahead of this machine's."""
        self.heartbeat_seconds = 300
        self.resolutions: dict[str, str] = {}
        """By job id, the word in `welcome` that is not the usual one; an empty word leaves the job out."""
        self.inbound: dict[str, Frame] = {}
        """What came in and was acknowledged, by phoneMessageId, in its order."""
        self._jobs = jobs
        self._seqs: set[int] = set()
        self._decided: set[str] = set()

    def is_told(self, job: PlayedJob) -> bool:
        """Whether the claim of its present token was answered."""
        return job.token in self._decided

    def time(self, ahead: float = 0.0) -> str:
        """So many seconds from now by the server's clock."""
        return rfc3339(datetime.now(UTC).timestamp() + self.clock_ahead + ahead)

    def to(self, frame: Frame) -> list[Frame]:
        """The frames to say to what the phone said."""
        kind = frame["type"]
        if kind in self.mute:
            return []
        if kind in self.instead:
            return self.instead[kind](frame)
        return self.usual(frame)

    def usual(self, frame: Frame) -> list[Frame]:
        """As the server would."""
        answer: Frame | None = getattr(self, f"_{frame['type']}")(frame)
        return [answer] if answer else []

    def _hello(self, frame: Frame) -> Frame:
        listed = [(item, self._resolution(item)) for item in frame.get("open", [])]
        resolve = [
            {"jobId": item["jobId"], "token": item["token"], "action": action} for item, action in listed if action
        ]
        return {
            "type": "welcome",
            "serverTime": self.time(),
            "heartbeatSeconds": self.heartbeat_seconds,
            "resolve": resolve,
        }

    def _resolution(self, item: Frame) -> str:
        if item["state"] == "Sending":
            return ""
        job = self._job(item["jobId"])
        usual = "report"
        if item["state"] == "Claimed":
            usual = "go" if job and job.verdict == "go" and job.token == item["token"] else "drop"
        return self.resolutions.get(item["jobId"], usual)

    def _heartbeat(self, frame: Frame) -> Frame:
        return {"type": "heartbeat.ack", "serverTime": self.time()}

    def _claim(self, frame: Frame) -> Frame | None:
        items = [self._verdict(item) for item in frame["items"] if item["jobId"] not in self.withheld]
        return {"type": "claimed", "items": items} if items else None

    def _verdict(self, item: Frame) -> Frame:
        job = self._job(item["jobId"])
        self._decided.add(item["token"])
        answer = {"jobId": item["jobId"], "token": item["token"]}
        if job is not None and job.verdict == "go":
            return {**answer, "verdict": "go"}
        return {**answer, "verdict": "gone", "reason": "taken" if job else "unknown"}

    def _decline(self, frame: Frame) -> Frame:
        items = [{"jobId": item["jobId"], "token": item["token"]} for item in frame["items"]]
        return {"type": "declined", "items": items}

    def _report(self, frame: Frame) -> Frame:
        if frame["seq"] not in self._seqs:
            self._seqs.add(frame["seq"])
            for item in frame["items"]:
                if (job := self._job(item["jobId"])) is not None:
                    job.reports.append(item)
        return {"type": "ack", "seq": frame["seq"]}

    def _received(self, frame: Frame) -> Frame:
        for message in frame["messages"]:
            self.inbound.setdefault(message["phoneMessageId"], message)
        return {"type": "ack", "seq": frame["seq"]}

    def _job(self, job_id: str) -> PlayedJob | None:
        return next((job for job in self._jobs if job.job_id == job_id), None)
