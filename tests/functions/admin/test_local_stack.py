"""smskit-admin in a shell that points at the local stack, and names an account of AWS besides."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from smskit_admin import stack
from smskit_local.safety import FAKE_CREDENTIALS
from tests.support.endpoints import Endpoint, answer

NO_STACK = b"""<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>\
<Message>Stack with id SmsKit-emulator-Data does not exist</Message></Error></ErrorResponse>"""
REFUSAL = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n" % len(NO_STACK)


@pytest.fixture
def emulator() -> Iterator[Endpoint]:
    made = Endpoint(answer(REFUSAL + NO_STACK))
    yield made
    made.close()


@pytest.mark.parametrize(
    "foreign",
    [
        {},
        {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"},
        {"AWS_PROFILE": "work", "AWS_REGION": "eu-west-1"},
        {"AWS_ACCESS_KEY_ID": "AKIAWORK", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "session"},
    ],
    ids=lambda foreign: " ".join(foreign) or "nothing",
)
def test_it_speaks_to_the_local_stacks_account_and_region_whatever_the_shell_names(
    emulator: Endpoint, foreign: dict[str, str]
) -> None:
    """A profile that isn't there would stop it, another region show an emulator without a stack."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "PYTHONPATH") if name in os.environ}
    alone = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}
    url = emulator.url(path="")

    done = subprocess.run(
        [sys.executable, "-m", "smskit_admin.cli", "account", "create", "--name", "My team"],
        check=False, capture_output=True, text=True, timeout=60,
        env={**inherited, **alone, "AWS_ENDPOINT_URL": url, **foreign},
    )  # fmt: skip

    [request] = emulator.requests
    assert b"Credential=test/" in request and b"/us-east-1/cloudformation/" in request
    assert b"X-Amz-Security-Token" not in request
    assert done.returncode == 1
    assert f"Error: there is no stack SmsKit-emulator-Data at {url}: run make up" in done.stderr


def test_the_local_stack_is_where_make_up_deploys_to() -> None:
    assert stack.LOCAL == FAKE_CREDENTIALS
