"""What stands in an expression where another type is needed: columns and literals, not what is made of them.

Integers and decimals are numbers here. Where several values have to be of one type, those that are no texts say which:
a column is a text as long as nobody has cast it. What can be nothing but a text has the last word, though.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from re import fullmatch
from typing import Any

import sqlglot
from sqlglot import exp

from mydatahub_glue.naming import ENTITY_COLUMNS

TEXT, NUMBER, DATE, BOOLEAN = "text", "number", "date", "boolean"
_VALUES = {NUMBER: r"[+-]?\d+(\.\d+)?", DATE: r"\d{4}-\d\d-\d\d", BOOLEAN: "(?i:true|false)"}


@dataclass(frozen=True)
class Misplaced:
    """`what`: the name of a column, or a literal, without its quotes."""

    what: str
    is_column: bool
    kind: str
    needed: str


def misplaced(text: str, columns: Mapping[str, str], wanted: str) -> list[Misplaced]:
    """Of an expression that is to be `wanted`, each once, in order. `columns`: name -> what it is."""
    tree = sqlglot.parse_one(text, read="trino")
    # A text is made of the value of any type, but of one type.
    likely = [wanted] if wanted != TEXT else [TEXT, None] if _Places(columns).gives_text(tree) else [None]
    found: list[Misplaced] = []
    for needed in likely:
        places = _Places(columns)
        places.want(tree, needed)
        found = found or list(dict.fromkeys(places.found))
    return found


def is_value(text: str, kind: str) -> bool:
    """Whether a text looks like a value of the type."""
    return kind == TEXT or fullmatch(_VALUES[kind], text) is not None


_BOTH = ("this", "expression")
# What an operation gives, and what those of its arguments are to be that have one type whatever the others are.
_OPERATIONS: dict[type[exp.Expr], tuple[str, dict[str, str | None]]] = {
    **dict.fromkeys((exp.And, exp.Or), (BOOLEAN, dict.fromkeys(_BOTH, BOOLEAN))),
    **dict.fromkeys((exp.Like, exp.RegexpLike, exp.StartsWith), (BOOLEAN, dict.fromkeys(_BOTH, TEXT))),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod), (NUMBER, dict.fromkeys(_BOTH, NUMBER))),
    **dict.fromkeys((exp.Neg, exp.Abs, exp.Floor, exp.Ceil), (NUMBER, {"this": NUMBER})),
    **dict.fromkeys((exp.Year, exp.Month, exp.Day), (NUMBER, {"this": DATE})),
    **dict.fromkeys((exp.Lower, exp.Upper), (TEXT, {"this": TEXT})),
    exp.Not: (BOOLEAN, {"this": BOOLEAN}),
    exp.Is: (BOOLEAN, {"this": None}),
    exp.Round: (NUMBER, {"this": NUMBER, "decimals": NUMBER}),
    exp.Length: (NUMBER, {"this": TEXT}),
    exp.StrPosition: (NUMBER, {"this": TEXT, "substr": TEXT}),
    exp.DateDiff: (NUMBER, dict.fromkeys(_BOTH, DATE)),
    exp.DateAdd: (DATE, {"this": DATE, "expression": NUMBER}),
    exp.DPipe: (TEXT, dict.fromkeys(_BOTH, TEXT)),
    exp.Concat: (TEXT, {"expressions": TEXT}),
    exp.Replace: (TEXT, dict.fromkeys((*_BOTH, "replacement"), TEXT)),
    exp.Substring: (TEXT, {"this": TEXT, "start": NUMBER, "length": NUMBER}),
    exp.Cast: (DATE, {}),
    exp.Boolean: (BOOLEAN, {}),
}
_COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.Between, exp.In)


class _Places:
    def __init__(self, columns: Mapping[str, str]) -> None:
        self._columns = columns
        self.found: list[Misplaced] = []

    def want(self, node: Any, needed: str | None) -> None:
        """Looks at a value that is to be of this type, and at all that it is made of."""
        kind = self._kind(node)
        if isinstance(node, exp.Paren):
            self.want(node.this, needed)
        elif isinstance(node, (exp.Column, exp.Literal)) and needed and kind and kind != needed:
            self.found.append(Misplaced(node.name, isinstance(node, exp.Column), kind, needed))
        self._want_alike(_results(node), needed)
        self._want_alike(_compared(node), None)
        _, takes = _OPERATIONS.get(type(node), (None, {}))
        for name, of in takes.items():
            for argument in _listed(node.args.get(name)):
                # Athena's date_add takes a text in quotes for a number of days.
                if not (isinstance(node, exp.DateAdd) and argument.is_string):
                    self.want(argument, of)
        for condition in _conditions(node):
            self.want(condition, BOOLEAN)

    def gives_text(self, node: Any) -> bool:
        """Whether a text is among what it gives."""
        return any(self._kind(value) == TEXT for value in _results(node.unnest()))

    def _want_alike(self, values: Sequence[Any], needed: str | None) -> None:
        of = needed or self._agreed(values)
        for value in values:
            self.want(value, of)

    def _agreed(self, values: Sequence[Any]) -> str | None:
        """The type that values are to have which have to be of one."""
        kinds = [kind for kind in map(self._kind, values) if kind]
        other = next((kind for kind in kinds if kind != TEXT), None)
        if other is None or any(self._stays_text(value, other) for value in values):
            return TEXT if TEXT in kinds else other
        return other

    def _stays_text(self, node: Any, other: str) -> bool:
        if isinstance(node, exp.Literal):
            return bool(node.is_string and not is_value(node.name, other))
        if isinstance(node, exp.Column):
            return node.name in ENTITY_COLUMNS
        return _OPERATIONS.get(type(node), ("", {}))[0] == TEXT

    def _kind(self, node: Any) -> str | None:
        if isinstance(node, exp.Paren):
            return self._kind(node.this)
        if isinstance(node, exp.Column):
            return self._columns.get(node.name)
        if isinstance(node, exp.Literal):
            return TEXT if node.is_string else NUMBER
        if isinstance(node, _COMPARISONS):
            return BOOLEAN
        return _OPERATIONS[type(node)][0] if type(node) in _OPERATIONS else self._agreed(_results(node))


def _results(node: Any) -> list[Any]:
    """Of what gives one of several values: these."""
    if isinstance(node, exp.Case):
        return [*(each.args["true"] for each in node.args["ifs"]), *_listed(node.args.get("default"))]
    if isinstance(node, exp.If):
        return [node.args["true"], *_listed(node.args.get("false"))]
    return _operands(node) if isinstance(node, (exp.Coalesce, exp.Nullif)) else []


def _compared(node: Any) -> list[Any]:
    if isinstance(node, exp.Case):
        return [node.this, *(each.this for each in node.args["ifs"])] if node.this else []
    return _operands(node) if isinstance(node, _COMPARISONS) else []


def _conditions(node: Any) -> Iterable[Any]:
    if isinstance(node, exp.Case) and not node.this:
        return [each.this for each in node.args["ifs"]]
    return [node.this] if isinstance(node, exp.If) else []


def _operands(node: Any) -> list[Any]:
    return [each for name in (*_BOTH, "expressions", "low", "high") for each in _listed(node.args.get(name))]


def _listed(argument: Any) -> list[Any]:
    return argument if isinstance(argument, list) else [] if argument is None else [argument]
