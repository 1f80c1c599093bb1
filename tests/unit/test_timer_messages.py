"""What timers say in their messages: some are in flight while the code is replaced, so not a byte may change."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from smskit.dispatch.logic import janitor, timers
from smskit.models.lane import LaneKey
from smskit.models.timer import (
    BatchTimer,
    EraseTimer,
    JobsTimer,
    LaneTimer,
    OffersTimer,
    PhoneTimer,
    Timer,
    TimerKind,
    message_of,
    queue_of,
    timer_of,
)

LANE = LaneKey("acc_0", "dvc_0", 1)
WHERE = '"accountId":"acc_0","deviceId":"dvc_0","simSlot":1'
OFFERS = (("job_1", "t1"), ("job_2", "t2"))
ITEMS = '"items":[["job_1","t1"],["job_2","t2"]]'
NUMBER = '"accountId":"acc_0","number":"+254712345678","askedAt":7'
ERASURE = EraseTimer("acc_0", "+254712345678", 7)
SAID: list[tuple[Timer, str]] = [
    (OffersTimer(TimerKind.EARLY, LANE, OFFERS), f'{{"kind":"early",{WHERE},{ITEMS}}}'),
    (OffersTimer(TimerKind.OFFER, LANE, OFFERS), f'{{"kind":"offer",{WHERE},{ITEMS}}}'),
    (OffersTimer(TimerKind.OFFER, LANE, OFFERS, is_hedged=True), f'{{"kind":"offer",{WHERE},{ITEMS},"hedged":true}}'),
    (OffersTimer(TimerKind.REPORT, LANE, OFFERS), f'{{"kind":"report",{WHERE},{ITEMS}}}'),
    (JobsTimer(TimerKind.MATCH, ("job_1", "job_2")), '{"kind":"match","jobIds":["job_1","job_2"]}'),
    (JobsTimer(TimerKind.DUE, ("job_1", "job_2")), '{"kind":"due","jobIds":["job_1","job_2"]}'),
    (JobsTimer(TimerKind.EXPIRE, ("job_1",)), '{"kind":"expire","jobId":"job_1"}'),
    (JobsTimer(TimerKind.END, ("job_1",), since=7), '{"kind":"end","jobId":"job_1","since":7}'),
    (JobsTimer(TimerKind.STRAY, ("job_1", "job_2"), since=7), '{"kind":"stray","jobIds":["job_1","job_2"],"since":7}'),
    (LaneTimer(TimerKind.WAKE, LANE, 496_000), f'{{"kind":"wake",{WHERE},"hour":496000}}'),
    (LaneTimer(TimerKind.FILL, LANE), f'{{"kind":"fill",{WHERE}}}'),
    (PhoneTimer("acc_0", "dvc_0"), '{"kind":"phone","accountId":"acc_0","deviceId":"dvc_0"}'),
    (
        PhoneTimer("acc_0", "dvc_0", "dvc_0#1", "5#7#job_1"),
        '{"kind":"phone","accountId":"acc_0","deviceId":"dvc_0","scope":"dvc_0#1","after":"5#7#job_1"}',
    ),
    (ERASURE, f'{{"kind":"erase",{NUMBER}}}'),
    (ERASURE._replace(part="in"), f'{{"kind":"erase",{NUMBER},"part":"in"}}'),
    (
        ERASURE._replace(behind=(5, "job_1"), left=True),
        f'{{"kind":"erase",{NUMBER},"part":"out","behind":[5,"job_1"],"left":true,"again":false}}',
    ),
    (
        ERASURE._replace(part="in", behind=(5, 3), again=True),
        f'{{"kind":"erase",{NUMBER},"part":"in","behind":[5,3],"again":true}}',
    ),
    (ERASURE._replace(again=True), f'{{"kind":"erase",{NUMBER},"part":"out","again":true}}'),
    (ERASURE._replace(part="in", again=True), f'{{"kind":"erase",{NUMBER},"part":"in","again":true}}'),
    (
        BatchTimer(TimerKind.BATCH, "bat_0", "a1", 7, 40),
        '{"kind":"batch","batchId":"bat_0","attempt":"a1","askedAt":7,"pieces":40}',
    ),
    (
        BatchTimer(TimerKind.BATCH, "bat_0", "a1", 7, 40, 0),
        '{"kind":"batch","batchId":"bat_0","attempt":"a1","askedAt":7,"pieces":40,"piece":0}',
    ),
    (
        BatchTimer(TimerKind.WITHDRAW, "bat_0", "a1", 7, 40, 39),
        '{"kind":"withdraw","batchId":"bat_0","attempt":"a1","askedAt":7,"pieces":40,"piece":39}',
    ),
]


@pytest.mark.parametrize(("timer", "text"), SAID, ids=[text[9:40] for _, text in SAID])
def test_a_timer_is_its_message(timer: Timer, text: str) -> None:
    assert json.dumps(message_of(timer), separators=(",", ":")) == text
    assert timer_of(json.loads(text)) == timer


@pytest.mark.parametrize("timer", [timer for timer, _ in SAID])
def test_one_that_was_set_again_says_how_often(timer: Timer) -> None:
    again = timer._replace(dead_lettered=2)
    assert message_of(again) == message_of(timer) | {"deadLettered": 2}
    assert timer_of(message_of(again)) == again


def test_every_kind_has_its_message() -> None:
    assert {timer.kind for timer, _ in SAID} == set(TimerKind)


def test_a_dead_letter_of_any_kind_ends_jobs_or_is_set_again() -> None:
    lost = [timer for timer, _ in SAID if not janitor.jobs_of_timer(timer) and not timers.is_lasting(timer.kind)]
    assert not lost


def test_the_glossary_has_every_kind() -> None:
    page = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text()
    table = page.partition("| kind of timer |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == [kind.value for kind in TimerKind]


def test_a_kind_that_isnt_known_is_refused() -> None:
    with pytest.raises(ValueError, match="tea"):
        timer_of({"kind": "tea"})


def test_what_takes_long_never_stands_before_the_timer_of_an_offer() -> None:
    background = {kind for kind in TimerKind if queue_of(kind) == "background"}
    assert background == {TimerKind.DUE, TimerKind.ERASE, TimerKind.BATCH, TimerKind.WITHDRAW}
