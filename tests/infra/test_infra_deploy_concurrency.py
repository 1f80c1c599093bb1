"""An account that runs few functions at once: ``make deploy`` says so, and the sources shrink."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra.config.concurrency import ON_AWS, fitting
from infra.packaging.synth import synthesize
from tests.support.deploying import CONSOLE, Account, run
from tests.support.templates import Template


def test_a_new_account_with_ten_runs_at_once_is_told_and_its_sources_shrink(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    account.deployed(GivenConsoleUrls=CONSOLE)
    account.concurrency = 10

    run(monkeypatch, "deploy", "--env", "prod")

    said = capsys.readouterr().out
    assert "10 at once" in said and "24 instead of 167" in said and "L-B99A9384" in said
    _, app = synthesize("prod", tmp_path, account.context)
    assert sum(most_of(Template(app))) == 24


def most_of(app: Template) -> list[int]:
    mappings = app.of_type("AWS::Lambda::EventSourceMapping").values()
    scaling = [made["Properties"]["ScalingConfig"] for made in mappings if "ScalingConfig" in made["Properties"]]
    return [made["MaximumConcurrency"] for made in scaling]


def test_sources_take_four_fifths_of_an_account_and_never_less_than_lambda_allows() -> None:
    assert fitting(1000) == fitting(209) == ON_AWS
    for limit in range(10, 209):
        most = fitting(limit)
        assert most.total <= max(24, 0.8 * limit + 16)
        of_jobs = (most.urgent, most.standard, most.bulk, most.timers, most.background)
        assert min(*of_jobs, most.deliveries, most.test) >= 2
        assert most.urgent >= most.standard >= most.bulk
