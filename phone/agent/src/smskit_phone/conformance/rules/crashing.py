"""Killed at each step, and started again: at most one hand-over, and a word about every job."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.rules.expectations import expect_open, expect_repeated
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "crashes"
_NEEDS = (Need.RADIO, Need.RESTART)


@rule(
    "crash.claimed",
    "Killed after its claim it names the job Claimed, and sends it when welcome says go.",
    _SECTION,
    *_NEEDS,
)
async def claimed(bench: Bench) -> None:
    bench.answers.mute.add("claim")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.claimed(job)
    bench.answers.mute.clear()
    hello = await bench.restart()
    expect_open(hello, job, "Claimed")
    await bench.reported(job, "Sent")
    await bench.settles()
    bench.expect_hand_overs(job, 1)


@rule("crash.dropped", "What welcome drops is never sent.", _SECTION, *_NEEDS)
async def dropped(bench: Bench) -> None:
    bench.answers.mute.add("claim")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.claimed(job)
    bench.answers.mute.clear()
    bench.answers.resolutions[job.job_id] = "drop"
    job.verdict = "gone"
    await bench.restart()
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule(
    "crash.cleared",
    "Killed with go, before the radio, it names the job Claimed, and waits for the next go.",
    _SECTION,
    *_NEEDS,
)
async def cleared(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, waiting = bench.job(6), bench.job(5)
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(waiting)
    await bench.claimed(waiting)
    await bench.cleared(waiting)
    bench.answers.resolutions[waiting.job_id] = "drop"
    waiting.verdict = "gone"
    hello = await bench.restart()
    expect_open(hello, waiting, "Claimed")
    await bench.settles()
    bench.expect_hand_overs(waiting, 0)


@rule(
    "crash.sending",
    "Killed while the radio has it, it reports Unknown with unknown_outcome, and never sends it again.",
    _SECTION,
    *_NEEDS,
)
async def sending(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    job = bench.job()
    await bench.offer(job)
    await bench.handed_over(job)
    await bench.kill()
    bench.radio.release()
    hello = await bench.start()
    await bench.reported(job, "Unknown")
    expect_open(hello, job, "Unknown", "Sending")
    code = (job.reports[0].get("error") or {}).get("code")
    if code != "unknown_outcome":
        raise BrokenError(f"the report's code is {code} instead of unknown_outcome")
    await bench.settles()
    bench.expect_hand_overs(job, 1)


@rule(
    "crash.offered-again",
    "A job whose outcome a crash has hidden is not sent under another token either.",
    _SECTION,
    *_NEEDS,
)
async def offered_again(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    job = bench.job()
    await bench.offer(job)
    await bench.handed_over(job)
    await bench.kill()
    bench.radio.release()
    await bench.start()
    await bench.offer(job)
    await bench.reported_anew(job)
    await bench.settles()
    bench.expect_hand_overs(job, 1)


@rule(
    "crash.reporting",
    "Killed before the ack of a report, it tells it again, with the same seq and items.",
    _SECTION,
    *_NEEDS,
)
async def reporting(bench: Bench) -> None:
    bench.answers.mute.add("report")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.until(lambda: bench.of("report"), "the report")
    bench.answers.mute.clear()
    hello = await bench.restart()
    expect_open(hello, job, "Sent")
    await bench.reported(job, "Sent")
    expect_repeated(bench, "report")
    bench.expect_hand_overs(job, 1)


@rule(
    "crash.delivery", "A confirmation that comes after a restart still makes its message Delivered.", _SECTION, *_NEEDS
)
async def delivery(bench: Bench) -> None:
    hello = await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.reported(job, "Sent")
    await bench.restart()
    bench.radio.confirm(job.recipient)
    if hello.get("capabilities", {}).get("deliveryReports", True):
        await bench.reported(job, "Delivered")


@rule(
    "crash.offline",
    "What is cleared it sends while it is offline, once, and tells it on the next connection.",
    _SECTION,
    Need.RADIO,
)
async def offline(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, waiting = bench.job(6), bench.job(5)
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(waiting)
    await bench.cleared(waiting)
    bench.is_refusing = True
    known = len(bench.attempts)
    await bench.drop()
    await bench.until(lambda: len(bench.attempts) > known, "it tries to connect again")
    bench.radio.release()
    await bench.handed_over(waiting)
    bench.is_refusing = False
    await bench.reported(first, "Sent")
    await bench.reported(waiting, "Sent")
    bench.expect_hand_overs(waiting, 1)
