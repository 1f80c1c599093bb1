"""What a rule is, and what comes of judging a phone by it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from smskit_phone.conformance.bench import Bench

PAGE = "phone-protocol.md"


class Need(StrEnum):
    """What a rule can't do without; the words say what is missing."""

    RADIO = "the suite doesn't play this phone's radio"
    RESTART = "the suite can't kill this phone and start it again"
    HURRY = "takes more than an hour: this phone's waits can't be shortened"


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    SKIPPED = "skipped"


class BrokenError(Exception):
    """The phone doesn't keep the rule. The words say what was expected and what was seen."""


class SkippedError(Exception):
    """The rule doesn't apply to this phone. The words say why."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`promise` is what a phone that keeps the rule does; `section` is where the protocol's page asks for it."""

    rule_id: str
    promise: str
    section: str
    needs: frozenset[Need]
    judge: Callable[["Bench"], Awaitable[None]]
    scale: float | None = None
    """How much the phone's own waits are to be shortened for this rule, if otherwise than for all."""

    @property
    def source(self) -> str:
        """The page and section that ask for it."""
        return f"{PAGE}#{self.section}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`seen` is what was seen of a phone that failed, or why the rule was skipped."""

    rule: Rule
    outcome: Outcome
    seconds: float
    seen: str | None = None

    def as_json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "id": self.rule.rule_id,
            "promise": self.rule.promise,
            "source": self.rule.source,
            "verdict": self.outcome,
            "seen": self.seen,
            "seconds": round(self.seconds, 2),
        }


Judge = Callable[["Bench"], Awaitable[None]]
RULES: dict[str, Rule] = {}
"""All rules by their ids, in the order in which they are told."""


def rule(
    rule_id: str, promise: str, section: str, *needs: Need, scale: float | None = None
) -> Callable[[Judge], Judge]:
    """Registers what judges a rule: it returns for a phone that keeps it, and raises BrokenError or SkippedError."""

    def register(judge: Judge) -> Judge:
        RULES[rule_id] = Rule(rule_id, promise, section, frozenset(needs), judge, scale)
        return judge

    return register
