"""What several rules look at."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.jobs import PlayedJob
from smskit_phone.conformance.line import Frame
from smskit_phone.conformance.verdicts import BrokenError


def expect_open(hello: Frame, job: PlayedJob, *states: str) -> None:
    """Raises unless hello names the job under its token in one of the states."""
    listed = {(item["jobId"], item["token"]): item["state"] for item in hello.get("open", [])}
    state = listed.get((job.job_id, job.token))
    if state not in states:
        raise BrokenError(f"hello names the job {state or 'not at all'}, instead of {' or '.join(states)}")


def expect_repeated(bench: Bench, kind: str) -> None:
    """Raises unless the last frame of the type is the first one once more."""
    first, again = bench.of(kind)[0], bench.of(kind)[-1]
    if first["seq"] != again["seq"]:
        raise BrokenError(f"told again it has seq {again['seq']} and not {first['seq']}: it counts as another one")
    if first != again:
        raise BrokenError(f"told again under seq {first['seq']} it says something else")


def expect_patience(bench: Bench, kind: str, seconds: float) -> None:
    """Raises when the second frame of the type came long before its time, in the phone's seconds."""
    first, again = bench.moments(kind)[:2]
    if again - first < bench.phone_seconds(seconds) / 3:
        waited = (again - first) * bench.call.scale
        raise BrokenError(f"told again after {waited:.1f} s instead of {seconds:.0f}: the server may still be at it")


def missing_slot(bench: Bench) -> int:
    """A slot in which the phone has no SIM."""
    return next(slot for slot in range(7, -1, -1) if slot not in bench.slots())


async def sees_to_it(bench: Bench) -> None:
    """Waits until the phone has seen to all that was said before: it declines an offer for a SIM that isn't there."""
    probe = bench.job(slot=missing_slot(bench))
    await bench.offer(probe)
    await bench.declined(probe, "for a SIM that isn't there")
