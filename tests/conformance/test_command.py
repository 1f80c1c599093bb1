"""`smskit-phone conformance`: the agent passes it, and what it says of phones that don't."""

import json
import re
import shlex
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from typer.testing import CliRunner, Result

from smskit_phone import harness
from smskit_phone.cli import app
from smskit_phone.conformance import http
from smskit_phone.conformance.endpoint import play_server
from smskit_phone.conformance.launchers import ByHand, Call, RemoteLauncher
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.suite import Setting, Suite
from smskit_phone.conformance.verdicts import Need, Outcome
from tests.conformance.in_process import InProcess, RunningAgent

AGENT = (
    f"{sys.executable} -m smskit_phone harness --link {{link}} --state {{state}} --radio {{radio}} --scale {{scale}}"
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["conformance", *map(str, arguments)], env={"COLUMNS": "120"})


def test_the_agent_keeps_every_rule(tmp_path: Path):
    file = tmp_path / "verdicts.json"

    result = run("--json", file, "--", *shlex.split(AGENT))

    assert result.exit_code == 0, result.output
    verdicts = json.loads(file.read_text())
    assert {one["verdict"] for one in verdicts["rules"]} == {"passed"}
    assert [one["id"] for one in verdicts["rules"]] == [rule.rule_id for rule in in_order()]
    assert (verdicts["passed"], verdicts["failed"], verdicts["skipped"]) == (len(in_order()), 0, 0)
    assert verdicts["client"]["platform"] == "python"
    assert f"{len(in_order())} passed" in result.output


def test_a_phone_that_never_comes_fails_at_pairing_and_the_rest_is_skipped(tmp_path: Path):
    file = tmp_path / "verdicts.json"
    program = "import sys; sys.exit('no radio here')"

    result = run("--only", "pair", "--only", "claim", "--json", file, "--", sys.executable, "-c", program)

    assert result.exit_code == 1
    first, *others = json.loads(file.read_text())["rules"]
    assert (first["id"], first["verdict"]) == ("pair.code", "failed")
    assert "exit code 1, last words: no radio here" in first["seen"]
    assert {one["verdict"] for one in others} == {"skipped"}
    assert "no radio here" in result.output


def test_what_a_broken_phone_did_is_told_with_the_rule_and_its_source(tmp_path: Path):
    file = tmp_path / "verdicts.json"
    program = (
        "import sys; from smskit_phone.claims import ClaimDesk; ClaimDesk._go_unheld = lambda *_: None; "
        "from smskit_phone.cli import app; app()"
    )

    result = run("--only", "claim.unheld-go", "--patience", "1", "--json", file, "--", sys.executable, "-c", program,
                 *shlex.split(AGENT)[3:])  # fmt: skip

    assert result.exit_code == 1
    (one,) = json.loads(file.read_text())["rules"]
    assert re.search(r"expected: .*decline.*; not within 1 s\. Last: .*server: claimed \[job 1 go\]", one["seen"])
    assert "phone-protocol.md#offers-and-claims" in result.output
    assert "Failed: claim.unheld-go" in result.output


def test_rules_are_listed_and_an_unknown_one_is_refused():
    assert "crash.sending" in run("--list").output
    assert "crash.sending" not in run("--list", "--only", "claim").output

    refused = run("--only", "clam")

    assert refused.exit_code == 2
    assert "clam" in refused.output


def test_a_command_and_a_program_are_not_both_taken():
    assert run("--phones", "http://127.0.0.1:1", "--", "phone").exit_code == 2


def test_a_file_that_can_not_be_written_is_said_before_the_phone_is_judged(tmp_path: Path):
    result = run("--only", "pair", "--json", tmp_path / "nowhere" / "verdicts.json", "--", "phone")

    assert result.exit_code == 2
    assert "nowhere" in result.output.replace("\n", "")


def test_a_program_that_is_not_there_is_said():
    result = run("--only", "pair", "--phones", "http://127.0.0.1:1")

    assert result.exit_code == 2
    assert "http://127.0.0.1:1/start" in result.output


async def test_a_phone_that_is_started_by_hand_is_judged_by_what_needs_no_more(quick_folder: Path):
    rules = [rule for rule in in_order() if rule.section != "connections" and not rule.rule_id.startswith("heartbeat")]
    async with play_server() as endpoint:
        suite = Suite(endpoint, ByHand(), Setting(quick_folder))
        call = suite.first_bench().call
        agent = RunningAgent(Call(call.link, call.server, call.code, call.state, call.radio, scale=20))
        try:
            verdicts = await suite.judge([rule for rule in rules if rule.rule_id != "hello.unanswered"], lambda _: None)
        finally:
            await agent.kill()

    outcomes = {verdict.rule.rule_id: verdict for verdict in verdicts}
    assert outcomes["pair.code"].outcome is outcomes["hello.fields"].outcome is Outcome.PASSED
    assert outcomes["claim.first"].outcome is Outcome.SKIPPED
    assert outcomes["claim.first"].seen == Need.RADIO
    assert {verdict.outcome for verdict in verdicts} == {Outcome.PASSED, Outcome.SKIPPED}


async def test_another_program_may_start_and_kill_the_phones(quick_folder: Path):
    running: dict[str, RunningAgent] = {}
    asked: list[str] = []

    async def answer(request: http.Request) -> http.Answer:
        asked.append(request.path)
        body = request.body
        if request.path == "/start":
            call = Call(**{**body, "state": Path(body["state"])})
            running[body["state"]] = await InProcess().start(call)
        else:
            await running.pop(body["state"]).kill()
        return http.Answer(200, {})

    program = await http.serve(answer, "127.0.0.1")
    async with play_server() as endpoint:
        suite = Suite(endpoint, RemoteLauncher(f"http://127.0.0.1:{program.port}"), Setting(quick_folder))
        rules = [rule for rule in in_order() if rule.rule_id in ("pair.code", "crash.sending")]
        verdicts = await suite.judge(rules, lambda _: None)
        await suite.end()
    await program.close()

    assert [verdict.outcome for verdict in verdicts] == [Outcome.PASSED, Outcome.PASSED]
    assert asked == ["/start", "/kill", "/start", "/kill", "/start", "/kill"]
    assert running == {}


async def test_one_phone_at_a_time_is_enough_also_for_the_rule_that_compares_two(quick_folder: Path):
    rules = [rule for rule in in_order() if rule.rule_id in ("pair.kept", "hello.fields", "connect.jitter")]
    async with play_server() as endpoint:
        suite = Suite(endpoint, InProcess(), Setting(quick_folder, at_once=1))
        verdicts = await suite.judge(rules, lambda _: None)
        await suite.end()

    assert [verdict.outcome for verdict in verdicts] == [Outcome.PASSED] * 3


async def test_the_link_is_what_the_dashboards_code_says(quick_folder: Path):
    async with play_server() as endpoint:
        call = Suite(endpoint, ByHand(), Setting(quick_folder)).first_bench().call

    parts = urlsplit(call.link)
    assert (parts.scheme, parts.netloc) == ("smskit", "pair")
    assert parse_qs(parts.query) == {"server": [call.server], "code": [call.code]}


@pytest.mark.parametrize(
    "link", ["https://pair?server=a&code=b", "smskit://pair?server=a", "smskit://other?server=a&code=b"]
)
async def test_the_harness_takes_no_other_link(link, tmp_path: Path):
    with pytest.raises(harness.PairingError):
        await harness.pair_once(link, tmp_path)


def test_every_kind_of_wait_is_shortened_and_answers_are_still_waited_for():
    timings = harness.shortened(1000)

    assert timings.report_resend == pytest.approx(0.03)
    assert timings.connection_lifetime == pytest.approx((6.0, 6.48))
    assert timings.hello_timeout == 2.0
    assert harness.shortened(1).hello_timeout == 15.0
