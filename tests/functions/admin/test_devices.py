"""smskit-admin device: phones and SIMs are shown, changed and ended; the audit log tells of it as of the console."""

from __future__ import annotations

import json
from typing import Any

import pytest
import time_machine
from typer.testing import CliRunner, Result

from smskit.models.device import Device
from smskit.phones.logic import settings as device_settings
from smskit.platform.ids import new_id
from smskit.platform.times import hour_of, now_ms
from smskit_admin.cli import app
from tests.support import deployment, seeds
from tests.support.aws import Cloud

NOW = "2026-06-23T10:20:00Z"


@pytest.fixture(autouse=True)
def _deployed(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stacks of `dev`, whose outputs alone name the queue that changes are followed up by."""
    deployment.deploy("dev")
    monkeypatch.setenv("SMSKIT_ENV", "dev")
    monkeypatch.setenv("QUEUE_TIMERS_URL", "known from the stack only")
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture
def account(cloud: Cloud) -> str:
    return seeds.tenant().account_id


@pytest.fixture
def phone(account: str) -> Device:
    return seeds.phone(account, sims=2, model="Pixel 6", battery_level=87, is_charging=True, network_type="LTE")


@pytest.fixture
def where(account: str, phone: Device) -> tuple[str, ...]:
    return "--account", account, "--device", phone.device_id


def run(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["device", *arguments], input=typed)


def run_json(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def noted(cloud: Cloud) -> list[tuple[str, str, dict[str, str]]]:
    """Actions, subjects and details of the audit log, which names nobody but the command line."""
    found = [item for item in cloud.items("accounts") if item["pk"].endswith("#audit")]
    assert {item["personId"] for item in found} <= {"smskit-admin"}
    ordered = sorted(found, key=lambda item: (item["at"], item["entryId"]))
    return [(item["action"], item["subject"], item.get("details", {})) for item in ordered]


def checks(cloud: Cloud) -> set[str]:
    """The phones that timers were set for."""
    return {message["Body"]["deviceId"] for message in cloud.messages("timers") if message["Body"]["kind"] == "phone"}


def test_a_phone_is_shown_with_its_sims(where: tuple[str, ...], phone: Device) -> None:
    shown = run_json("show", *where)
    assert (shown["deviceId"], shown["status"], shown["hourlyLimit"], shown["batteryLevel"]) == (
        phone.device_id, "Online", 200, 87,
    )  # fmt: skip
    assert [sim["simSlot"] for sim in shown["sims"]] == [0, 1]
    output = run("show", *where).output
    for words in (phone.name, phone.device_id, "Online, heard", "200 segments", "87 %, charging", "0 Safaricom", "LTE"):
        assert words in output


def test_the_list_has_a_line_for_each_sim_beside_its_phone(account: str, phone: Device) -> None:
    other = seeds.phone(account, online=False, name="[old] Front desk", is_enabled=False)
    seeds.change_lane(phone, 1, carrier_name="A carrier with a very long name")
    assert {listed["deviceId"] for listed in run_json("list", "--account", account)["devices"]} == {
        phone.device_id, other.device_id,
    }  # fmt: skip
    lines = run("list", "--account", account).output.splitlines()
    assert max(map(len, lines)) <= 80
    first = next(number for number, line in enumerate(lines) if line.startswith(phone.name))
    assert lines[first].split()[-7:] == ["0", "Safaricom", "online", "200", "of", "200", "0"]
    assert "1 A carrier wit…" in lines[first + 1]
    assert phone.device_id in lines[first + 1]
    assert any(line.startswith("[old] Front desk") for line in lines)
    assert any(line.startswith("Disabled, never heard") for line in lines)


@time_machine.travel(NOW, tick=False)
def test_a_sim_at_its_limit_is_said_to_be(account: str) -> None:
    phone = seeds.phone(account, sims=2)
    assert "limited" not in run("list", "--account", account).output
    seeds.change_lane(phone, 1, limit=50, own_limit=50, left=5, hour=hour_of(now_ms()))
    output = " ".join(run("show", "--account", account, "--device", phone.device_id).output.split())
    assert "limited 50, its own 5 of 50" in output
    assert "Until 11:00 UTC it sends nothing but priority 9 and 10" in output
    with time_machine.travel("2026-06-23T11:00:01Z", tick=False):
        assert "limited" not in run("show", "--account", account, "--device", phone.device_id).output


def test_a_phone_is_renamed(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    assert run_json("rename", *where, "--name", "Front desk")["name"] == "Front desk"
    assert device_settings.read(phone.account_id, phone.device_id)[0].name == "Front desk"
    assert noted(cloud) == [("device.changed", phone.device_id, {"name": "Front desk"})]
    assert checks(cloud) == {phone.device_id}


def test_a_phone_gets_a_limit_that_its_sims_share(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    changed = run_json("limit", *where, "--segments", "301")
    assert (changed["hourlyLimit"], [sim["hourlyLimit"] for sim in changed["sims"]]) == (301, [151, 150])
    assert noted(cloud) == [("device.changed", phone.device_id, {"hourlyLimit": "301"})]
    assert "151 of 151" in run("limit", *where, "--segments", "301").output


def test_a_phone_is_disabled_and_enabled(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    assert run_json("disable", *where)["isEnabled"] is False
    assert device_settings.read(phone.account_id, phone.device_id)[0].bar == "disabled"
    assert run_json("enable", *where)["isEnabled"] is True
    told = [("device.changed", phone.device_id, {"isEnabled": given}) for given in ("False", "True")]
    assert noted(cloud) == told


def test_a_sim_is_disabled_and_enabled(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    assert [sim["isEnabled"] for sim in run_json("sim", "disable", *where, "--sim", "1")["sims"]] == [True, False]
    assert "disabled" in run("show", *where).output
    assert [sim["isEnabled"] for sim in run_json("sim", "enable", *where, "--sim", "1")["sims"]] == [True, True]
    told = [("sim.changed", phone.device_id, {"simSlot": "1", "isEnabled": given}) for given in ("False", "True")]
    assert noted(cloud) == told
    assert checks(cloud) == {phone.device_id}


def test_a_sim_gets_a_limit_of_its_own_and_gives_it_back(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    limit = ("sim", "limit", *where, "--sim", "0")
    changed = run_json(*limit, "--segments", "30")["sims"]
    assert [(sim["hourlyLimit"], sim["hasOwnLimit"]) for sim in changed] == [(30, True), (100, False)]
    changed = run_json(*limit, "--even-share")["sims"]
    assert [(sim["hourlyLimit"], sim["hasOwnLimit"]) for sim in changed] == [(100, False), (100, False)]
    assert noted(cloud) == [
        ("sim.changed", phone.device_id, {"simSlot": "0", "hourlyLimit": "30"}),
        ("sim.changed", phone.device_id, {"simSlot": "0", "evenShare": "True"}),
    ]


def test_a_phone_is_ended_once_that_is_confirmed(where: tuple[str, ...], phone: Device, cloud: Cloud) -> None:
    refused = run("revoke", *where, typed="n\n")
    assert refused.exit_code == 1 and phone.name in refused.output
    assert noted(cloud) == [] and checks(cloud) == set()
    assert f"Revoked: {phone.name}" in run("revoke", *where, typed="y\n").output
    assert noted(cloud) == [("device.revoked", phone.device_id, {})]
    assert checks(cloud) == {phone.device_id}
    gone = run("show", *where)
    assert gone.exit_code == 1 and "no device with this id" in gone.output


def test_a_program_ends_a_phone_without_being_asked(where: tuple[str, ...], phone: Device) -> None:
    assert run_json("revoke", *where, "--yes") == {"deviceId": phone.device_id, "revoked": True}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("rename", "--name", " "), 2, "--name: must have 1 to 100 characters"),
        (("rename", "--name", "x" * 101), 2, "--name: must have 1 to 100 characters"),
        (("limit", "--segments", "0"), 2, "--segments: Input should be greater than or equal to 1"),
        (("limit", "--segments", "100001"), 2, "--segments: Input should be less than or equal to 100000"),
        (("sim", "limit", "--sim", "0"), 2, "name either --segments or --even-share"),
        (
            ("sim", "limit", "--sim", "0", "--segments", "3", "--even-share"),
            2,
            "name either --segments or --even-share",
        ),
        (
            ("sim", "limit", "--sim", "0", "--segments", "0"),
            2,
            "--segments: Input should be greater than or equal to 1",
        ),
        (("sim", "disable", "--sim", "16"), 2, "--sim"),
        (("sim", "disable", "--sim", "7"), 1, "no SIM in this slot"),
    ],
)
def test_what_cannot_be_done_is_said(
    where: tuple[str, ...], cloud: Cloud, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run(*arguments, *where)
    assert result.exit_code == code
    assert words in " ".join(result.output.replace("│", " ").split())
    assert "Traceback" not in result.output
    assert noted(cloud) == []


@pytest.mark.parametrize(
    "command",
    [("show",), ("rename", "--name", "x"), ("limit", "--segments", "3"), ("enable",), ("disable",), ("revoke", "--yes"),
     ("sim", "enable", "--sim", "0"), ("sim", "disable", "--sim", "0"), ("sim", "limit", "--sim", "0", "--even-share")],
)  # fmt: skip
def test_a_phone_of_another_account_is_not_found(
    account: str, phone: Device, cloud: Cloud, command: tuple[str, ...]
) -> None:
    stranger = seeds.phone(seeds.tenant().account_id)
    for device in (stranger.device_id, new_id("dvc", now_ms()), "dvc_nope"):
        result = run(*command, "--account", account, "--device", device)
        assert result.exit_code == 1 and "no device with this id" in result.output
    assert noted(cloud) == [] and checks(cloud) == set()
