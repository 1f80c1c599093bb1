"""What no server should say, and what a phone must never say."""

from smskit_phone.conformance.bench import Bench
from smskit_phone.conformance.verdicts import BrokenError, Need, rule

_SECTION = "frames"
_STORM = 12


@rule(
    "frames.unknown",
    "A type or a field that it doesn't know it passes over, and stays connected.",
    _SECTION,
    Need.RADIO,
)
async def unknown(bench: Bench) -> None:
    await bench.start()
    await bench.say({"type": "fireworks", "colour": "red"})
    await bench.say({"type": "config", "heartbeatSeconds": 300, "sims": [], "fromTheFuture": {"deep": [1]}})
    job = bench.job()
    job.renew()
    frame = bench.offer_of(job)
    frame["jobs"][0]["fromTheFuture"] = {"deep": [None]}
    await bench.say(frame)
    await bench.reported(job, "Sent")
    if len(bench.connections) > 1:
        raise BrokenError("it left its connection over a frame of the future")


@rule("frames.garbage", "What is no frame changes nothing, and it goes on working.", _SECTION, Need.RADIO)
async def garbage(bench: Bench) -> None:
    await bench.start()
    for text in ("[not json", "", "null", "7", "[1, 2]", '"claimed"', b"\x00\xff\xfe", '{"type": 7}', "{" * 2000):
        await bench.say_strange(text)
    await bench.settles()


@rule(
    "frames.wrong-types",
    "A frame that lacks something or has a wrong type changes nothing, and it goes on working.",
    _SECTION,
    Need.RADIO,
)
async def wrong_types(bench: Bench) -> None:
    await bench.start()
    job, half = bench.job(), bench.job()
    job.renew()
    half.renew()
    good = bench.offer_of(job)["jobs"][0]
    for frame in (
        {"type": "offer", "jobs": [bench.offer_of(half)["jobs"][0], {"jobId": job.job_id}]},
        {"type": "offer", "jobs": [{**good, "expiresAt": None}]},
        {"type": "offer", "jobs": [{**good, "message": 7}]},
        {"type": "offer", "jobs": "all"},
        {"type": "claimed", "items": [{"jobId": job.job_id, "token": job.token}]},
        {"type": "claimed", "items": [None]},
        {"type": "ack", "seq": "1"},
        {"type": "config", "heartbeatSeconds": "often", "sims": [{"simSlot": None, "isEnabled": "no"}]},
        {"type": "welcome", "serverTime": "yesterday", "heartbeatSeconds": None, "resolve": 1},
        {"type": "error", "ref": {}},
    ):
        await bench.say_strange(frame)
    await bench.settles()
    bench.expect_hand_overs(job, 0)


@rule("frames.huge", "A frame of many megabytes neither ends it nor keeps it from working.", _SECTION, Need.RADIO)
async def huge(bench: Bench) -> None:
    await bench.start()
    await bench.say_strange({"type": "fireworks", "sparks": "x" * (4 * 1024 * 1024)})
    await bench.settles()


@rule(
    "frames.error", "An error frame, also one about a job that it claims, doesn't make it storm.", _SECTION, Need.RADIO
)
async def error(bench: Bench) -> None:
    await bench.start()
    job = bench.job()
    bench.answers.instead["claim"] = lambda frame: [
        {"type": "error", "code": "invalid-frame", "message": "as played", "ref": frame["items"][0]["jobId"]}
    ]
    await bench.offer(job)
    await bench.claimed(job)
    claims = await bench.count_of(lambda: len(bench.items("claim", job)), _STORM, 20)
    if claims >= _STORM:
        raise BrokenError(f"it claimed {claims} times what the server can't use: 20 in a minute end the connection")


@rule("frames.valid", "Whatever it says fits the published schemas, in at most 32 KB a frame.", _SECTION, Need.RADIO)
async def valid(bench: Bench) -> None:
    bench.answers.heartbeat_seconds = 1
    await bench.start()
    bench.radio.arrive("an SMS")
    await bench.settles()
    await bench.until(lambda: bench.of("received"), "the SMS is forwarded")
    await bench.until(lambda: bench.of("heartbeat"), "a heartbeat", 1 + bench.patience)
