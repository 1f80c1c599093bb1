"""DynamoDB's expressions, read once a text and then called as functions of an item.

Only the grammar that the project uses, and strict about it: what can't be read is refused as DynamoDB refuses it.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from tests.support.dynamodb.operators import COMPARISONS, Look, Path, begins, both, comparison, either, has, total
from tests.support.dynamodb.reader import Reader, refuse

_CLAUSES = frozenset({"SET", "REMOVE", "ADD", "DELETE"})
_CHECKS = frozenset({"attribute_exists", "attribute_not_exists", "begins_with", "contains"})


@dataclass(frozen=True)
class Action:
    """One change of an update expression; `value` reads what SET assigns and ADD or DELETE name.

    `assigned` is the placeholder when SET assigns nothing but that.
    """

    clause: str
    path: Path
    value: Look
    assigned: str = ""


@dataclass(frozen=True)
class Parsed:
    """An expression that was read: `test` of a condition, `actions` of an update, `paths` of a projection.

    Names and values are the placeholders in it, `bare` the attribute names that it spells out.
    """

    test: Look
    actions: tuple[Action, ...]
    paths: tuple[Path, ...]
    names: frozenset[str]
    values: frozenset[str]
    bare: frozenset[str]
    operators: int


@lru_cache(maxsize=8192)
def parsed(kind: str, text: str) -> Parsed:
    """Read an expression of a kind, such as ConditionExpression. Raises InvalidRequestError for what can't be read."""
    return _Parser(kind, text).parse()


class _Parser(Reader):
    def parse(self) -> Parsed:
        test: Look = lambda item, names, values: True  # noqa: E731
        actions: tuple[Action, ...] = ()
        paths: tuple[Path, ...] = ()
        if self.kind == "UpdateExpression":
            actions = self.update()
        elif self.kind == "ProjectionExpression":
            paths = self.list_of_paths()
        else:
            test = self.condition()
        if self.peek():
            raise self.refused(self.peek())
        placeholders = frozenset(self.names), frozenset(self.values), frozenset(self.bare)
        return Parsed(test, actions, paths, *placeholders, self.operators)

    # -- conditions --------------------------------------------------------------------------------------------

    def condition(self) -> Look:
        left = self.conjunction()
        while self.took("OR"):
            self.operators += 1
            left = either(left, self.conjunction())
        return left

    def conjunction(self) -> Look:
        left = self.negation()
        while self.took("AND"):
            self.operators += 1
            left = both(left, self.negation())
        return left

    def negation(self) -> Look:
        if not self.took("NOT"):
            return self.primary()
        self.operators += 1
        inner = self.negation()
        return lambda item, names, values: not inner(item, names, values)

    def primary(self) -> Look:
        if self.peek() == "(":
            return self.group()
        if self.peek() in _CHECKS:
            return self.check()
        left, self.operators = self.operand(), self.operators + 1
        operator = self.next()
        if operator == "BETWEEN":
            lower = self.operand()
            self.expect("AND")
            upper = self.operand()
            return both(comparison("<=", lower, left), comparison("<=", left, upper))
        if operator == "IN":
            self.expect("(")
            options = [comparison("=", left, self.operand())]
            while self.took(","):
                options.append(comparison("=", left, self.operand()))
            self.expect(")")
            return lambda item, names, values: any(option(item, names, values) for option in options)
        if operator not in ("=", "<>", *COMPARISONS):
            raise self.refused(operator)
        return comparison(operator, left, self.operand())

    def group(self) -> Look:
        opened = self.at
        self.expect("(")
        inner = self.condition()
        self.expect(")")
        if self.tokens[opened + 1] == "(" and self._closes(opened + 1) == self.at - 2:
            raise refuse(self.kind, "The expression has redundant parentheses;")
        return inner

    def _closes(self, opened: int) -> int:
        depth = 0
        for place in range(opened, len(self.tokens)):
            depth += {"(": 1, ")": -1}.get(self.tokens[place], 0)
            if depth == 0:
                return place
        raise self.refused("<EOF>")

    def check(self) -> Look:
        name, self.operators = self.next(), self.operators + 1
        self.expect("(")
        subject = self.operand()
        if name in ("begins_with", "contains"):
            self.expect(",")
            part = self.operand()
            self.expect(")")
            test = begins if name == "begins_with" else has
            return lambda item, names, values: test(subject(item, names, values), part(item, names, values))
        self.expect(")")
        if name == "attribute_exists":
            return lambda item, names, values: subject(item, names, values) is not None
        return lambda item, names, values: subject(item, names, values) is None

    # -- updates -----------------------------------------------------------------------------------------------

    def update(self) -> tuple[Action, ...]:
        found: list[Action] = []
        clauses: list[str] = []
        while self.peek():
            clause = self.next()
            if clause not in _CLAUSES:
                raise self.refused(clause)
            if clause in clauses:
                raise refuse(self.kind, f'The "{clause}" section can only be used once in an update expression;')
            clauses.append(clause)
            found.append(self.action(clause))
            while self.took(","):
                found.append(self.action(clause))
        return tuple(found)

    def action(self, clause: str) -> Action:
        path = self.path()
        if clause == "REMOVE":
            return Action(clause, path, lambda item, names, values: None)
        if clause != "SET":
            return Action(clause, path, self.operand())
        self.operators += 1
        self.expect("=")
        assigned = self.peek()
        value = self.operand()
        if self.peek() in ("+", "-"):
            self.operators, assigned = self.operators + 1, ""
            value = total(value, 1 if self.next() == "+" else -1, self.operand())
        return Action(clause, path, value, assigned)
