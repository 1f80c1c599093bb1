"""What is too late, by whose clock."""

from datetime import datetime

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "deadlines-and-clocks"
_DAY = 86_400.0


@rule(
    "deadline.claim",
    "An offer whose claimBy has passed it claims, or says another word: else it seems dead, and is offered no more.",
    _SECTION,
    Need.RADIO,
)
async def claim(bench: Bench) -> None:
    await bench.start()
    job = bench.job(verdict="gone")
    beats = len(bench.of("heartbeat"))
    await bench.offer(job, claim_in=-5)

    def is_answered() -> bool:
        return bool(bench.items("claim", job) or bench.items("decline", job) or bench.of("heartbeat")[beats:])

    await bench.until(is_answered, f"it says something to {bench.name(job)}, which is offered late")
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule("deadline.expired", "An offer whose expiresAt has passed it doesn't claim, and gives back.", _SECTION, Need.RADIO)
async def expired(bench: Bench) -> None:
    await bench.start()
    job = bench.job(valid_for=-5)
    await bench.offer(job)
    await bench.declined(job, "which has expired")
    await bench.settles()
    if bench.items("claim", job):
        raise BrokenError("it claimed an offer after its expiresAt")
    bench.expect_hand_overs(job, 0)


@rule("deadline.radio", "What expires while it waits for the radio is given back, and not sent.", _SECTION, Need.RADIO)
async def radio(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, late = bench.job(), bench.job(valid_for=2)
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(late)
    await bench.cleared(late)
    await bench.quiet(2.5)
    bench.radio.release()
    await bench.settles()
    bench.expect_hand_overs(late, 0)
    await bench.declined(late, "which has expired")


@rule("clock.behind", "It goes by the server's clock where its own is a day ahead of that.", _SECTION, Need.RADIO)
async def behind(bench: Bench) -> None:
    await _keeps_server_time(bench, -_DAY)


@rule("clock.ahead", "It goes by the server's clock where its own is a day behind that.", _SECTION, Need.RADIO)
async def ahead(bench: Bench) -> None:
    await _keeps_server_time(bench, _DAY)


async def _keeps_server_time(bench: Bench, clock_ahead: float) -> None:
    bench.answers.clock_ahead = clock_ahead
    await bench.start()
    good, late = bench.job(valid_for=60), bench.job(valid_for=-60)
    await bench.offer(late)
    await bench.offer(good)
    await bench.reported(good, "Sent")
    await bench.settles()
    bench.expect_hand_overs(good, 1)
    bench.expect_hand_overs(late, 0)
    at = datetime.fromisoformat(good.reports[0]["at"]).timestamp()
    off = at - datetime.fromisoformat(bench.answers.time()).timestamp()
    if abs(off) > 60:
        raise BrokenError(f"the report's time is {off:+.0f} s off the server's")
