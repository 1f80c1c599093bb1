"""What became of a message, told until it is acknowledged."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.rules.expectations import (
    expect_open,
    expect_patience,
    expect_repeated,
    sees_to_it,
)
from smskit_phone.conformance.verdicts import BrokenError, Need, SkippedError, rule

_SECTION = "reports"


@rule("report.sent", "Sent is reported when the radio has taken every part, and not before.", _SECTION, Need.RADIO)
async def sent(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    job = bench.job()
    await bench.offer(job)
    await bench.handed_over(job)
    await sees_to_it(bench)
    if bench.items("report", job):
        raise BrokenError(f"reported {bench.items('report', job)[0]['state']} while the radio still has it")
    bench.radio.release()
    await bench.reported(job, "Sent")


@rule(
    "report.delivered", "Delivered is reported when the network has confirmed every part, once.", _SECTION, Need.RADIO
)
async def delivered(bench: Bench) -> None:
    await _start_with_deliveries(bench)
    job = bench.job(segments=2)
    await bench.offer(job)
    await bench.reported(job, "Sent")
    bench.radio.confirm(job.recipient, 0)
    bench.radio.confirm(job.recipient, 0)
    await bench.settles()
    if "Delivered" in job.states:
        raise BrokenError("reported Delivered after one of two parts was confirmed")
    bench.radio.confirm(job.recipient, 1)
    await bench.reported(job, "Delivered")
    await bench.settles()
    if job.states != ["Sent", "Delivered"]:
        raise BrokenError(f"it reported {', '.join(job.states)}")


@rule(
    "report.lost-ack",
    "A report without ack is told again after 30 s, with the same seq and items.",
    _SECTION,
    Need.RADIO,
)
async def lost_ack(bench: Bench) -> None:
    bench.answers.mute.add("report")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    wait = bench.phone_seconds(30)
    await bench.until(lambda: len(bench.of("report")) > 1, "the report again", wait * 1.5 + bench.patience)
    expect_repeated(bench, "report")
    expect_patience(bench, "report", 30)
    await bench.answer_late("report")
    await bench.reported(job, "Sent")


@rule(
    "report.one-at-a-time",
    "One report is under way at a time; the next one goes out after its ack.",
    _SECTION,
    Need.RADIO,
)
async def one_at_a_time(bench: Bench) -> None:
    bench.answers.mute.add("report")
    await bench.start()
    first, second = bench.job(), bench.job()
    await bench.offer(first)
    await bench.until(lambda: bench.items("report", first), "the report")
    await bench.offer(second)
    await bench.handed_over(second)
    await sees_to_it(bench)
    await bench.quiet(bench.phone_seconds(5))
    if len({frame["seq"] for frame in bench.of("report")}) > 1:
        raise BrokenError("it said another report before the first one was acknowledged")
    await bench.answer_late("report")
    await bench.reported(second, "Sent")


@rule(
    "report.next-connection",
    "What was not acknowledged is named in hello, and told on the next connection.",
    _SECTION,
    Need.RADIO,
)
async def next_connection(bench: Bench) -> None:
    bench.answers.mute.add("report")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.until(lambda: bench.of("report"), "the report")
    bench.answers.mute.clear()
    hello = await bench.reconnect()
    await bench.reported(job, "Sent")
    expect_open(hello, job, "Sent")
    expect_repeated(bench, "report")


@rule("report.numbers", "seq counts up, and over a restart too.", _SECTION, Need.RADIO, Need.RESTART)
async def numbers(bench: Bench) -> None:
    await bench.start()
    await bench.settles()
    await bench.restart()
    await bench.settles()
    seqs = [frame["seq"] for frame in bench.of("report")]
    said = {frame["seq"]: frame["items"] for frame in reversed(bench.of("report"))}
    if any(said[frame["seq"]] != frame["items"] for frame in bench.of("report")) or seqs != sorted(seqs):
        raise BrokenError(
            f"its reports were numbered {', '.join(map(str, seqs))}: the server takes the later for repeated"
        )


@rule("report.refused", "A report that the server can't use doesn't hold back the others.", _SECTION, Need.RADIO)
async def refused(bench: Bench) -> None:
    await bench.start()
    bad, good = bench.job(), bench.job()
    bench.answers.instead["report"] = lambda frame: (
        [{"type": "error", "code": "invalid-frame", "message": "as played", "ref": frame["seq"]}]
        if any(item["jobId"] == bad.job_id for item in frame["items"])
        else bench.answers.usual(frame)
    )
    await bench.offer(bad)
    await bench.until(lambda: bench.items("report", bad), "the report")
    await bench.offer(good)
    await bench.reported(good, "Sent")


async def _start_with_deliveries(bench: Bench) -> None:
    hello = await bench.start()
    if not hello.get("capabilities", {}).get("deliveryReports", True):
        raise SkippedError("this phone doesn't see deliveries, and says so")
