"""The one codec of cursors: what it wrote it reads, and nothing else."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

import smskit
from smskit.errors import InvalidCursorError
from smskit.platform import cursors

ID = "job_7H2K9M4P1Q6R3T8V5W0X"


def written(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize("position", ["5", "1782208800000.+254712345678", ID])
def test_a_position_comes_back_from_its_own_list(position: str) -> None:
    assert cursors.read("messages", "acc", cursors.write("messages", "acc", position)) == position


def test_a_moment_comes_back_with_its_id() -> None:
    cursor = cursors.write_moment("messages", "acc", 1_782_208_800_000, ID)
    assert cursors.read_moment("messages", "acc", cursor, "job") == (1_782_208_800_000, ID)
    assert re.fullmatch("[A-Za-z0-9_-]+", cursor) and len(cursor) <= cursors.MAX_LENGTH


@pytest.mark.parametrize(("kind", "owner"), [("audit", "acc"), ("messages", "another"), ("messages.acc", "")])
def test_a_cursor_of_another_list_is_refused_and_the_field_named(kind: str, owner: str) -> None:
    with pytest.raises(InvalidCursorError, match=r"^since must be one that an earlier answer gave$") as refused:
        cursors.read("messages", "acc", cursors.write(kind, owner, "5"), "since")
    assert refused.value.field == "since"


@pytest.mark.parametrize(
    "cursor", ["", "x", "é", "%", written("1"), written("1..5"), written("2.00000000.5"), written("é"), "=" * 4]
)
def test_what_no_answer_gave_is_refused(cursor: str) -> None:
    with pytest.raises(InvalidCursorError):
        cursors.read("messages", "acc", cursor)


def test_each_position_has_one_cursor() -> None:
    """Padding and unused bits say nothing: a text with others was not given out."""
    given = cursors.write("messages", "acc", "57")
    for other in (given + "=", given[:-1], given[:-1] + chr(ord(given[-1]) + 1), given[:1] + "\n" + given[1:]):
        with pytest.raises(InvalidCursorError):
            cursors.read("messages", "acc", other)


@pytest.mark.parametrize("position", ["5", f"5.{ID}x", "5.dlv_7H2K9M4P1Q6R3T8V5W0X", f"-5.{ID}", f".{ID}", f"x.{ID}"])
def test_a_made_up_moment_is_refused(position: str) -> None:
    with pytest.raises(InvalidCursorError):
        cursors.read_moment("messages", "acc", cursors.write("messages", "acc", position), "job")


def test_a_time_that_sort_keys_have_no_place_for_is_refused() -> None:
    """With 14 digits it would sort before all that were written, and DynamoDB refuse to begin there."""
    assert cursors.number("9" * 13) == 9_999_999_999_999
    with pytest.raises(InvalidCursorError):
        cursors.number("1" + "0" * 13)


def test_a_page_has_more_behind_it_when_it_has_a_cursor() -> None:
    assert cursors.Page([1, 2], "x").has_more and cursors.Page([], "x").has_more
    assert not cursors.Page([1, 2], None).has_more


def test_no_other_module_makes_cursors_of_its_own() -> None:
    layer = Path(smskit.__file__).parent
    making = {
        path.relative_to(layer).as_posix()
        for path in layer.rglob("*.py")
        if "urlsafe_b64" in path.read_text(encoding="utf-8")
    }
    assert making == {"platform/cursors.py"}
