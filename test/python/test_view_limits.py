"""What a view may have: when it becomes several, and that a column stays in the view it is in."""

import pytest

from mydatahub_glue.pivot import Form
from mydatahub_glue.view_limits import LONGEST_ATHENA_STATEMENT, size_of
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views

NO_NAMES = Names({}, {}, {}, {})
MANY = {f"{i:020d}" for i in range(7000)}


def want(known: Names, keys: dict[str, set[str]], form: Form = "auto") -> tuple[Names, list[WantedView]]:
    return wanted_views(Definition("iceberg_db", "entity_data", form), known, keys)


def homes(wanted: list[WantedView]) -> dict[str, str]:
    """Key -> view."""
    return {key: view.name for view in wanted for key in view.columns}


@pytest.mark.parametrize("form", ["chunked", "case"])
def test_a_view_that_would_pass_a_limit_becomes_several_full_ones(form: Form) -> None:
    _, wanted = want(NO_NAMES, {"wide": MANY, "small": {"a"}}, form)
    assert wanted[0].name == "entity_view_small"
    names = [view.name for view in wanted[1:]]
    assert names == ["entity_view_wide", *(f"entity_view_wide_{n}" for n in range(2, len(names) + 1))]
    assert set(homes(wanted)) == {"a", *MANY}
    assert sum(len(view.columns) for view in wanted) == 7001
    for view in wanted[1:]:
        assert (view.number, view.of) == (names.index(view.name) + 1, len(names))
        assert len(view.sql.athena.encode()) < LONGEST_ATHENA_STATEMENT
    assert all(size_of(view.sql).most > 0.99 for view in wanted[1:-1])


def test_a_column_stays_in_its_view_and_new_keys_go_to_the_last_one() -> None:
    names, before = want(NO_NAMES, {"wide": MANY})
    more = {*MANY, "!first of all", "~last of all"}
    names, after = want(Names.of_state(names.to_state()), {"wide": more})
    assert {key: view for key, view in homes(after).items() if key in MANY} == homes(before)
    last = after[-1].name
    assert {homes(after)[key] for key in more - MANY} == {last}
    assert [a.sql.hash == b.sql.hash for a, b in zip(before, after, strict=True)] == [True] * (len(after) - 1) + [False]


def test_the_columns_of_a_view_that_overflows_later_stay_in_it() -> None:
    some = {key for key in MANY if key >= f"{3500:020d}"}
    names, before = want(NO_NAMES, {"wide": some})
    first = homes(before)
    _, after = want(names, {"wide": MANY})
    assert {key: view for key, view in homes(after).items() if key in some} == first


def test_keys_that_are_gone_leave_the_others_where_they_are() -> None:
    names, before = want(NO_NAMES, {"wide": MANY})
    left = {key for key in MANY if homes(before)[key] == "entity_view_wide_2"}
    _, after = want(names, {"wide": left})
    assert [(view.name, len(view.columns)) for view in after] == [
        ("entity_view_wide", 0),
        ("entity_view_wide_2", len(left)),
    ]


def test_a_numbered_name_that_is_taken_gets_a_suffix_and_is_taken_itself() -> None:
    names, _ = want(NO_NAMES, {"wide 2": {"a"}})
    names, wanted = want(names, {"wide 2": {"a"}, "wide": MANY})
    views = sorted({view.name for view in wanted})
    assert views[:2] == ["entity_view_wide", "entity_view_wide_2"]
    assert all(view.startswith(("entity_view_wide_2_", "entity_view_wide_3")) for view in views[2:])
    third = names.more["wide"][0]
    _, wanted = want(names, {"wide": MANY, third.removeprefix("entity_view_"): {"a"}})
    assert len({view.name for view in wanted}) == len(wanted)
