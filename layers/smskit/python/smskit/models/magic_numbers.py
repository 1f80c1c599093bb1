"""Magic numbers: what becomes of a message that a test key sends, told by whom it is to, step by step.

docs/test-keys.md is made from this table. To a live key they are numbers like any other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from smskit.models import worlds
from smskit.models.job import OUTCOME_UNKNOWN, Job


class Act(StrEnum):
    """What a step plays."""

    ASSIGN = "Assigned"
    SENT = "Sent"
    DELIVERED = "Delivered"
    FAIL = "Failed"
    UNKNOWN = "Failed, of unknown outcome"
    FAIL_ATTEMPT = "an attempt fails"
    GIVE_UP = "DeadLetter"
    REPLY = "an SMS comes in"


class Refusal(StrEnum):
    """Why a message isn't accepted."""

    NO_PHONE = "no-eligible-device"
    OPTED_OUT = "recipient-opted-out"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens, `after` seconds behind the one before it. `said`: a code, or what an SMS says."""

    act: Act
    after: int
    said: str = ""


@dataclass(frozen=True, slots=True)
class MagicNumber:
    """A number and what is played for it. Without a step the job waits until its validity ends."""

    number: str
    says: str
    steps: tuple[Step, ...] = ()
    refusal: Refusal | None = None


STOP, REPLY = "STOP", "Thank you, that is what I wanted to know."
_TAKEN = Step(Act.ASSIGN, 1)
_SENT = (_TAKEN, Step(Act.SENT, 1))
_DELIVERED = (*_SENT, Step(Act.DELIVERED, 2))
USUAL = _DELIVERED  # of every number that isn't listed


def _failed(number: str, code: str, says: str) -> MagicNumber:
    return MagicNumber(number, says, (_TAKEN, Step(Act.FAIL, 1, code)))


def _given_up(number: str, code: str, says: str) -> MagicNumber:
    return MagicNumber(number, says, (Step(Act.GIVE_UP, 2, code),))


def _attempt(code: str) -> tuple[Step, ...]:
    return Step(Act.ASSIGN, 2), Step(Act.FAIL_ATTEMPT, 1, code)


NUMBERS = (
    MagicNumber(
        "+254700000001", "Delivered, but slowly", (_TAKEN, Step(Act.SENT, 20), Step(Act.DELIVERED, 60))
    ),
    MagicNumber("+254700000002", "Sent, and never confirmed by the network", _SENT),
    _failed("+254700000010", "invalid_number", "The network takes no SMS for this number"),
    _failed("+254700000011", "short_code_refused", "The phone may not send to this short code"),
    _failed("+254700000012", "fdn_blocked", "The SIM may send to fixed numbers only"),
    _failed("+254700000013", "permission_denied", "The phone's app lost its right to send SMS"),
    MagicNumber(
        "+254700000014", "Sent, and then the network says that it could not be delivered",
        (*_SENT, Step(Act.FAIL, 3, "generic_failure")),
    ),
    MagicNumber(
        "+254700000015", "The phone goes silent: nobody knows whether it was sent",
        (_TAKEN, Step(Act.UNKNOWN, 4, OUTCOME_UNKNOWN)),
    ),
    MagicNumber(
        "+254700000016", "The phone goes silent, and is back with the answer that it was delivered",
        (_TAKEN, Step(Act.UNKNOWN, 4, OUTCOME_UNKNOWN), Step(Act.DELIVERED, 10)),
    ),
    MagicNumber(
        "+254700000020", "The first attempt fails, the second one is delivered",
        (*_attempt("no_service"), Step(Act.ASSIGN, 5), Step(Act.SENT, 1), Step(Act.DELIVERED, 2)),
    ),
    *(
        MagicNumber(number, "Three attempts fail", 3 * _attempt(code))
        for number, code in (
            ("+254700000021", "no_service"),
            ("+254700000022", "radio_off"),
            ("+254700000023", "sim_absent"),
            ("+254700000024", "limit_exceeded"),
            ("+254700000025", "no_credit"),
            ("+254700000026", "generic_failure"),
            ("+254700000027", "null_pdu"),
        )
    ),
    MagicNumber("+254700000030", "No phone takes it before its validity ends"),
    _given_up("+254700000031", "opted-out", "The recipient opts out before it goes out"),
    _given_up("+254700000032", "sim-disabled", "The SIM that it named is disabled"),
    _given_up("+254700000033", "device-disabled", "The phone that it named is disabled"),
    _given_up("+254700000034", "device-revoked", "The phone that it named is removed from the account"),
    _given_up("+254700000035", "dispatch-error", "It could not be dispatched, after several tries"),
    MagicNumber("+254700000040", "No phone is online", refusal=Refusal.NO_PHONE),
    MagicNumber("+254700000041", "The recipient has opted out", refusal=Refusal.OPTED_OUT),
    MagicNumber("+254700000050", "Delivered, and the recipient replies", (*_DELIVERED, Step(Act.REPLY, 3, REPLY))),
    MagicNumber("+254700000051", "Delivered, and the recipient opts out", (*_DELIVERED, Step(Act.REPLY, 3, STOP))),
)  # fmt: skip
_BY_NUMBER = {magic.number: magic for magic in NUMBERS}


def refuses(job: Job, refusal: Refusal) -> bool:
    """Whether the job is one of a test world whose number plays that it is refused so."""
    magic = _BY_NUMBER.get(job.recipient)
    return magic is not None and magic.refusal is refusal and worlds.is_test(job.account_id)


def steps_of(job: Job) -> tuple[Step, ...]:
    """What is played for a job of a test world. Answers to keywords are delivered, whoever gets them."""
    magic = _BY_NUMBER.get(job.recipient)
    return USUAL if magic is None or job.exempt_from_opt_out else magic.steps
