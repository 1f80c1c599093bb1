"""Cursors of opt-outs: each serves the list that gave it, and no other."""

from __future__ import annotations

import pytest

from smskit.platform import cursors
from tests.support.client_api import ClientApi
from tests.support.keywords import NUMBER

LIST = "/api/opt-outs"
HISTORY = f"{LIST}/%2B254712345678/history"


def add(api: ClientApi, number: str = NUMBER) -> None:
    assert api.post(LIST, {"number": number}).status == 201


def refuses(api: ClientApi, path: str, cursor: str) -> bool:
    answer = api.get(path, query=f"cursor={cursor}")
    return (answer.status, answer.slug, answer.pointers) == (400, "invalid-request", ["#/cursor"])


def test_a_cursor_serves_its_own_account_list_and_number_only(api: ClientApi) -> None:
    for number in range(3):
        add(api, f"+25471234567{number}")
    cursor = api.get(LIST, query="limit=1").body["cursor"]
    other = ClientApi(api.cloud)
    add(other)
    assert refuses(other, LIST, cursor)
    assert refuses(api, HISTORY, cursor)


def test_a_cursor_of_one_numbers_trail_is_refused_by_the_list_and_by_another_number(api: ClientApi) -> None:
    add(api)
    assert api.call("DELETE", HISTORY.removesuffix("/history")).status == 204
    cursor = api.get(HISTORY, query="limit=1").body["cursor"]
    assert api.get(HISTORY, query=f"cursor={cursor}").status == 200
    assert refuses(api, LIST, cursor)
    assert refuses(api, HISTORY.replace("678", "679"), cursor)


@pytest.mark.parametrize("position", [f"{'9' * 40}.{NUMBER}", "5.MPESA", "5", f".{NUMBER}"])
def test_a_made_up_position_is_refused(api: ClientApi, position: str) -> None:
    assert refuses(api, LIST, cursors.write("opt-outs", api.account_id, position))
