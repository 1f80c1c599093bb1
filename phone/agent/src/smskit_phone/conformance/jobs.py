"""Jobs as the played server keeps them, and the frames that offer them."""

import secrets
from dataclasses import dataclass, field
from typing import Any

_LISTS = ("items", "jobs", "open", "resolve")
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(slots=True)
class PlayedJob:
    """`verdict` answers its claim; `reports` are the items that came, each frame once."""

    job_id: str
    recipient: str
    message: str = field(repr=False)
    sim_slot: int
    priority: int
    segments: int
    valid_for: float
    verdict: str = "go"
    token: str = ""
    attempt: int = 0
    reports: list[dict[str, Any]] = field(default_factory=list)

    @property
    def states(self) -> list[str]:
        """What was reported of it, in the order in which it came."""
        return [item["state"] for item in self.reports]

    def renew(self) -> None:
        """The next offer is another one: a new token, one attempt more."""
        self.token = secrets.token_hex(16)
        self.attempt += 1

    def as_offer(self, *, expires_at: str, claim_by: str) -> dict[str, Any]:
        """An entry of an offer's jobs."""
        return self.item(
            attempt=self.attempt,
            simSlot=self.sim_slot,
            recipient=self.recipient,
            message=self.message,
            segments=self.segments,
            priority=self.priority,
            expiresAt=expires_at,
            claimBy=claim_by,
        )

    def item(self, **more: Any) -> dict[str, Any]:
        """As frames name it under its present token."""
        return {"jobId": self.job_id, "token": self.token, **more}


def new_job_id() -> str:
    """An id of the form that the server gives."""
    return "job_" + "".join(secrets.choice(_ALPHABET) for _ in range(20))


def words_of(frame: dict[str, Any], names: dict[str, str]) -> str:
    """A frame in a few words for people: no text, no number."""
    kind = str(frame.get("type"))
    entries: list[Any] = next((frame[name] for name in _LISTS if isinstance(frame.get(name), list)), [])
    told = [
        " ".join(str(word) for word in (names.get(str(one.get("jobId")), "?"), *_states(one)) if word)
        for one in entries
        if isinstance(one, dict)
    ]
    if isinstance(frame.get("messages"), list):
        told = [f"{len(frame['messages'])} SMS"]
    number = f" {frame['seq']}" if "seq" in frame else ""
    return f"{kind}{number}" + (f" [{', '.join(told[:4])}{', …' if len(told) > 4 else ''}]" if told else "")


def _states(item: dict[str, Any]) -> list[Any]:
    error = item.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return [item.get(name) for name in ("verdict", "state", "action")] + [code]
