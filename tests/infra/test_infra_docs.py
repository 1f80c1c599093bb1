"""The code blocks of the documentation: each is of a known kind, and what is for AWS is at least a command that exists.

tests/e2e/test_e2e_docs.py pastes those that are for the local stack.
"""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from smskit_admin.cli import app
from tests.support.doc_blocks import ROOT, Command, blocks, commands

RUN, AWS = "sh", "sh aws"
DATA = {
    "": "",
    "text": "a drawing",
    "mermaid": "a drawing",
    "console": "what a terminal shows",
    "http": "headers",
    "json": "data",
}
PROGRAMS = {"python": "a part of a program", "js": "a part of a program"}
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
FOR_AWS = [command for block in blocks() if block.kind == AWS for command in commands(block)]


def test_every_block_says_what_it_is():
    unknown = {(block.page, block.kind) for block in blocks()} - {
        (page, kind) for page in {block.page for block in blocks()} for kind in (RUN, AWS, *list(DATA)[1:], *PROGRAMS)
    }
    assert not unknown, "blocks that no test runs and nobody has named"


@pytest.mark.parametrize("command", FOR_AWS, ids=lambda command: command.text.splitlines()[0])
def test_what_is_for_aws_exists(command: Command):
    """It can't be run without an account; its target, its subcommand and its options can be looked up."""
    words = shlex.split(re.sub(r"^\w+=\$\((.*)\)$", r"\1", command.text), comments=True)
    if words[0] == "make":
        assert {word for word in words[1:] if "=" not in word and not word.startswith("-")} <= TARGETS
    if words[0].endswith("smskit-admin"):
        path = words[1 : next((i for i, word in enumerate(words) if word.startswith("--")), len(words))]
        shown = CliRunner().invoke(app, [*path, "--help"])
        assert shown.exit_code == 0, shown.output
        assert {word for word in words if word.startswith("--")} <= set(re.findall(r"--[a-z-]+", shown.output))
