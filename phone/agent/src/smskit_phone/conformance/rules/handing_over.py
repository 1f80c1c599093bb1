"""In which order, by which SIM, and what the radio's answer is made of."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.radio import Refusal
from smskit_phone.conformance.rules.expectations import missing_slot
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_ORDER, _OUTCOME = "order", "the-radio"
TRANSIENT = frozenset(
    {"radio_off", "no_service", "generic_failure", "limit_exceeded", "sim_absent", "no_credit", "null_pdu"}
)


@rule("order.priority", "Of what a SIM has clearance for, the highest priority goes first.", _ORDER, Need.RADIO)
async def priority(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first = bench.job(8)
    await bench.offer(first)
    await bench.handed_over(first)
    waiting = [bench.job(number) for number in (1, 7, 4)]
    for job in waiting:
        await bench.offer(job)
        await bench.claimed(job)
    bench.radio.release()
    await bench.handed_over(*waiting)
    order = [one.recipient for one in bench.radio.handed]
    wanted = [job.recipient for job in sorted(waiting, key=lambda job: -job.priority)]
    if order[1:4] != wanted:
        told = [next(job.priority for job in waiting if job.recipient == one) for one in order[1:4]]
        raise BrokenError(f"priorities 1, 7 and 4 were sent in the order {', '.join(map(str, told))}")


@rule("order.urgent", "An urgent message (9, 10) goes before all that the radio has not begun.", _ORDER, Need.RADIO)
async def urgent(bench: Bench) -> None:
    await bench.start()
    bench.radio.hold()
    first, waiting, otp = bench.job(1), bench.job(1), bench.job(9)
    await bench.offer(first)
    await bench.handed_over(first)
    await bench.offer(waiting)
    await bench.claimed(waiting)
    await bench.offer(otp)
    await bench.claimed(otp)
    bench.radio.release()
    await bench.handed_over(otp, waiting)
    if [one.recipient for one in bench.radio.handed].index(otp.recipient) != 1:
        raise BrokenError("a lesser message that waited was sent before the urgent one")


@rule("radio.message", "The radio gets the text, the number and the SIM of the offer, unchanged.", _OUTCOME, Need.RADIO)
async def message(bench: Bench) -> None:
    await bench.start()
    job = bench.job(segments=2, slot=bench.slots()[-1])
    job.message = "Ünïcode \U0001f600 “quotes”\nsecond line  with  spaces " * 2
    await bench.offer(job)
    await bench.handed_over(job)
    (one,) = [one for one in bench.radio.handed if one.recipient == job.recipient]
    if one.text != job.message:
        raise BrokenError("the radio got another text than that of the offer")
    if one.sim_slot != job.sim_slot:
        raise BrokenError(f"it was sent by the SIM in slot {one.sim_slot} instead of {job.sim_slot}")


@rule(
    "radio.no-such-sim",
    "What is offered for a SIM that it doesn't have it gives back; no other SIM takes it.",
    _OUTCOME,
    Need.RADIO,
)
async def no_such_sim(bench: Bench) -> None:
    await bench.start()
    job = bench.job(slot=missing_slot(bench))
    await bench.offer(job)
    await bench.declined(job, "for a SIM that isn't there")
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule(
    "radio.refused",
    "What the radio refuses is reported Failed with its code; the phone doesn't try again by itself.",
    _OUTCOME,
    Need.RADIO,
)
async def refused(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    bench.radio.refusals[job.recipient] = Refusal("invalid_number")
    await bench.offer(job)
    await bench.reported(job, "Failed")
    await bench.settles()
    code = (job.reports[0].get("error") or {}).get("code")
    if code != "invalid_number":
        raise BrokenError(f"the radio said invalid_number, the report {code}")
    bench.expect_hand_overs(job, 1)


@rule(
    "radio.next-attempt",
    "What the radio refused for the moment it sends when it is offered again.",
    _OUTCOME,
    Need.RADIO,
)
async def next_attempt(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    bench.radio.refusals[job.recipient] = Refusal("no_service")
    await bench.offer(job)
    await bench.reported(job, "Failed")
    bench.radio.refusals.clear()
    await bench.offer(job)
    await bench.reported(job, "Sent")
    bench.expect_hand_overs(job, 2)


@rule(
    "radio.half-sent",
    "What fails after a part of it went out is never reported so that it would be sent again.",
    _OUTCOME,
    Need.RADIO,
)
async def half_sent(bench: Bench) -> None:
    await bench.start()
    job = bench.job(segments=3)
    bench.radio.refusals[job.recipient] = Refusal("generic_failure", 1)
    await bench.offer(job)
    await bench.until(lambda: {"Failed", "Unknown"} & set(job.states), "the job is reported Unknown")
    item = job.reports[0]
    if item["state"] == "Failed" and (item.get("error") or {}).get("code") in TRANSIENT:
        raise BrokenError(f"reported Failed with {item['error']['code']}: the server would send it again")
    bench.radio.refusals.clear()
    await bench.offer(job)
    await bench.reported_anew(job)
    await bench.settles()
    bench.expect_hand_overs(job, 1)
