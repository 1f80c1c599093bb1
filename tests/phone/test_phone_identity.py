"""A journal's id, and what a copied, deleted or inherited journal may say."""

import shutil

from smskit_phone import Credentials, Faults
from smskit_phone import credentials as credentials_file
from tests.phone.inbound import ALICE, contents, waiting
from tests.phone.server_double import TOKEN, eventually


async def said(server, runner) -> str:
    """The id in the `hello` of a phone that is started and stopped."""
    await runner.start(Faults(delivery_reports=False))
    await runner.stop()
    return server.of("hello")[-1]["journalId"]


def become(runner, device_id: str) -> None:
    """The folder's credentials are those of another phone."""
    credentials_file.save(runner.state_dir, Credentials(device_id, f"{TOKEN}_{device_id}", runner.server.url))


async def test_every_hello_says_the_journals_id(server, runner):
    first = await said(server, runner)
    await runner.start()
    await server.drop_connection()
    await eventually(lambda: len(server.of("hello")) == 3)

    assert {frame["journalId"] for frame in server.of("hello")} == {first}
    assert 16 <= len(first) <= 64


async def test_a_deleted_journal_comes_back_as_another(server, runner):
    first = await said(server, runner)
    (runner.state_dir / "journal.sqlite3").unlink()

    assert await said(server, runner) != first


async def test_a_copy_of_the_whole_folder_is_another_journal_and_the_original_stays_what_it_was(server, runner):
    first = await said(server, runner)
    home, copy = runner.state_dir, runner.state_dir.with_name("copy")
    shutil.copytree(home, copy)

    runner.state_dir = copy
    assert await said(server, runner) != first
    runner.state_dir = home
    assert await said(server, runner) == first


async def test_a_folder_that_is_moved_keeps_its_id(server, runner):
    first = await said(server, runner)
    runner.state_dir = runner.state_dir.rename(runner.state_dir.with_name("moved"))

    assert await said(server, runner) == first


async def test_an_earlier_journal_that_is_put_back_is_another_journal(server, runner):
    first = await said(server, runner)
    journal = runner.state_dir / "journal.sqlite3"
    backup = shutil.copy(journal, runner.state_dir.with_name("backup"))
    journal.rename(journal.with_name("replaced"))
    shutil.copy(backup, journal)

    assert await said(server, runner) != first


async def test_nothing_of_an_earlier_phone_is_told_under_another_id_nor_sent_again(server, runner):
    first = await said(server, runner)
    server.mute.update({"report", "received"})
    server.reoffer = False
    await runner.start(Faults(delivery_reports=False))
    await server.offer(sent := server.add("sent"))
    await eventually(lambda: server.of("report"))
    server.mute.add("claim")
    await server.offer(server.add("claimed"))
    runner.phone.driver.inject(ALICE, "before")
    await eventually(lambda: server.of("received") and server.items("claim", "claimed"))
    await runner.pull_battery()
    server.mute.clear()
    told = len(server.of("report")), len(server.of("received"))

    become(runner, "dvc_2")
    await runner.start(Faults(delivery_reports=False))
    runner.phone.driver.inject(ALICE, "after")
    await eventually(lambda: contents(server)[-1] == "after")

    hello = server.of("hello")[-1]
    assert hello["open"] == []
    assert hello["journalId"] != first
    assert (len(server.of("report")), len(server.of("received"))) == (told[0], told[1] + 1)
    await eventually(lambda: [reason for _, reason in waiting(runner)] == ["left-behind"])
    (left,) = runner.named("left_behind")
    assert left.fields == {"reports": 1, "claims": 1, "received": 1}

    # The server gives the job that the earlier phone sent to the later one: it isn't sent a second time.
    sent.status = "Pending"
    await server.offer(sent)
    await eventually(lambda: len(sent.reports) == 2)
    assert sent.reports[1]["state"] == "Unknown"
    assert runner.handed_over() == ["sent"]


async def test_a_radio_that_repeats_an_sms_of_the_earlier_phone_is_not_believed(server, runner):
    server.mute.add("received")
    phone = await runner.start()
    known = phone.driver.inject(ALICE, "once")
    await eventually(lambda: server.of("received"))
    await runner.pull_battery()
    server.mute.clear()

    become(runner, "dvc_2")
    phone = await runner.start()
    phone.driver.inject(ALICE, "once", phone_message_id=known)
    phone.driver.inject(ALICE, "new")
    await eventually(lambda: "new" in contents(server))

    assert [len(frame["messages"]) for frame in server.of("received") if frame["token"].endswith("dvc_2")] == [1]
