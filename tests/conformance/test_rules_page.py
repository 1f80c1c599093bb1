"""docs/phone-protocol.md is what the rules refer to, and says what the agent and the server do."""

import re

import pytest

from smskit.entrypoints.phone_frames import PHONE_FRAMES
from smskit.entrypoints.server_frames import SERVER_FRAMES, ErrorFrame
from smskit_phone import Timings
from smskit_phone.conformance.rules import in_order
from smskit_phone.conformance.verdicts import PAGE
from smskit_phone.drivers.base import PERMANENT, TRANSIENT
from tests.support.doc_blocks import ROOT

TEXT = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def test_each_rule_is_of_a_section_and_each_section_of_the_protocol_has_rules():
    titles = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    anchors = {title.lower().replace(" ", "-") for title in titles}
    assert {rule.section for rule in in_order()} == anchors - {"what-a-phone-keeps", "the-conformance-suite"}


def test_every_frame_is_named():
    assert {
        name for name in PHONE_FRAMES | SERVER_FRAMES if f"`{name}`" not in TEXT and f"`{name}{{" not in TEXT
    } == set()


def test_every_code_is_explained():
    assert {code for code in TRANSIENT | PERMANENT if f"`{code}`" not in section("The radio")} == set()
    codes = ErrorFrame.model_json_schema()["properties"]["code"]["enum"]
    assert {code for code in codes if f"`{code}`" not in section("Frames")} == set()


@pytest.mark.parametrize(
    ("wait", "told"),
    [
        (Timings().claim_resend, "claim, decline again | 3"),
        (Timings().report_resend, "report, received again | 30"),
        (Timings().hello_timeout, "no welcome: another connection | 15"),
        (Timings().answer_timeout, "nothing heard after a heartbeat: another connection | 30"),
        (Timings().error_spacing, "reports and received | 3"),
        (Timings().reconnect_cap, "at most 60"),
        (Timings().connection_lifetime[0], "a new connection by itself | 6,000"),
    ],
)
def test_the_waits_are_the_agents(wait: float, told: str):
    assert told in section("Frames")
    assert f"{wait:,.0f}" == told.rsplit(" ", maxsplit=1)[-1]


def test_more_rules_than_it_says():
    (number,) = re.findall(r"judges it by more than (\d+) rules", TEXT)
    assert int(number) < len(in_order()) < int(number) + 10
