"""What a message would be, shown while it is written: it agrees with what a send makes of it, and changes nothing."""

from __future__ import annotations

import io
from typing import Any

import pytest

from smskit import aws
from smskit.clients.logic import clients
from smskit.dispatch.store import jobs
from smskit.opt_outs.logic import opt_outs
from smskit.phones.store import lanes as lane_store
from smskit.platform.times import hour_of, now_ms
from tests.support import console, seeds
from tests.support.client_api import SEND, ClientApi
from tests.support.console import Console
from tests.support.meter import Meter

NOBODY = {"devices": 0, "sims": 0, "ready": 0, "segmentsLeft": 0, "hasMore": False}


@pytest.fixture
def agent(api: ClientApi) -> Console:
    return Console(console.person("operator", api.account_id))


def preview(who: Console, **asked: Any) -> dict[str, Any]:
    answer = who.post("/console/messages/preview", asked)
    assert answer.status == 200, answer.text
    return answer.body


def senders(who: Console, **asked: Any) -> tuple[int, int, int, int]:
    shown = preview(who, **asked)["senders"]
    assert not shown["hasMore"]
    return shown["devices"], shown["sims"], shown["ready"], shown["segmentsLeft"]


def test_what_is_not_written_yet_is_absent(agent: Console) -> None:
    assert preview(agent) == {"senders": NOBODY}
    assert preview(agent, message=" \n", recipient="") == {"senders": NOBODY}
    assert preview(agent, recipient="0712 34")["recipientProblem"].startswith("recipient without a leading +")
    assert preview(agent, recipient="0201234567").keys() == {"recipientProblem", "senders"}


@pytest.mark.parametrize(
    ("written", "number", "country"),
    [
        ("0712 345 678", "+254712345678", "KE"),
        ("+1 (202) 555-0123", "+12025550123", "US"),
        ("+39 333 123 4567", "+393331234567", "IT"),
        ("+883510012345678", None, None),
    ],
)
def test_a_number_is_shown_as_it_is_stored(agent: Console, written: str, number: str, country: str) -> None:
    shown = preview(agent, recipient=written)
    if number is None:
        assert "recipient" not in shown and shown["recipientProblem"]
    else:
        assert shown["recipient"] == {"number": number, "country": country, "optedOut": False}


def test_who_has_opted_out_of_this_account_is_told(agent: Console) -> None:
    opt_outs.add(agent.account_id, "+254712345678", "admin", None, now_ms())
    assert preview(agent, recipient="0712345678")["recipient"]["optedOut"]
    assert not preview(console.owner(), recipient="0712345678")["recipient"]["optedOut"]


def test_the_text_is_cut_as_it_will_be(agent: Console) -> None:
    text = "Habari! Miadi yako ya kliniki ni kesho Jumatano saa 3:30 asubuhi – jibu NDIYO kuthibitisha. Demo"
    shown = preview(agent, message=text)["message"]
    assert (shown["encoding"], shown["segments"], shown["used"], shown["capacity"]) == ("UCS-2", 2, len(text) - 67, 67)
    assert shown["parts"] == [text[:67], text[67:]]
    assert shown["characters"] == [{"character": "–", "plain": "-"}]
    assert shown["plain"] == {"message": text.replace("–", "-"), "encoding": "GSM-7", "segments": 1}
    single = preview(agent, message="Kiasi: 5€")["message"]
    assert single == {
        "encoding": "GSM-7", "segments": 1, "parts": ["Kiasi: 5€"], "used": 10, "capacity": 160, "characters": [],
    }  # fmt: skip


def test_characters_with_a_plain_form_come_first_and_the_list_has_an_end(agent: Console) -> None:
    others = "".join(chr(0x4E00 + number) for number in range(60))
    shown = preview(agent, message=f"{others}’“")["message"]
    assert [entry["character"] for entry in shown["characters"]] == ["’", "“", *others[:48]]
    assert shown["characters"][2] == {"character": "一"}
    assert shown["plain"]["encoding"] == "UCS-2" and shown["plain"]["message"] == f"{others}'\""
    assert "plain" not in preview(agent, message=others)["message"]
    assert "plain" not in preview(agent, message="\u200b")["message"], "nothing would be left"


@pytest.mark.parametrize("message", ["x" * 161, "€" * 81, "я" * 71, "😀" * 67, "a" * 152 + "€" * 9, "ok"])
def test_it_says_what_a_send_then_stores(agent: Console, api: ClientApi, message: str) -> None:
    seeds.phone(api.account_id)
    job = jobs.get(agent.post("/console/messages", SEND | {"message": message}).body["jobId"])
    shown = preview(agent, message=message, recipient=SEND["recipient"])
    assert job is not None
    assert (shown["message"]["segments"], shown["recipient"]["number"]) == (job.segments, job.recipient)
    assert "".join(shown["message"]["parts"]) == job.message


def test_sims_that_could_send_it_are_counted(agent: Console) -> None:
    account, hour = agent.account_id, hour_of(now_ms())
    both, single = seeds.phone(account, sims=2), seeds.phone(account)
    seeds.phone(account, online=False)
    seeds.phone(account, heartbeat_at=1)
    assert senders(agent) == (2, 3, 3, 540)
    seeds.change_lane(single, 0, hour=hour, left=22)
    assert senders(agent) == (2, 3, 3, 362)
    assert senders(agent, message="x" * 460) == (2, 3, 2, 360), "four segments where two are left"
    assert senders(agent, message="x" * 460, priority=9) == (2, 3, 3, 422)
    seeds.change_lane(both, 1, rests_until=now_ms() + 60_000)
    assert senders(agent) == (2, 3, 2, 182)
    seeds.change_lane(both, 0, is_enabled=False)
    assert senders(agent) == (2, 2, 1, 2)
    seeds.change_lane(single, 0, hour=hour - 1, left=0)
    assert senders(agent)[2:] == (1, 180), "a new hour has begun"


def test_named_phones_and_sims_alone_are_counted(agent: Console) -> None:
    phone, other = seeds.phone(agent.account_id, sims=2), seeds.phone(agent.account_id)
    off = seeds.phone(agent.account_id, online=False)
    foreign = seeds.phone(console.owner().account_id)
    assert senders(agent, devices=[phone.device_id]) == (1, 2, 2, 360)
    assert senders(agent, devices=[{"deviceId": phone.device_id, "simSlot": 1}]) == (1, 1, 1, 180)
    assert senders(agent, devices=[phone.device_id, other.device_id]) == (2, 3, 3, 540)
    for nothing in (off.device_id, foreign.device_id, "dvc_0000000000000000000A"):
        assert senders(agent, devices=[nothing]) == (0, 0, 0, 0)


def test_what_is_asked_otherwise_is_refused(agent: Console) -> None:
    for wrong, pointer in (
        ({"message": "x" * 1601}, "#/message"), ({"priority": 11}, "#/priority"), ({"devices": []}, "#/devices"),
        ({"recipient": "1" * 41}, "#/recipient"), ({"text": "x"}, "#/text"), ({"message": None}, "#/message"),
    ):  # fmt: skip
        answer = agent.post("/console/messages/preview", wrong)
        assert (answer.status, answer.pointers) == (400, [pointer])


def test_it_takes_four_reads_however_many_phones_there_are(
    agent: Console, api: ClientApi, monkeypatch: pytest.MonkeyPatch, log_text: io.StringIO
) -> None:
    for _ in range(12):
        seeds.phone(api.account_id, sims=2)
    before = api.kept() | {"accounts": api.cloud.items("accounts"), "contacts": api.cloud.items("contacts")}
    meter = Meter(aws.session())
    aws.client.cache_clear()
    preview(agent, recipient="0712345678")  # the country that such numbers are of is read once in five minutes
    meter.requests.clear()
    shown = preview(agent, recipient="0712345678", message="Your secret is 7")
    # One is the membership, one the contact.
    assert dict(meter.requests) == {"dynamodb.GetItem": 2, "dynamodb.Query": 1, "dynamodb.BatchGetItem": 1}
    assert shown["senders"] == {"devices": 12, "sims": 24, "ready": 24, "segmentsLeft": 4320, "hasMore": False}
    monkeypatch.setattr(lane_store, "ONLINE_PAGE", 5)
    capped = preview(agent)["senders"]
    assert (capped["sims"], capped["hasMore"]) == (5, True)
    after = api.kept() | {"accounts": api.cloud.items("accounts"), "contacts": api.cloud.items("contacts")}
    assert after == before
    assert "secret" not in log_text.getvalue() and "712345678" not in log_text.getvalue()


def test_it_counts_for_no_client(agent: Console, api: ClientApi) -> None:
    before = clients.read(api.account_id, api.tenant.client_id).used
    preview(agent, message="x")
    assert clients.read(api.account_id, api.tenant.client_id).used == before
