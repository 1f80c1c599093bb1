"""Who was invited and never came."""

from __future__ import annotations

import pytest
import time_machine

from smskit import aws
from smskit.accounts.logic import audit_log
from smskit.accounts.logic import members as members_logic
from smskit.accounts.store import members
from smskit.errors import LastOwnerError
from smskit.models.audit import Action
from smskit.models.member import Role
from smskit.platform.times import now_ms
from tests.support import console
from tests.support.aws import Cloud
from tests.support.console import Console, as_person, invited, roles
from tests.support.meter import Meter
from tests.support.user_pool import UserPool


@pytest.fixture(autouse=True)
def pool(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> UserPool:
    return UserPool(monkeypatch)


@pytest.fixture
def home(cloud: Cloud) -> Console:
    return console.owner()


def test_it_is_seen_who_was_invited_and_never_came(home: Console) -> None:
    def signed_in() -> dict[str, str | None]:
        listed = home.get("/console/members").body["members"]
        return {entry["personId"]: entry.get("signedInAt") for entry in listed}

    with time_machine.travel("2026-06-23T10:00:00Z", tick=False) as clock:
        amina = invited(home)
        assert signed_in()[amina] is None
        clock.shift(3600)
        meter = Meter(aws.session())
        aws.client.cache_clear()
        assert as_person(amina).get("/console/me").status == 200
        assert meter.requests["dynamodb.TransactWriteItems"] == 1
        clock.shift(3600)
        assert as_person(amina).get("/console/me").status == 200
        assert meter.requests["dynamodb.TransactWriteItems"] == 1, "once for each person"
        assert signed_in()[amina] == "2026-06-23T11:00:00Z"
        home.patch(f"/console/members/{amina}", {"role": "viewer"})
        assert signed_in()[amina] == "2026-06-23T11:00:00Z"
        home.delete(f"/console/members/{amina}")
        invited(home)
        assert list(signed_in().values()) == [None, None]


def test_who_is_removed_as_they_come_is_no_member(home: Console) -> None:
    amina = invited(home)
    person = members_logic.recognise(amina)
    assert person is not None
    home.delete(f"/console/members/{amina}")
    members_logic.note_signed_in(person, now_ms())
    assert members.get(amina) is None and list(roles(home)) == [home.who.email if home.who else ""]


def test_of_two_first_requests_the_earlier_one_counts(home: Console) -> None:
    with time_machine.travel("2026-06-23T10:00:00Z", tick=False):
        person = members_logic.recognise(invited(home))
        assert person is not None
        for later in (0, 1_000):
            members_logic.note_signed_in(person, now_ms() + later)
        found = members.get(person.person_id)
        assert found is not None and found.signed_in_at == now_ms()


def test_the_last_owner_who_comes_meanwhile_is_still_the_last(home: Console) -> None:
    assert home.who is not None
    seen = members.get(home.who.person_id)
    assert seen is not None and home.get("/console/me").status == 200
    entry = audit_log.entry(home.who, Action.MEMBER_ROLE_CHANGED, seen.person_id, now_ms())
    with pytest.raises(LastOwnerError):
        members.set_role(seen, Role.VIEWER, entry)
