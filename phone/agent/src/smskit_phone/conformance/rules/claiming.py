"""Offers, claims and their verdicts."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.jobs import new_job_id
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "offers-and-claims"


@rule(
    "claim.first",
    "It claims what is offered, with the offer's token, and hands nothing to the radio before go.",
    _SECTION,
    Need.RADIO,
)
async def claim_first(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    bench.answers.withheld.add(job.job_id)
    await bench.offer(job)
    await bench.claimed(job)
    await bench.settles()
    if {item["token"] for item in bench.items("claim", job)} != {job.token}:
        raise BrokenError("it claimed with another token than that of the offer")
    bench.expect_hand_overs(job, 0)
    bench.answers.withheld.clear()
    await bench.say({"type": "claimed", "items": [job.item(verdict="go")]})
    await bench.handed_over(job)


@rule("claim.repeated", "A claim that nobody answers it makes again, every 3 s.", _SECTION, Need.RADIO)
async def repeated(bench: Bench) -> None:
    bench.answers.mute.add("claim")
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.until(
        lambda: len(bench.items("claim", job)) >= 4, "the claim 4 times", bench.phone_seconds(9) + bench.patience
    )
    times = bench.moments("claim")
    if times[3] - times[0] < bench.phone_seconds(9) / 3:
        raise BrokenError(
            f"4 claims of one job within {(times[3] - times[0]) * bench.call.scale:.1f} s: that is a storm"
        )


@rule("claim.gone", "What is gone is not sent, and not claimed again.", _SECTION, Need.RADIO)
async def gone(bench: Bench) -> None:
    await bench.start()
    job = bench.job(verdict="gone")
    await bench.offer(job)
    await bench.claimed(job)
    await bench.settles()
    bench.expect_hand_overs(job, 0)
    known = len(bench.items("claim", job))
    hello = await bench.reconnect()
    await bench.settles()
    if any(item["jobId"] == job.job_id for item in hello.get("open", [])):
        raise BrokenError("hello still names the job that is gone")
    if len(bench.items("claim", job)) > known:
        raise BrokenError("it claimed the job again that is gone")
    bench.expect_hand_overs(job, 0)


@rule(
    "claim.unheld-go",
    "A go for what it doesn't hold it declines, until that is answered; it sends nothing.",
    _SECTION,
    Need.RADIO,
)
async def unheld_go(bench: Bench) -> None:
    bench.answers.mute.add("decline")
    await bench.start()
    job = bench.job()
    job.renew()
    await bench.say({"type": "claimed", "items": [job.item(verdict="go")]})
    await bench.until(lambda: len(bench.items("decline", job)) >= 2, "the decline, and again, since nobody answered it")
    bench.answers.mute.clear()
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule(
    "claim.late-go", "A go that comes after gone sends nothing: frames may overtake each other.", _SECTION, Need.RADIO
)
async def late_go(bench: Bench) -> None:
    await bench.start()
    job = bench.job(verdict="gone")
    await bench.offer(job)
    await bench.claimed(job)
    await bench.settles()
    await bench.say({"type": "claimed", "items": [job.item(verdict="go")]})
    await bench.declined(job, "for which go came after gone")
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule("claim.twice", "An offer and a go that come twice make one hand-over.", _SECTION, Need.RADIO)
async def twice(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    bench.radio.hold()
    await bench.offer(job)
    await bench.say(bench.offer_of(job))
    await bench.handed_over(job)
    go = {"type": "claimed", "items": [job.item(verdict="go")]}
    await bench.say(go)
    await bench.say(bench.offer_of(job))
    bench.radio.release()
    await bench.reported(job, "Sent")
    await bench.say(go)
    await bench.say(bench.offer_of(job))
    await bench.settles()
    bench.expect_hand_overs(job, 1)


@rule(
    "claim.two-tokens",
    "A job that the radio has seen is not sent under another token; its state is reported under that.",
    _SECTION,
    Need.RADIO,
)
async def two_tokens(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    await bench.offer(job)
    await bench.reported(job, "Sent")
    await bench.offer(job)
    await bench.until(
        lambda: any(item["token"] == job.token and item["state"] == "Sent" for item in job.reports),
        "the job is reported Sent under its second token",
    )
    await bench.settles()
    bench.expect_hand_overs(job, 1)


@rule("claim.unknown-job", "A verdict on a job that it never heard of changes nothing.", _SECTION, Need.RADIO)
async def unknown_job(bench: Bench) -> None:
    await bench.start()
    known = len(bench.radio.handed)
    gone = {"jobId": new_job_id(), "token": "t", "verdict": "gone", "reason": "unknown"}
    await bench.say({"type": "claimed", "items": [gone]})
    await bench.say({"type": "declined", "items": [{"jobId": gone["jobId"], "token": "t"}]})
    await bench.say({"type": "ack", "seq": 4_000_000})
    await bench.settles()
    if len(bench.radio.handed) > known + 1:
        raise BrokenError("it handed something to the radio that nobody asked for")
