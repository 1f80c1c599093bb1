"""Hello, welcome and heartbeats."""

from itertools import pairwise

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, SkippedError, rule

_HELLO, _HEARTBEATS = "hello-and-welcome", "heartbeats"


@rule("hello.first", "hello is the first frame of every connection, and is said once on it.", _HELLO, Need.RADIO)
async def first(bench: Bench) -> None:
    await bench.start()
    await bench.settles()
    await bench.reconnect()
    await bench.settles()
    for number in range(1, len(bench.connections) + 1):
        kinds = [one.frame["type"] for one in bench.heard if one.connection == number]
        if kinds and (kinds[0] != "hello" or kinds.count("hello") != 1):
            raise BrokenError(f"its frames on connection {number} were {', '.join(kinds[:6])}")


@rule(
    "hello.fields",
    "hello tells protocol 1, its version, its SIMs, whether it sees deliveries, and its journal's id.",
    _HELLO,
)
async def fields(bench: Bench) -> None:
    hello = await bench.start()
    if hello["protocol"] != 1:
        raise BrokenError(f"protocol is {hello['protocol']}")
    for name in ("appVersion", "journalId"):
        if not hello.get(name):
            raise BrokenError(f"hello lacks {name}")
    if "deliveryReports" not in hello.get("capabilities", {}):
        raise BrokenError("hello lacks capabilities.deliveryReports: the server takes it for true")
    if hello.get("open"):
        raise BrokenError("a new phone names open jobs")
    slots = [sim["simSlot"] for sim in hello["sims"]]
    if not slots:
        raise SkippedError("a phone without a SIM")
    if len(set(slots)) != len(slots):
        raise BrokenError(f"it names a slot twice: {slots}")


@rule("hello.journal", "The journal's id stays the same over connections and restarts.", _HELLO, Need.RESTART)
async def journal(bench: Bench) -> None:
    before = (await bench.start()).get("journalId")
    await bench.reconnect()
    after = (await bench.restart()).get("journalId")
    if {hello.get("journalId") for hello in bench.of("hello")} != {before}:
        raise BrokenError(f"journalId was {before!r}, and after a restart {after!r}")


@rule("hello.unanswered", "Without welcome it gives the connection up after 15 s and makes another.", _HELLO)
async def unanswered(bench: Bench) -> None:
    bench.answers.mute.add("hello")
    await bench.start()
    await bench.until(
        lambda: len(bench.of("hello")) > 1, "it says hello on another connection", bench.phone_seconds(15) + 20
    )
    bench.answers.mute.clear()
    if len({one.connection for one in bench.heard if one.frame["type"] == "hello"}) != len(bench.of("hello")):
        raise BrokenError("it said hello twice on one connection: what it claims in between would look disowned")


@rule(
    "hello.early-offer",
    "An offer that overtakes welcome is claimed all the same, and disturbs nothing.",
    _HELLO,
    Need.RADIO,
)
async def early_offer(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    job.renew()
    bench.answers.instead["hello"] = lambda frame: [bench.offer_of(job), *bench.answers.usual(frame)]
    await bench.reconnect()
    await bench.reported(job, "Sent")
    bench.expect_hand_overs(job, 1)


@rule("heartbeat.pace", "It says heartbeat as often as welcome says, and as config says later.", _HEARTBEATS)
async def pace(bench: Bench) -> None:
    bench.answers.heartbeat_seconds = 1
    await bench.start()
    some = 3 + bench.patience
    await bench.until(lambda: len(bench.of("heartbeat")) >= 3, "3 heartbeats, one a second", some)
    await bench.say({"type": "config", "heartbeatSeconds": 600, "sims": _sims(bench)})
    known = len(bench.of("heartbeat"))
    await bench.say({"type": "config", "heartbeatSeconds": 1, "sims": _sims(bench)})
    await bench.until(lambda: len(bench.of("heartbeat")) >= known + 2, "heartbeats at the pace of config", some)
    beats = bench.moments("heartbeat")
    if (closest := min(later - earlier for earlier, later in pairwise(beats))) < 0.4:
        raise BrokenError(f"two heartbeats {closest:.2f} s apart, at one a second")


def _sims(bench: Bench) -> list[dict[str, object]]:
    return [{"simSlot": slot, "isEnabled": True} for slot in bench.slots()]


@rule(
    "heartbeat.silence",
    "A connection on which a heartbeat gets no answer for 30 s is dead: it makes another.",
    _HEARTBEATS,
)
async def silence(bench: Bench) -> None:
    bench.answers.heartbeat_seconds = 1
    bench.answers.mute.add("heartbeat")
    await bench.start()
    await bench.until(lambda: len(bench.of("hello")) > 1, "it leaves the dead connection", bench.phone_seconds(30) + 10)
