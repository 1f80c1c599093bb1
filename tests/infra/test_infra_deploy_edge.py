"""``EDGE=true`` lets ``make deploy`` put a distribution before the API, and name its address everywhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from infra.packaging.synth import synthesize
from smskit_deploy import stacks
from tests.support.deploying import CONSOLE, EDGE_URL, HOST, REGION, Account, context_of, run
from tests.support.templates import Template

EDGE, APP = f"SmsKit-prod-Edge-{REGION}", "SmsKit-prod-App"


def done(account: Account) -> list[tuple[str, ...]]:
    """Where, what and with which stack."""
    return [tuple(command[:3]) for command in account.commands]


def test_the_edge_is_made_behind_the_api_which_then_has_its_address(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody types its address anywhere, though each of the two needs the other's name."""
    account.deployed(GivenConsoleUrls=CONSOLE)

    run(monkeypatch, "deploy", "--env", "prod", "--edge", "true")

    assert done(account) == [
        (REGION, "deploy", "--all"),
        ("us-east-1", "bootstrap", "aws://123456789012/us-east-1"),
        ("us-east-1", "deploy", EDGE),
        (REGION, "deploy", APP),
    ]
    assert context_of(account.commands[2])["edgeOrigin"] == HOST
    assert context_of(account.commands[3]) == {**account.context, "edgeUrl": EDGE_URL}
    assert all("--exclusively" in command for command in account.commands[2:])


def test_an_edge_stays_with_its_deployment_and_is_updated_with_it(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE, GivenEdge="true")
    account.has_edge(REGION)

    run(monkeypatch, "deploy", "--env", "prod")

    assert done(account) == [(REGION, "deploy", "--all"), ("us-east-1", "deploy", EDGE)]
    assert (account.context["edge"], account.context["edgeUrl"]) == ("true", EDGE_URL)


def test_an_edge_that_is_switched_off_goes_once_the_api_has_its_own_address_again(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE, GivenEdge="true")
    account.has_edge(REGION)

    run(monkeypatch, "deploy", "--env", "prod", "--edge", "false")

    assert done(account) == [(REGION, "deploy", "--all"), ("us-east-1", "destroy", EDGE)]
    assert "edge" not in account.context
    assert f"Goes:  {EDGE} in us-east-1" in capsys.readouterr().out


def test_what_stands_before_the_api_goes_with_it(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """CloudFront and WAF cost by the month, in a region where nobody looks for them."""
    account.deployed(GivenConsoleUrls=CONSOLE, GivenEdge="true")
    account.has_edge(REGION)

    run(monkeypatch, "undeploy", "--env", "prod")

    assert done(account) == [("us-east-1", "destroy", EDGE), (REGION, "destroy", APP)]
    assert any(part.startswith("edgeOrigin=") for part in account.commands[0])


def test_another_regions_edge_is_left_alone(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE)
    account.has_edge("eu-west-1")

    run(monkeypatch, "deploy", "--env", "prod")
    run(monkeypatch, "undeploy", "--env", "prod")

    assert done(account) == [(REGION, "deploy", "--all"), (REGION, "destroy", APP)]


@pytest.mark.parametrize("refusal", ["AccessDenied", "InvalidClientTokenId"])
def test_who_may_not_look_into_the_edges_region_deploys_all_the_same(
    account: Account, monkeypatch: pytest.MonkeyPatch, refusal: str
) -> None:
    """An organisation may forbid its members every region but its own; keys of China are none elsewhere."""
    account.deployed(GivenConsoleUrls=CONSOLE)
    account.closed["us-east-1"] = refusal

    run(monkeypatch, "deploy", "--env", "prod")
    assert done(account) == [(REGION, "deploy", "--all")]

    account.closed[REGION] = refusal
    with pytest.raises(SystemExit, match=f"Can't read the stacks of this account in {REGION}"):
        run(monkeypatch, "deploy", "--env", "prod")


def test_the_address_of_the_edge_is_the_apis_and_no_webhook_goes_there(tmp_path: Path, prod: Any) -> None:
    data, template = synthesize("prod", tmp_path, {"edge": "true", "edgeUrl": EDGE_URL})
    app = Template(template)
    environments = [
        function["Properties"]["Environment"]["Variables"] for function in app.of_type("AWS::Lambda::Function").values()
    ]

    assert data["Outputs"]["GivenEdge"]["Value"] == "true"
    assert app.outputs["ApiUrl"]["Value"] == EDGE_URL
    assert ".execute-api." in json.dumps(app.outputs["ApiHost"]["Value"])
    assert [found["API_URL"] for found in environments if "API_URL" in found] == [EDGE_URL]
    own = [found["WEBHOOK_OWN_DOMAINS"] for found in environments if "WEBHOOK_OWN_DOMAINS" in found]
    assert own and all("d1.cloudfront.net" in json.dumps(names) for names in own)
    assert "GivenEdge" not in prod.data.outputs and prod.app.outputs["ApiUrl"]["Value"] != EDGE_URL


def test_the_command_looks_for_the_stack_that_the_application_makes(account: Account) -> None:
    assert stacks.edge_name("prod", REGION) == EDGE
