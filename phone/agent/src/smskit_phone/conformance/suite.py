"""Judges a phone by all rules: side by side where each rule can have a phone of its own."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.endpoint import Endpoint
from smskit_phone.conformance.launchers import Call, Launcher
from smskit_phone.conformance.rules import ALL_FRAMES, FIRST
from smskit_phone.conformance.verdicts import BrokenError, Need, Outcome, Rule, SkippedError, Verdict

_RULE_SECONDS = 180.0
_OnVerdict = Callable[[Verdict], None]


@dataclass(frozen=True, slots=True)
class Setting:
    """`scale` is what phones are told to divide their own waits by, if they can; `patience` how long the suite waits
    for what should come at once, in seconds."""

    folder: Path
    scale: float = 10.0
    at_once: int = 8
    patience: float = 10.0


class Suite:
    """One run against one kind of phone."""

    def __init__(self, endpoint: Endpoint, launcher: Launcher, setting: Setting) -> None:
        self._endpoint = endpoint
        self._launcher = launcher
        self._setting = setting
        self._numbers = count(1)
        self._benches: list[Bench] = []

    @property
    def paired(self) -> dict[str, Any]:
        """What the phone said of itself when it paired."""
        return next((bench.pairings[0] for bench in self._benches if bench.pairings), {})

    def first_bench(self) -> Bench:
        """Whose link is good for a phone that somebody starts by hand."""
        return self._benches[0] if self._benches else self._new_bench(self._scale)

    async def end(self) -> None:
        """No phone that the suite started runs on."""
        for bench in self._benches:
            await bench.kill()

    async def judge(self, chosen: Sequence[Rule], on_verdict: _OnVerdict) -> list[Verdict]:
        """All verdicts, told in the order of the rules as soon as they are known. Pairing comes first: when that fails,
        there is nothing to judge."""
        teller = _Teller(chosen, on_verdict)
        first = [rule for rule in chosen if rule.rule_id == FIRST]
        others = [rule for rule in chosen if rule.rule_id != FIRST]
        for rule in first:
            teller.add(await self._judge(rule))
        if any(verdict.outcome is Outcome.FAILED for verdict in teller.verdicts.values()):
            for rule in others:
                teller.add(Verdict(rule, Outcome.SKIPPED, 0.0, f"the phone doesn't get as far: see {FIRST}"))
            return teller.in_order()
        gate = asyncio.Semaphore(self._setting.at_once if self._launcher.can_restart else 1)

        async def judge_in_turn(rule: Rule) -> Verdict:
            async with gate:
                verdict = await self._judge(rule)
                if rule.rule_id != ALL_FRAMES:
                    teller.add(verdict)
                return verdict

        for verdict in await asyncio.gather(*(judge_in_turn(rule) for rule in others)):
            if verdict.rule.rule_id == ALL_FRAMES:
                teller.add(self._judge_frames(verdict))
        return teller.in_order()

    def _judge_frames(self, verdict: Verdict) -> Verdict:
        """No frame that the phone said under any rule may be unusable."""
        unusable = list(dict.fromkeys(words for bench in self._benches for words in bench.unusable))
        if not unusable:
            return verdict
        return Verdict(verdict.rule, Outcome.FAILED, verdict.seconds, "; ".join(unusable[:5]))

    async def _judge(self, rule: Rule) -> Verdict:
        missing = [need for need in Need if need in rule.needs and not self._has(need)]
        if missing:
            return Verdict(rule, Outcome.SKIPPED, 0.0, missing[0])
        bench = await self._bench_for(rule)
        started = time.monotonic()
        outcome, seen = await self._outcome(rule, bench)
        seconds = time.monotonic() - started
        if self._launcher.can_restart:
            for one in (bench, *bench.others):
                await one.kill()
        return Verdict(rule, outcome, seconds, seen)

    async def _bench_for(self, rule: Rule) -> Bench:
        """A phone of its own, or the only one that there is, which connects anew."""
        if self._launcher.can_restart or not self._benches:
            hurried = rule.scale is not None and self._launcher.can_hurry
            return self._new_bench(rule.scale if hurried and rule.scale else self._scale)
        last = self._benches[-1]
        await last.leave()
        bench = self._new_bench(self._scale, last.call.code)
        bench.pairings = last.pairings
        return bench

    @property
    def _scale(self) -> float:
        return self._setting.scale if self._launcher.can_hurry else 1.0

    def _new_bench(self, scale: float, code: str | None = None) -> Bench:
        number = next(self._numbers)
        code = code or f"CONF-{number:03}"
        state = self._setting.folder / f"phone-{number:03}"
        server = self._endpoint.server
        call = Call(self._endpoint.link(code), server, code, state, self._endpoint.radio(code), scale)
        bench = Bench(call, self._launcher, self._setting.patience, lambda: self._new_bench(scale))
        self._benches.append(bench)
        self._endpoint.add(bench)
        return bench

    @staticmethod
    async def _outcome(rule: Rule, bench: Bench) -> tuple[Outcome, str | None]:
        try:
            async with asyncio.timeout(_RULE_SECONDS):
                await rule.judge(bench)
        except BrokenError as error:
            return Outcome.FAILED, str(error)
        except SkippedError as error:
            return Outcome.SKIPPED, str(error)
        except TimeoutError:
            return Outcome.FAILED, f"not decided within {_RULE_SECONDS:.0f} s. {bench.trace()}"
        return Outcome.PASSED, None

    def _has(self, need: Need) -> bool:
        launcher = self._launcher
        return {
            Need.RADIO: launcher.plays_radio,
            Need.RESTART: launcher.can_restart,
            Need.HURRY: launcher.can_hurry,
        }[need]


class _Teller:
    """Tells verdicts in the order of the rules, whatever the order in which they come."""

    def __init__(self, rules: Sequence[Rule], on_verdict: _OnVerdict) -> None:
        self.verdicts: dict[str, Verdict] = {}
        self._rules = rules
        self._waiting = deque(rules)
        self._on_verdict = on_verdict

    def add(self, verdict: Verdict) -> None:
        """Keeps it, and tells all that needn't wait for an earlier one any more."""
        self.verdicts[verdict.rule.rule_id] = verdict
        while self._waiting and self._waiting[0].rule_id in self.verdicts:
            self._on_verdict(self.verdicts[self._waiting.popleft().rule_id])

    def in_order(self) -> list[Verdict]:
        """All of them."""
        return [self.verdicts[rule.rule_id] for rule in self._rules]
