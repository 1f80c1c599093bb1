"""A route that nobody has said anything about: the generator names it and what to write where."""

from __future__ import annotations

import sys

import pytest

from smskit.accounts.api import permissions
from smskit.entrypoints import client_openapi
from smskit.platform.http import openapi as http_openapi
from smskit_generate import openapi


@pytest.fixture(autouse=True)
def only_looking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["openapi", "--check"])


def test_a_route_of_the_client_api_without_its_problems_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(client_openapi._OWN_PROBLEMS, "getJobStatus")
    assert openapi.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "GET /api/sms/{job_id}/status: entrypoints/client_openapi.py lists no problems of getJobStatus"
    ]


def test_a_route_of_the_console_api_without_its_row_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(permissions._BY_ROUTE, ("GET", "/console/clients/<client_id>"))
    assert openapi.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "GET /console/clients/{client_id}: accounts/api/permissions.py has no row for it"
    ]


def test_a_part_of_a_path_that_nothing_says_how_to_show_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(http_openapi._PATH_NAMES, "sim_slot")
    assert openapi.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "PATCH /console/devices/{device_id}/sims/{sim_slot}: _PATH_NAMES of platform/http/openapi.py has no sim_slot"
    ]


def test_every_other_route_is_listed() -> None:
    assert openapi.main() == 0
