"""Pairing over a folder that was paired before: what its phone has to tell is told first, or left behind knowingly."""

import pytest

from smskit_phone import Credentials, Faults, Sim, Timings, pair
from smskit_phone import credentials as credentials_file
from smskit_phone.errors import PairingError, StateInUseError, UntoldError
from tests.phone.inbound import ALICE, contents, waiting
from tests.phone.server_double import TOKEN, eventually
from tests.phone.test_phone_cli import pairing  # noqa: F401 - a fixture

HASTE = Timings(open_timeout=1, hello_timeout=1, stop_grace=2, report_resend=0.1, claim_resend=0.1)


async def pair_again(runner, pairing, code: str = "AAAA", **more) -> Credentials:  # noqa: F811
    pairing.web_socket_url = runner.server.url
    return await pair(pairing.url, code, runner.state_dir, "Shelf", [Sim(0)], timings=HASTE, **more)


async def owe(server, runner) -> None:
    """Leaves a phone whose server has neither its report, nor its SMS, nor an answer from it about a claim."""
    credentials_file.save(runner.state_dir, Credentials("dvc_0", TOKEN, server.url))
    server.reoffer = False
    server.mute.update({"report", "received"})
    await runner.start(Faults(delivery_reports=False), report_resend=30)
    await server.offer(server.add("sent"))
    await eventually(lambda: server.of("report"))
    server.mute.add("claim")
    await server.offer(server.add("claimed"))
    runner.phone.driver.inject(ALICE, "hello")
    await eventually(lambda: server.items("claim", "claimed") and server.of("received"))
    await runner.pull_battery()


async def test_what_is_owed_is_told_as_the_phone_that_it_was_and_nothing_under_the_new_id(server, runner, pairing):  # noqa: F811
    await owe(server, runner)
    server.mute.clear()
    runner.phone.driver.inject(ALICE, "still at the radio")

    new = await pair_again(runner, pairing)

    assert new.device_id == "dvc_1"
    assert {frame["token"] for frame in server.frames} == {f"Bearer {TOKEN}"}
    assert server.states("sent") == ["Sent"]
    assert server.jobs["claimed"].status == "Pending"
    assert contents(server) == ["hello"]
    await runner.start()
    await eventually(lambda: contents(server) == ["hello", "still at the radio"])
    assert runner.handed_over() == ["sent"]


async def test_what_cannot_be_told_stops_the_pairing_before_its_code_is_spent(server, runner, pairing):  # noqa: F811
    await owe(server, runner)
    server.refuse_upgrade = True

    with pytest.raises(UntoldError, match=r"1 reports, 1 jobs not given back, 1 received SMS.*--forget"):
        await pair_again(runner, pairing)

    assert "AAAA" in pairing.codes
    assert credentials_file.load(runner.state_dir).device_token == TOKEN
    server.refuse_upgrade = False
    server.mute.clear()
    await runner.start()
    await eventually(lambda: server.states("sent") == ["Sent"] and contents(server) == ["hello"])


async def test_forget_leaves_it_behind(server, runner, pairing):  # noqa: F811
    await owe(server, runner)
    server.refuse_upgrade = True

    await pair_again(runner, pairing, forget=True)
    server.refuse_upgrade = False
    server.mute.clear()
    before = len(server.frames)
    await runner.start()
    await server.offer(job := server.add("job_1"))
    await eventually(lambda: job.status == "Delivered")

    assert {frame["token"] for frame in server.frames[before:]} == {f"Bearer {TOKEN}_1"}
    assert server.of("hello")[-1]["open"] == []
    assert server.states("sent") == ["Sent"], "said before, and never again"
    assert [reason for _, reason in waiting(runner)] == ["left-behind"]


async def test_a_revoked_phone_cannot_tell_and_is_not_asked(server, runner, pairing):  # noqa: F811
    await owe(server, runner)
    known = credentials_file.load(runner.state_dir)
    credentials_file.save(runner.state_dir, Credentials(known.device_id, TOKEN, server.url, revoked=True))
    connections = len(server.connections)

    with pytest.raises(UntoldError):
        await pair_again(runner, pairing)

    assert len(server.connections) == connections


async def test_a_journal_without_credentials_is_nobodys_to_tell(server, runner, pairing):  # noqa: F811
    await owe(server, runner)
    (runner.state_dir / "credentials.json").unlink()

    with pytest.raises(UntoldError, match="dvc_0"):
        await pair_again(runner, pairing)
    await pair_again(runner, pairing, forget=True)


async def test_a_folder_that_owes_nothing_is_paired_without_a_word_to_the_old_server(server, runner, pairing):  # noqa: F811
    await runner.start()
    await runner.stop()
    connections = len(server.connections)

    await pair_again(runner, pairing)

    assert len(server.connections) == connections


async def test_a_folder_whose_phone_runs_is_not_paired(server, runner, pairing):  # noqa: F811
    await runner.start()

    with pytest.raises(StateInUseError):
        await pair_again(runner, pairing)

    assert "AAAA" in pairing.codes
    await runner.stop()


async def test_an_sms_that_the_radio_repeats_after_the_old_phone_forwarded_it_is_not_forwarded_again(
    server,
    runner,
    pairing,  # noqa: F811
):
    await owe(server, runner)
    server.mute.clear()
    (known,) = [message["phoneMessageId"] for frame in server.of("received")[:1] for message in frame["messages"]]
    await pair_again(runner, pairing)

    phone = await runner.start()
    phone.driver.inject(ALICE, "hello", phone_message_id=known)
    phone.driver.inject(ALICE, "new")
    await eventually(lambda: contents(server) == ["hello", "new"])

    assert [len(frame["messages"]) for frame in server.of("received") if frame["token"].endswith("_1")] == [1]


async def test_a_wrong_code_leaves_the_old_pairing(server, runner, pairing):  # noqa: F811
    with pytest.raises(PairingError):
        await pair_again(runner, pairing, code="ZZZZ")

    assert credentials_file.load(runner.state_dir).device_token == TOKEN
