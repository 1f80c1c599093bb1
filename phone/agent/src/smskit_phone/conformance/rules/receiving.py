"""SMS that come in: nothing lost, nothing doubled, in their order."""

from collections.abc import Sequence

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.rules.expectations import expect_patience, expect_repeated
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "received-sms"
_NEEDS = (Need.RADIO, Need.RESTART)


@rule("inbound.forwarded", "An SMS is forwarded as it came in: sender, text, SIM and time.", _SECTION, Need.RADIO)
async def forwarded(bench: Bench) -> None:
    await bench.start()
    slot = bench.slots()[-1]
    bench.radio.arrive("Habari \U0001f600", "MPESA", slot)
    await _stored(bench, ["Habari \U0001f600"])
    (one,) = bench.answers.inbound.values()
    if (one["from"], one["simSlot"]) != ("MPESA", slot):
        raise BrokenError("the sender or the SIM is another one than that of the SMS")


@rule("inbound.order", "SMS are forwarded in the order in which they came in, each once.", _SECTION, Need.RADIO)
async def order(bench: Bench) -> None:
    await bench.start()
    texts = [f"Number {number}" for number in range(45)]
    for text in texts:
        bench.radio.arrive(text)
    await _stored(bench, texts)


@rule(
    "inbound.one-at-a-time",
    "One frame of SMS is under way at a time, the next one goes out after its ack.",
    _SECTION,
    Need.RADIO,
)
async def one_at_a_time(bench: Bench) -> None:
    bench.answers.mute.add("received")
    await bench.start()
    bench.radio.arrive("first")
    await bench.until(lambda: bench.of("received"), "the SMS is forwarded")
    second = bench.radio.arrive("second")
    await bench.until(lambda: bench.radio.has_taken(second), "it takes the second SMS from the radio")
    await bench.quiet(bench.phone_seconds(5))
    if len({frame["seq"] for frame in bench.of("received")}) > 1:
        raise BrokenError("it forwarded the second SMS before the first was acknowledged")
    await bench.answer_late("received")
    await _stored(bench, ["first", "second"])


@rule(
    "inbound.lost-ack", "SMS without ack are forwarded again after 30 s: same seq, same messages.", _SECTION, Need.RADIO
)
async def lost_ack(bench: Bench) -> None:
    bench.answers.mute.add("received")
    await bench.start()
    bench.radio.arrive("first")
    wait = bench.phone_seconds(30)
    await bench.until(lambda: len(bench.of("received")) > 1, "the SMS again", wait * 1.5 + bench.patience)
    expect_repeated(bench, "received")
    expect_patience(bench, "received", 30)
    await bench.answer_late("received")
    await _stored(bench, ["first"])


@rule(
    "inbound.next-connection",
    "SMS without ack are forwarded again on the next connection: same seq, same messages.",
    _SECTION,
    Need.RADIO,
)
async def next_connection(bench: Bench) -> None:
    bench.answers.mute.add("received")
    await bench.start()
    bench.radio.arrive("first")
    await bench.until(lambda: bench.of("received"), "the SMS is forwarded")
    bench.answers.mute.clear()
    await bench.drop()
    await _stored(bench, ["first"])
    expect_repeated(bench, "received")


@rule("inbound.crash", "Killed right after the radio forgot an SMS, it forwards it when it is back.", _SECTION, *_NEEDS)
async def crash(bench: Bench) -> None:
    bench.answers.mute.add("received")
    await bench.start()
    number = bench.radio.arrive("first")
    await bench.until(lambda: bench.radio.has_taken(number), "it takes the SMS from the radio")
    await bench.kill()
    bench.answers.mute.clear()
    await bench.start()
    await _stored(bench, ["first"])


@rule("inbound.twice", "An SMS that the radio hands over twice is one SMS: one phoneMessageId.", _SECTION, Need.RADIO)
async def twice(bench: Bench) -> None:
    await bench.start()
    number = bench.radio.arrive("first")
    await _stored(bench, ["first"])
    again = bench.radio.repeat(number)
    bench.radio.arrive("second")
    await bench.until(lambda: bench.radio.has_taken(again), "it takes what the radio repeats")
    await _stored(bench, ["first", "second"])


@rule("inbound.same-text", "Two SMS with the same text are two: two phoneMessageIds.", _SECTION, Need.RADIO)
async def same_text(bench: Bench) -> None:
    await bench.start()
    bench.radio.arrive("YES")
    bench.radio.arrive("YES")
    await _stored(bench, ["YES", "YES"])


@rule(
    "inbound.offline",
    "What comes in while it is offline is forwarded in its order when it is back.",
    _SECTION,
    Need.RADIO,
)
async def offline(bench: Bench) -> None:
    await bench.start()
    bench.is_refusing = True
    await bench.drop()
    texts = [f"Number {number}" for number in range(5)]
    for text in texts:
        last = bench.radio.arrive(text)
    await bench.until(lambda: bench.radio.has_taken(last), "it takes SMS from the radio while it is offline")
    bench.is_refusing = False
    await _stored(bench, texts)


@rule("inbound.odd", "Empty, very long and strange SMS are forwarded as they are.", _SECTION, Need.RADIO)
async def odd(bench: Bench) -> None:
    await bench.start()
    texts = ["", "x" * 9_990, "\u0000\u0007 \u202e \U0001f469‍\U0001f469", "half \ud83d of a pair", "last"]
    for text in texts:
        bench.radio.arrive(text)
    await _stored(bench, texts)


@rule("inbound.refused", "An SMS that the server can't use doesn't hold back the others.", _SECTION, Need.RADIO)
async def refused(bench: Bench) -> None:
    await bench.start()
    bench.answers.instead["received"] = lambda frame: (
        [{"type": "error", "code": "invalid-frame", "message": "as played", "ref": frame["seq"]}]
        if any(one["content"] == "bad" for one in frame["messages"])
        else bench.answers.usual(frame)
    )
    for text in ("before", "bad", "after"):
        bench.radio.arrive(text)
    await _stored(bench, ["before", "after"])


@rule(
    "inbound.too-large",
    "An SMS that fits into no frame doesn't hold back the others.",
    _SECTION,
    Need.RADIO,
)
async def too_large(bench: Bench) -> None:
    await bench.start()
    for text in ("before", "\U0001f600" * 9_000, "after"):
        bench.radio.arrive(text)
    await bench.until(
        lambda: {"before", "after"} <= {one["content"] for one in bench.answers.inbound.values()},
        "the SMS before and after one of 36 KB are forwarded",
    )
    if bench.unusable:
        raise BrokenError(bench.unusable[0])


async def _stored(bench: Bench, texts: Sequence[str]) -> None:
    """Waits until the server has so many SMS, and compares their texts and their order."""
    stored = bench.answers.inbound
    await bench.until(lambda: len(stored) >= len(texts), f"{len(texts)} SMS are forwarded", bench.patience * 2)
    came = [one["content"] for one in stored.values()]
    if came == list(texts):
        return
    if sorted(came) == sorted(texts):
        raise BrokenError("they were forwarded in another order")
    raise BrokenError(f"{len(came)} SMS were forwarded, and not the {len(texts)} that came in")
