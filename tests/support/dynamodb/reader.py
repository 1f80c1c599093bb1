"""Reads the parts that all of DynamoDB's expressions have: tokens, paths of attributes, operands."""

from __future__ import annotations

import re
from typing import Any

from tests.support.dynamodb.operators import Item, Look, Names, Path, joined, look_up, resolve, size_of
from tests.support.refusals import InvalidRequestError

_TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),.\[\]+\-]|[#:]?\w+)")


def refuse(kind: str, why: str) -> InvalidRequestError:
    """The refusal of an expression; `kind` as in ConditionExpression."""
    return InvalidRequestError(f"Invalid {kind}: {why}")


class Reader:
    """The tokens of an expression, and the placeholders and attribute names that were met in it."""

    def __init__(self, kind: str, text: str) -> None:
        self.kind, self.at = kind, 0
        self.tokens = self._tokens(text)
        self.names: set[str] = set()
        self.values: set[str] = set()
        self.bare: set[str] = set()
        self.operators = 0

    def _tokens(self, text: str) -> list[str]:
        found, position, end = [], 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None:
                raise self.refused(text[position:])
            found.append(match[1])
            position = match.end()
        if not found:
            raise refuse(self.kind, "The expression can not be empty;")
        return found

    def refused(self, token: str) -> InvalidRequestError:
        return refuse(self.kind, f'Syntax error; token: "{token}"')

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def next(self) -> str:
        token = self.peek()
        if not token:
            raise self.refused("<EOF>")
        self.at += 1
        return token

    def expect(self, token: str) -> None:
        got = self.next()
        if got != token:
            raise self.refused(got)

    def took(self, token: str) -> bool:
        if self.peek() != token:
            return False
        self.at += 1
        return True

    # -- paths and operands ------------------------------------------------------------------------------------

    def path(self) -> Path:
        found: list[str | int] = [self.segment()]
        while self.peek() in (".", "["):
            if self.next() == ".":
                found.append(self.segment())
            else:
                found.append(int(self.next()))
                self.expect("]")
        return tuple(found)

    def segment(self) -> str:
        token = self.next()
        if token[0] == "#":
            self.names.add(token)
        elif token[0].isalpha():
            self.bare.add(token)
        else:
            raise self.refused(token)
        return token

    def list_of_paths(self) -> tuple[Path, ...]:
        found = [self.path()]
        while self.took(","):
            found.append(self.path())
        return tuple(found)

    def operand(self) -> Look:
        token = self.peek()
        if token[:1] == ":":
            self.values.add(self.next())
            return lambda item, names, values: values[token]
        following = self.tokens[self.at + 1] if self.at + 1 < len(self.tokens) else ""
        if following == "(" and token in ("size", "if_not_exists", "list_append"):
            return self.function()
        path = self.path()
        if len(path) == 1 and path[0] in self.bare:
            name = str(path[0])
            return lambda item, names, values: item.get(name)
        return lambda item, names, values: look_up(item, resolve(path, names))

    def function(self) -> Look:
        name, self.operators = self.next(), self.operators + 1
        self.expect("(")
        first = self.operand()
        if name == "size":
            self.expect(")")
            return lambda item, names, values: size_of(first(item, names, values))
        self.expect(",")
        second = self.operand()
        self.expect(")")
        if name == "list_append":
            return lambda item, names, values: joined(first(item, names, values), second(item, names, values))

        def if_not_exists(item: Item, names: Names, values: Item) -> Any:
            found = first(item, names, values)
            return second(item, names, values) if found is None else found

        return if_not_exists
