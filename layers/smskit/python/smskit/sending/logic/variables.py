"""Texts with variables: `{name}` stands for what each recipient gets there, `{{` and `}}` for the braces themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from smskit.errors import InvalidTextError

NAME = "[A-Za-z_][A-Za-z0-9_]{0,63}"
_NAME = re.compile(NAME, re.ASCII)
_PARTS = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")
MOST_SHOWN = 40
MOST_CHARACTERS = 1_600  # of a message, with all values


@dataclass(frozen=True, slots=True)
class Text:
    """A text in its parts: (words, name of the variable behind them or None)."""

    parts: tuple[tuple[str, str | None], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that it has, each once."""
        return tuple(dict.fromkeys(name for _, name in self.parts if name is not None))

    def missing(self, given: Mapping[str, str]) -> list[str]:
        """The variables that aren't given."""
        return [name for name in self.names if name not in given]

    def filled(self, given: Mapping[str, str]) -> str:
        """The text with the values of all its variables."""
        return "".join(words + (given[name] if name is not None else "") for words, name in self.parts)


def parse(text: str) -> Text:
    """Read a text. Raises InvalidTextError for a brace that stands alone, or a name that is none."""
    parts: list[tuple[str, str | None]] = []
    for match in _PARTS.finditer(text):
        piece, name = match[0], match[1]
        if piece in ("{", "}"):
            raise InvalidTextError(f"message has a {piece} that belongs to no variable; write {2 * piece} for the sign")
        if name is None:
            parts.append((piece[0] if piece in ("{{", "}}") else piece, None))
        elif _NAME.fullmatch(name):
            parts.append(("", name))
        else:
            shown = name[:MOST_SHOWN]
            raise InvalidTextError(
                f"message has the variable {{{shown}}}: names have letters, digits and _, and begin with no digit; "
                "write {{ and }} for the signs"
            )
    return Text(tuple(parts))
