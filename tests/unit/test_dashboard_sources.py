"""What holds of the dashboard's sources and neither its compiler nor a browser can see."""

from __future__ import annotations

import re

from smskit.dispatch.logic import expiry, janitor
from smskit.models.job import OUTCOME_UNKNOWN
from smskit_phone.drivers.base import PERMANENT, TRANSIENT, UNKNOWN_OUTCOME
from tests.support.doc_blocks import ROOT

SOURCES = ROOT / "dashboard" / "src"


def test_every_reason_for_which_a_message_ends_is_in_words():
    words = (SOURCES / "pages" / "messages" / "words.ts").read_text()
    said = set(re.findall(r'^  "?([\w-]+)"?: \(\) => t`', words, flags=re.MULTILINE))

    of_the_server = {expiry.EXPIRED.code, expiry.OPTED_OUT.code, janitor.DISPATCH_ERROR.code, *expiry.REFUSED}
    ends = of_the_server | {expiry.ATTEMPTS_EXHAUSTED, OUTCOME_UNKNOWN, UNKNOWN_OUTCOME} | TRANSIENT | PERMANENT
    assert ends <= said


def test_every_step_of_a_message_is_in_words():
    words = (SOURCES / "pages" / "messages" / "words.ts").read_text()
    said = set(re.findall(r"^  (\w+): \(.*\) => \(\{", words, flags=re.MULTILINE))

    modules = (ROOT / "layers" / "smskit" / "python" / "smskit").rglob("*.py")
    steps = {step for module in modules for step in re.findall(r'TimelineEntry\("(\w+)"', module.read_text())}
    assert "hedged" in steps and steps <= said


def test_no_class_is_two_things():
    """A page's styles stay when somebody goes on to the next page: what both call the same would look like either."""
    styled: dict[str, set[str]] = {}
    for file in (SOURCES / "styles").glob("*.css"):
        text = re.sub(r"/\*.*?\*/|@media[^{]*", "", file.read_text(), flags=re.DOTALL)
        for selectors in re.findall(r"([^{}]+)\{", text):
            for selector in selectors.split(","):
                if re.fullmatch(r"\.[\w-]+", selector.strip()):
                    styled.setdefault(selector.strip(), set()).add(file.name)
    assert {name: files for name, files in styled.items() if len(files) > 1} == {}
