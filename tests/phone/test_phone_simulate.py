"""smskit-admin simulate inbound: into a phone that runs, or will."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from smskit_admin.cli import app
from smskit_admin.simulate import LOCAL_PHONES
from smskit_local.up import PHONE_STATE
from smskit_phone import Credentials, credentials
from tests.phone.server_double import eventually

TEXT = ("simulate", "inbound", "--from", "+254712345678", "--text", "Habari")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def run_json(*arguments: object) -> dict:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


@pytest.fixture
def phones(tmp_path: Path) -> Path:
    """Two phones as `smskit-phone sim` keeps them; the second one has two SIMs."""
    home = tmp_path / "phones"
    for number in (1, 2):
        credentials.save(home / f"phone-00{number}", Credentials(f"dvc_{number}", "t", "ws://x", sims=number))
    return home


def files(folder: Path) -> list[dict]:
    return [json.loads(file.read_text()) for file in sorted((folder / "inbox").iterdir())]


async def test_a_running_phone_forwards_it(server, runner):
    await runner.start()

    made = await asyncio.to_thread(run_json, *TEXT, "--to", "+254700000000", "--state", runner.state_dir)
    await eventually(lambda: server.inbound)

    assert made == {
        "deviceId": "dvc_1",
        "state": str(runner.state_dir),
        "phoneMessageIds": list(server.inbound),
    }
    (message,) = server.inbound.values()
    assert (message["from"], message["to"], message["content"]) == ("+254712345678", "+254700000000", "Habari")


async def test_a_phone_that_does_not_run_forwards_it_when_it_is_back(server, runner):
    made = run_json(*TEXT, "--count", 45, "--state", runner.state_dir)
    assert server.frames == []

    await runner.start()
    await eventually(lambda: len(server.inbound) == 45)

    assert list(server.inbound) == made["phoneMessageIds"]


async def test_repeats_are_one_sms_each_and_with_new_ids_several(server, runner):
    repeated = run_json(*TEXT, "--count", 2, "--repeat", 5, "--state", runner.state_dir)["phoneMessageIds"]
    again = run_json(*TEXT, "--repeat", 2, "--new-id", "--state", runner.state_dir)["phoneMessageIds"]
    assert repeated == repeated[:2] * 5
    assert len(set(again)) == 2

    await runner.start()
    await eventually(lambda: again[1] in server.inbound)

    assert list(server.inbound) == [*repeated[:2], *again]


def test_the_files_are_whole_and_their_owners(phones):
    run_json(*TEXT, "--state", phones / "phone-001")

    folder = phones / "phone-001" / "inbox"
    (file,) = folder.iterdir()
    assert file.suffix == ".json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700


def test_among_several_phones_one_must_be_named(phones):
    result = run(*TEXT, "--state", phones)
    assert result.exit_code == 2
    assert "dvc_1, dvc_2" in result.output
    assert run(*TEXT, "--state", phones, "--device", "dvc_3").exit_code == 2

    made = run_json(*TEXT, "--state", phones, "--device", "dvc_2", "--sim", 1)

    assert made["deviceId"] == "dvc_2"
    (message,) = files(phones / "phone-002")
    assert message["simSlot"] == 1
    assert not (phones / "phone-001" / "inbox").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("--state", "{}/phone-001", "--sim", "1"), "--sim"),
        (("--state", "{}/nowhere"), "--state"),
        (("--state", "{}/phone-001", "--device", "dvc_2"), "--device"),
        (("--state", "{}/phone-001", "--from", ""), "--from"),
        (("--state", "{}/phone-001", "--count", "0"), "--count"),
    ],
)
def test_what_cannot_be_done_is_said(phones, arguments, named):
    result = run(*TEXT, *(argument.format(phones) for argument in arguments))

    assert result.exit_code == 2
    assert named in result.output
    assert not list(phones.rglob("inbox"))


def test_a_broken_credentials_file_is_said(phones):
    (phones / "phone-001" / "credentials.json").write_text("{")

    result = run(*TEXT, "--state", phones / "phone-001")

    assert result.exit_code == 2
    assert "cannot be read" in result.output.replace("\n", " ")


def test_without_a_state_folder_it_is_the_local_stacks_phone():
    assert LOCAL_PHONES == PHONE_STATE


def test_a_text_that_is_no_utf_8_comes_in_with_lone_surrogates(phones):
    command = [sys.executable, "-m", "smskit_admin.cli", *TEXT[:-1], os.fsdecode(b"\xff")]

    done = subprocess.run([*command, "--state", phones / "phone-001"], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr
    assert [message["content"] for message in files(phones / "phone-001")] == ["\udcff"]
