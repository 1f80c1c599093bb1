"""An urgent job goes before all that the radio has not begun, from the moment its offer comes in."""

import pytest

from smskit_phone import Phone, PhoneConfig, Sim
from tests.phone.conftest import QUICK
from tests.phone.radios import HandRadio, HandStopwatch
from tests.phone.server_double import eventually


class Scene:
    """A phone whose radio has one message and holds three more that may be sent; claims of urgent jobs stay unanswered
    until the test answers them."""

    def __init__(self, server, runner) -> None:
        self.server, self.runner = server, runner
        self.stopwatch = HandStopwatch()
        self.radio = HandRadio(runner, [Sim(0), Sim(1)])
        self.unanswered: set[str] = set()
        server.hooks["claim"] = self._on_claim
        server.hooks["hello"] = lambda frame: server._on_hello(frame)[:1]

    def _on_claim(self, frame):
        answer = self.server._on_claim(frame)
        held_back = any(item["jobId"] in self.unanswered for item in frame["items"])
        return [] if held_back else answer

    async def begin(self) -> None:
        config = PhoneConfig(self.runner.state_dir, timings=QUICK)
        events = self.runner.events.append
        await self.runner.run(Phone(config, self.radio, on_event=events, stopwatch=self.stopwatch))
        await self.server.offer(*(self.server.add(name) for name in "abcd"))
        await eventually(lambda: list(self.runner.journal_states().values()).count("Cleared") == 3)
        assert self.radio.begun == ["a"]

    async def offer_urgent(self, *names: str, priority: int = 9, sim_slot: int = 0, answered: bool = False) -> None:
        """Returns once the claims are with the server."""
        if not answered:
            self.unanswered.update(names)
        await self.server.offer(*(self.server.add(name, priority=priority, sim_slot=sim_slot) for name in names))
        await eventually(lambda: all(self.server.items("claim", name) for name in names))

    async def answer(self, name: str, verdict: str = "go") -> None:
        item = {"jobId": name, "token": self.server.jobs[name].token, "verdict": verdict}
        await self.server.send({"type": "claimed", "items": [item]})

    async def pass_one(self) -> None:
        """The message at the radio is handed over, and the server knows it: the radio could have begun another."""
        name = self.radio.begun[-1]
        self.radio.let_pass()
        await eventually(lambda: "Sent" in self.server.states(name))


@pytest.fixture
async def scene(server, runner) -> Scene:
    scene = Scene(server, runner)
    await scene.begin()
    return scene


async def test_an_urgent_offer_is_the_radios_next_message_though_three_others_may_be_sent(scene):
    await scene.offer_urgent("otp")
    await scene.pass_one()
    assert scene.radio.begun == ["a"]

    await scene.answer("otp")
    scene.radio.let_pass(4)
    await eventually(lambda: len(scene.radio.begun) == 5)

    assert scene.radio.begun == ["a", "otp", "b", "c", "d"]


async def test_an_urgent_offer_beyond_the_window_is_claimed_and_what_the_radio_has_begun_is_not_stopped(scene):
    await scene.offer_urgent("otp", answered=True)
    await eventually(lambda: scene.runner.journal_states()["otp"] == "Cleared")
    scene.radio.let_pass(5)
    await eventually(lambda: len(scene.runner.handed_over()) == 5)

    assert scene.runner.handed_over() == ["a", "otp", "b", "c", "d"]
    assert scene.server.of("decline") == []


async def test_two_urgent_jobs_at_once_both_go_before_all_others(scene):
    await scene.offer_urgent("one")
    await scene.offer_urgent("two")
    await scene.answer("two")
    await scene.pass_one()
    await eventually(lambda: scene.radio.begun == ["a", "two"])
    await scene.pass_one()
    assert scene.radio.begun == ["a", "two"]

    await scene.answer("one")
    await eventually(lambda: len(scene.radio.begun) == 3)
    scene.radio.let_pass(4)
    await eventually(lambda: len(scene.radio.begun) == 6)

    assert scene.radio.begun == ["a", "two", "one", "b", "c", "d"]


async def test_of_two_urgent_jobs_the_higher_priority_goes_first_though_its_answer_is_later(scene):
    await scene.offer_urgent("nine")
    await scene.offer_urgent("ten", priority=10)
    await scene.answer("nine")
    await scene.pass_one()
    assert scene.radio.begun == ["a"]

    await scene.answer("ten")
    scene.radio.let_pass(2)
    await eventually(lambda: len(scene.radio.begun) == 4)

    assert scene.radio.begun == ["a", "ten", "nine", "b"]


async def test_gone_ends_the_wait(scene):
    await scene.offer_urgent("otp")
    await scene.pass_one()
    assert scene.radio.begun == ["a"]

    await scene.answer("otp", "gone")
    await eventually(lambda: scene.radio.begun == ["a", "b"])


async def test_a_decline_ends_the_wait(scene):
    """A SIM that is switched off gives its urgent job back, and is on again before anybody answers its claim."""
    await scene.offer_urgent("otp")
    await scene.pass_one()
    for enabled in (False, True):
        await scene.server.send({"type": "config", "sims": [{"simSlot": 0, "isEnabled": enabled}]})
    await eventually(lambda: scene.server.items("decline", "otp"))

    scene.stopwatch.turn(QUICK.coalesce)
    await scene.offer_urgent("next", priority=1, answered=True)
    await eventually(lambda: scene.radio.begun == ["a", "next"])


async def test_an_error_from_the_server_about_the_claim_ends_the_wait(scene):
    await scene.offer_urgent("otp")
    await scene.pass_one()
    assert scene.radio.begun == ["a"]

    await scene.server.send({"type": "error", "code": "bad-claim", "message": "?", "ref": "otp"})
    await eventually(lambda: scene.radio.begun == ["a", "b"])


async def test_an_answer_that_is_lost_keeps_the_others_back_for_two_seconds_and_no_longer(scene):
    await scene.offer_urgent("otp")
    await scene.pass_one()
    scene.stopwatch.turn(1.9)
    await eventually(lambda: len(scene.server.items("claim", "otp")) == 2)
    assert scene.radio.begun == ["a"]

    scene.stopwatch.turn(0.2)
    await eventually(lambda: scene.radio.begun == ["a", "b"])

    await scene.answer("otp")
    await eventually(lambda: scene.runner.journal_states()["otp"] == "Cleared")
    scene.radio.let_pass(2)
    await eventually(lambda: len(scene.radio.begun) == 4)
    assert scene.radio.begun == ["a", "b", "otp", "c"]


async def test_the_wait_ends_while_the_phone_is_offline_too(scene):
    await scene.offer_urgent("otp")
    await scene.pass_one()
    scene.server.refuse_upgrade = True
    await scene.server.drop_connection()
    await eventually(lambda: scene.runner.named("connect_failed"))
    assert scene.radio.begun == ["a"]

    scene.stopwatch.turn(2)
    await eventually(lambda: scene.radio.begun == ["a", "b"])


async def test_other_sims_do_not_wait(scene):
    await scene.offer_urgent("otp")
    await scene.offer_urgent("elsewhere", priority=1, sim_slot=1, answered=True)

    await eventually(lambda: scene.radio.begun == ["a", "elsewhere"])


async def test_the_claim_of_an_urgent_offer_goes_at_once_in_a_frame_of_its_own(scene):
    """The stopwatch stands still, so that the pause that gathers claims into one frame never ends by itself."""
    bulk, late, otp = (scene.server.add(name, priority=priority) for name, priority in (("b1", 8), ("b2", 0), ("o", 9)))
    await scene.server.offer(bulk)
    await scene.server.offer(late, otp)
    await eventually(lambda: scene.server.items("claim", "b2"))

    claims = [[item["jobId"] for item in frame["items"]] for frame in scene.server.of("claim")]
    assert claims == [["a", "b", "c", "d"], ["o"], ["b1", "b2"]]
