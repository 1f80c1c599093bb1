"""The radio never waits for the network: while it has one message, the next ones are reported, offered and cleared."""

from smskit_phone import Credentials, Phone, PhoneConfig
from smskit_phone import credentials as credentials_file
from tests.phone.conftest import QUICK
from tests.phone.disks import watch_databases
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


async def test_a_message_waits_for_the_disk_no_more_often_than_it_must(server, runner, monkeypatch):
    """Synced are: the claim, that it is at the radio, what became of it, its delivery, and two reports' numbers."""
    databases = watch_databases(monkeypatch)
    await runner.start()
    statements: list[str] = []
    databases[-1]._connection.set_trace_callback(statements.append)

    await server.offer(job := server.add("job_1"))
    await eventually(lambda: server.states("job_1") == ["Sent", "Delivered"])
    await eventually(lambda: job.status == "Delivered" and sum("DELETE FROM outbox" in one for one in statements) == 2)
    await runner.stop()

    synced, writes, syncs = True, False, 0
    for one in statements:
        synced = "FULL" in one if "synchronous" in one else synced
        writes = one != "BEGIN IMMEDIATE" and (writes or one.startswith(("INSERT", "UPDATE", "DELETE")))
        syncs += synced and writes and one == "COMMIT"
    assert syncs == 6
