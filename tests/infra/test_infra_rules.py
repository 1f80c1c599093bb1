"""What cdk-nag and cfn-lint know about good templates."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import aws_cdk as cdk
import pytest
from cdk_nag import AwsSolutionsChecks

from infra.application import build_application
from infra.packaging.synth import unbundled_app


def test_the_stacks_pass_the_checks_of_aws_solutions(tmp_path):
    app = unbundled_app("prod", tmp_path)
    build_application(app)
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))

    app.synth()  # raises with the list of findings that nobody acknowledged

    assert _checked_rules(tmp_path)


def test_a_finding_that_nobody_acknowledged_would_fail(tmp_path):
    app = unbundled_app("prod", tmp_path)
    data, _ = build_application(app)
    cdk.aws_sqs.Queue(data, "Unprotected")
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))

    with pytest.raises(RuntimeError, match="AwsSolutions-SQS4"):
        app.synth()


def test_cfn_lint_finds_no_error(prod, tmp_path):
    files = []
    for name, template in (("data", prod.data), ("app", prod.app)):
        file = tmp_path / f"{name}.template.json"
        file.write_text(json.dumps(template.body))
        files.append(str(file))

    result = subprocess.run(
        [str(Path(sys.executable).with_name("cfn-lint")), "--non-zero-exit-code", "error", *files],
        check=False,
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout


def _checked_rules(folder: Path) -> list[str]:
    report = json.loads((folder / "validation-report.json").read_text())
    return [plugin["pluginName"] for plugin in report["pluginReports"]]
