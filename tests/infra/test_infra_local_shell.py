"""``make env``: what it prints makes a shell talk to the local stack, and to nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from smskit_admin import local_hint
from smskit_admin.cli import app as admin
from smskit_local import cli, shell, stack_file
from smskit_local.cli import app
from smskit_local.safety import aws_environment
from smskit_local.stack_file import LocalStack
from tests.support.doc_blocks import ROOT

ENDPOINT = "http://127.0.0.1:4566"
PYTHON = Path(sys.executable).parent / "python"
STACK = LocalStack(
    "emulator", ENDPOINT, "us-east-1", "acc_1", f"{ENDPOINT}/api", "sk_live_it's", "cli_1", "ws://127.0.0.1:4566", "",
    aws_environment(ENDPOINT), "", "", "", "", "", {}, "",
)  # fmt: skip


def test_a_shell_that_evaluates_it_has_all_that_the_documentation_uses(tmp_path: Path):
    lines = shell.exports(STACK, tmp_path)
    names = "$API $API_KEY $ACCOUNT $SMSKIT_ENV $AWS_ENDPOINT_URL $AWS_ACCESS_KEY_ID ${AWS_PROFILE-none} $SMSKIT_PHONES"
    asked = f'{lines}\nprintf "%s " {names}; command -v python; printf %s "$NO_PROXY"'
    given = {"PATH": os.environ["PATH"], "AWS_PROFILE": "work", "NO_PROXY": "intranet"}
    said = subprocess.run(["bash", "-euc", asked], env=given, capture_output=True, text=True, check=True).stdout
    assert said.splitlines() == [
        f"{ENDPOINT}/api sk_live_it's acc_1 emulator {ENDPOINT} test none {tmp_path} {PYTHON}",
        "localhost,127.0.0.1,intranet",
    ]


def test_the_command_prints_the_stack_that_make_up_remembers(tmp_path: Path):
    stack_file.write(STACK, tmp_path / "stack.json")
    said = CliRunner().invoke(app, ["env", "--stack", str(tmp_path / "stack.json")])
    assert (said.exit_code, said.stdout) == (0, shell.exports(STACK, tmp_path / "phone") + "\n")


def test_without_a_stack_nothing_is_evaluated_and_make_up_is_named(tmp_path: Path):
    said = CliRunner().invoke(app, ["env", "--stack", str(tmp_path / "stack.json")])
    assert (said.exit_code, said.stdout) == (1, "")
    assert "run make up first" in said.stderr


def test_make_env_says_nothing_but_that():
    """`eval` would run whatever an installation says."""
    dry = subprocess.run(["make", "-sn", "env"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "-m smskit_local env" in dry
    assert "installing" not in dry


@pytest.mark.parametrize("is_up", [True, False])
def test_an_admin_without_credentials_is_told_of_the_local_stack(
    is_up: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in [name for name in os.environ if name.startswith(("AWS_", "SMSKIT_"))]:
        monkeypatch.delenv(name)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    stack_json = tmp_path / "stack.json"
    if is_up:
        stack_file.write(STACK, stack_json)
    monkeypatch.setattr(local_hint, "LOCAL_STACK", stack_json)

    said = CliRunner().invoke(admin, ["account", "create", "--name", "Acme"])

    assert said.exit_code == 1
    assert shell.USE in said.stderr
    assert ("first run: make up" in said.stderr) is not is_up


def test_an_admin_that_points_at_an_emulator_is_told_nothing_more(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", ENDPOINT)
    assert local_hint.local_hint() == ""


def test_what_make_up_says_last_names_the_commands_that_there_are(capsys: pytest.CaptureFixture[str]):
    cli._show_summary(replace(STACK, webhookUrl="http://127.0.0.1:8099/"))

    said = capsys.readouterr().out
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"\bmake (?:-s )?([a-z]+)", said)) <= targets
    assert "make smoke ENV=local" in said and shell.USE in said
