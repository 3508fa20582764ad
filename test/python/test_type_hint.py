"""What is put down to types that do not fit: the columns that stand where another type is needed, and no others."""

import pytest

from mydatahub_glue.type_hint import type_hint
from mydatahub_glue.value_types import value_type
from mydatahub_glue.view_rules import EntityRules, Said

KEYS = {"Sex": "sex", "Island": "island", "Day": "day", "Later": "later", "Mass": "mass", "Depth": "depth", "OK": "ok"}
CAST = {"Later": "date", "Mass": "integer", "Depth": "decimal(5,2)", "OK": "boolean"}
RULES = EntityRules(cast={key: Said(3, of) for key, of in CAST.items()})
TEXT_AS = "Most likely a text is used as a {}: "


def hint(expression: str, of: str | None = "text") -> str:
    return type_hint(KEYS, RULES, expression, None if of is None else value_type(of))


@pytest.mark.parametrize(
    ("expression", "kind", "keys"),
    [
        ("coalesce(sex, '?') || date_diff('day', day, DATE '2024-01-01')", "date", "'Day'"),
        ("upper(sex) = 'MALE' AND mass / day > 1 AND length(island) > 2", "number", "'Day'"),
        ("if(sex = 'MALE' AND later > day, 1, 2)", "date", "'Day'"),
        ("coalesce(day, DATE '2024-01-01')", "date", "'Day'"),
        ("CASE sex WHEN 'MALE' THEN mass ELSE day END + 1", "number", "'Day'"),
        ("CASE WHEN sex THEN 1 END", "boolean", "'Sex'"),
        ("if(nullif(sex, 1) IS NULL, island, sex)", "number", "'Sex'"),
        ("sex || substr(island, day)", "number", "'Day'"),
        ("strpos(sex, 'x') IN (mass, (day))", "number", "'Day'"),
        ("mass BETWEEN day AND 7", "number", "'Day'"),
        ("NOT sex OR island LIKE 'x'", "boolean", "'Sex'"),
        ("round(day, mass) + depth", "number", "'Day'"),
        ("-day + abs(sex) * floor(mass)", "number", "'Day', 'Sex'"),
        ("year(day) + sex", "date or number", "'Day', 'Sex'"),
        ("date_add('day', sex, later)", "number", "'Sex'"),
        ("day IS NULL OR mass = day", "number", "'Day'"),
    ],
)
def test_texts_where_another_type_is_needed_are_named_and_no_others(expression: str, kind: str, keys: str) -> None:
    assert hint(expression) == f"{TEXT_AS.format(kind)}give {keys} a type by `cast`"


@pytest.mark.parametrize(
    ("expression", "of"), [("sex", "integer"), ("coalesce(sex, '1')", "decimal(5,2)"), ("sex", None)]
)
def test_the_type_of_a_column_and_the_filter_need_one_too(expression: str, of: str | None) -> None:
    assert hint(expression, of) == f"{TEXT_AS.format('number' if of else 'boolean')}give 'Sex' a type by `cast`"


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("if(ok, mass, sex)", "a number is used as a text: 'Mass' is integer by its `cast`, and a text without it"),
        ("later || 'x'", "a date is used as a text: 'Later' is date by its `cast`, and a text without it"),
        (
            "coalesce(sex, '?') || mass",
            "a number is used as a text: 'Mass' is integer by its `cast`, and a text without it",
        ),
        (
            "coalesce(depth, 'none')",
            "a number is used as a text: 'Depth' is decimal(5,2) by its `cast`, and a text without it",
        ),
        ("ok = 'Yes'", "a boolean is used as a text: 'OK' is boolean by its `cast`, and a text without it"),
        ("year(mass)", "a number is used as a date: 'Mass' is integer by its `cast`"),
        ("if(later > '2024-01-01', 1)", "a text is used as a date: write DATE '2024-01-01'"),
        ("mass IN (1, '2')", "a text is used as a number: write 2 without quotes"),
        ("ok = 'true'", "a text is used as a boolean: write true without quotes"),
        ("nullif(sex, 1)", "a number is used as a text: write '1'"),
        ("if(entity4 > 10, sex)", "a number is used as a text: write '10'"),
        ("entity4 + 10", "a text is used as a number: entity4 is a text, which no `cast` changes"),
    ],
)
def test_what_is_no_text_and_what_has_no_cast_is_told_as_what_it_is(expression: str, told: str) -> None:
    assert hint(expression) == f"Most likely {told}"


@pytest.mark.parametrize(
    "expression",
    [
        "round('x', 1)",
        "upper(sex) + 1",
        "mass + depth / 2",
        "sex || island",
        "date_add('day', '5', later)",
        "coalesce(NULL, mass) > 4",
        "if(ok, sex, 'none')",
        "concat(lower(sex), replace(island, 'a', 'b')) = sex AND starts_with(sex, 'M') AND regexp_like(sex, 'x')",
        "CASE mass WHEN 1 THEN sex ELSE NULL END",
    ],
)
def test_nothing_is_told_where_every_column_is_of_the_type_of_its_place(expression: str) -> None:
    assert hint(expression) == ""


def test_of_many_texts_some_are_named() -> None:
    keys = {f"k{n}": f"k{n}" for n in range(8)}
    told = type_hint(keys, EntityRules(), " + ".join(keys), None)
    assert told == f"{TEXT_AS.format('number')}give 'k0', 'k1', 'k2', 'k3', 'k4' and 3 more a type by `cast`"
