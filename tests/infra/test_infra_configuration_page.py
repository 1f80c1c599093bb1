"""docs/configuration.md lists what can be set, with its default, and nothing else."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import fields

from infra.config.environments import EnvironmentConfig, load_config
from infra.config.table_specs import TABLES
from smskit import settings
from smskit.accounts.api.settings import ChangeSettings
from smskit_deploy.given import SETTINGS
from tests.support.doc_blocks import ROOT

PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
# Made of several parts, said by a page of its own, or a text that the scripts make up.
NOT_BY_ENVIRONMENT = {
    "name", "concurrency", "account", "region", "asset_bucket", "endpoint", "alarm_email", "console_urls",
    "dashboard_domain", "dashboard_certificate",
    "self_sign_up", "tracing", "edge", "edge_url", "webhook_wait_scale",
}  # fmt: skip
OF_THE_MAKEFILE = {"PY", "CDK", "TOOLS", "FAST", "MODEM", "MADE_UP", "CONFORMANCE", "MAKE", "MAKEFILE_LIST"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the tables below a heading, without their heads."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert section, heading
    tables = re.findall(r"(?:^\|.*\n)+", section[1], re.MULTILINE)
    lines = [line for table in tables for line in table.splitlines()[2:]]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def named(cell: str) -> list[str]:
    return re.findall(r"`(\w+)`", cell)


def test_variables_of_functions_are_those_that_the_settings_read(prod):
    listed = {name: row[1].strip("`") for row in rows("Of a function") for name in named(row[0])}

    read = {f"TABLE_{spec.name.upper()}" for spec in TABLES} | {
        f"QUEUE_{name}_URL" for name in ("URGENT", "STANDARD", "BULK", "TIMERS", "BACKGROUND", "TEST", "DELIVERIES")
    }
    defaults = {}
    for node in ast.walk(ast.parse((ROOT / settings.__file__).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            if ast.unparse(node.func) == "_env":
                read.add(node.args[0].value)
            elif ast.unparse(node.func) == "os.environ.get":
                defaults[node.args[0].value] = node.args[1].value if len(node.args) > 1 else ""
    given = set[str]()
    for function in prod.app.of_type("AWS::Lambda::Function").values():
        given |= set(function["Properties"].get("Environment", {}).get("Variables", {}))

    assert given <= set(listed)
    powertools = {name for name in listed if name.startswith(("POWERTOOLS_", "LOG_"))}
    assert set(listed) - powertools == read | set(defaults)
    assert {name: listed[name] for name, default in defaults.items() if default} == {
        name: default for name, default in defaults.items() if default
    }
    assert all(listed[name] == "set" for name in read)


def test_context_keys_are_those_that_the_application_asks_for():
    listed = [name for row in rows("Of a deployment") for name in named(row[1] if len(row) == 4 else row[0])]

    asked = re.findall(r'try_get_context\("(\w+)"\)', (ROOT / "infra" / "application.py").read_text(encoding="utf-8"))
    own = [key for key in json.loads((ROOT / "cdk.json").read_text())["context"] if not key.startswith("@aws-cdk/")]

    assert sorted(listed) == sorted(set(asked) | set(own))


def test_what_a_deployment_is_given_has_its_variable_of_make():
    listed = {named(row[0])[0]: named(row[1])[0] for row in rows("Of a deployment") if len(row) == 4}

    assert listed == {"ENV": "env"} | {setting.variable: setting.context for setting in SETTINGS}


def test_variables_of_make_are_those_of_the_makefile():
    listed = {name for row in rows("Of the other make targets") for name in named(row[0])}
    listed |= {named(row[0])[0] for row in rows("Of a deployment") if len(row) == 4}

    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    used = set(re.findall(r"\$\((?:or \$\(|if \$\()?([A-Z_]+)\b", makefile))
    used |= set(re.findall(r"\$\(call given,([A-Z_]+),", makefile))
    for line in re.findall(r"^export ([A-Z_ ]+)$", makefile, re.MULTILINE):
        used |= set(line.split())

    assert listed == used - OF_THE_MAKEFILE


def test_figures_of_the_environments_are_theirs():
    listed = {named(row[0])[0]: [cell.strip("`") for cell in row[1:]] for row in rows("By environment")}

    configs = [load_config(name) for name in ("emulator", "dev", "prod")]
    names = [field.name for field in fields(EnvironmentConfig) if field.name not in NOT_BY_ENVIRONMENT]

    assert listed == {name: [str(getattr(config, name)) for config in configs] for name in names}


def test_settings_of_an_account_are_those_of_the_api():
    listed = [name for row in rows("Of an account") for name in named(row[0])]

    assert sorted(listed) == sorted(str(field.alias) for field in ChangeSettings.model_fields.values())
