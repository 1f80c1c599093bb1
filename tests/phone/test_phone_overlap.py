"""The radio never waits for the network: while it has one message, the next ones are reported, offered and cleared."""

from smskit_phone import Credentials, Phone, PhoneConfig
from smskit_phone import credentials as credentials_file
from tests.phone.conftest import QUICK
from tests.phone.radios import HandRadio
from tests.phone.server_double import TOKEN, eventually
from tests.phone.windowed import WindowedGateway

JOBS, WINDOW = 12, 3


async def test_a_radio_that_is_done_with_a_message_always_finds_the_next_one_cleared(runner):
    gateway = WindowedGateway(JOBS, window=WINDOW)
    await gateway.start()
    credentials_file.save(runner.state_dir, Credentials("dvc_1", TOKEN, gateway.url))
    radio = HandRadio(runner)
    await runner.run(Phone(PhoneConfig(runner.state_dir, timings=QUICK), radio, on_event=runner.events.append))

    for done in range(JOBS):
        # All that the window allows is here and may be sent, though nothing leaves the radio meanwhile.
        ahead = min(WINDOW, JOBS - done) - 1
        await eventually(lambda: list(runner.journal_states().values()).count("Cleared") == ahead)  # noqa: B023
        assert len(radio.begun) == done + 1
        radio.let_pass()
        await eventually(lambda: len(runner.handed_over()) == done + 1)  # noqa: B023

    assert radio.begun == [f"job_{number}" for number in range(JOBS)]
    await runner.pull_battery()
    await gateway.stop()
