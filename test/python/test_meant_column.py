"""The column that an expression most likely means by a name that none has."""

import pytest

from mydatahub_glue.meant_column import meant_column
from mydatahub_glue.naming import assign_columns
from mydatahub_glue.view_rules import Said

COLUMNS = assign_columns(
    [
        *("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "island", "sex", "species", "year"),
        *("Fur (cm)", "fur_cm", "Date Egg", "studyName", "Delta 15 N"),
    ],
    {},
)
RENAME = {"body_mass_g": Said(3, "mass")}


@pytest.mark.parametrize(
    ("missing", "column"),
    [
        ("bill_lenght_mm", "bill_length_mm"),
        ("BillLength", "bill_length_mm"),
        ("BILL_DEPTH_MM", "bill_depth_mm"),
        ("billdepth", "bill_depth_mm"),
        ("depth", "bill_depth_mm"),
        ("Flipper", "flipper_length_mm"),
        ("body_mass", "body_mass_g"),
        ("mass_g", "body_mass_g"),
        ("mass", "body_mass_g"),
        ("island2", "island"),
        ("Island", "island"),
        ("SEX", "sex"),
        ("sx", "sex"),
        ("yaer", "year"),
        ("egg_date", "date_egg"),
        ("studyName", "studyname"),
        ("delta15N", "delta_15_n"),
        ("fur_cm_", "fur_cm"),
        ("entity_4", "entity4"),
        ("Entity 2", "entity2"),
    ],
)
def test_a_slip_is_put_down_to_the_column_that_is_most_like_it(missing: str, column: str) -> None:
    told = f"{missing!r} is the key of {column}" if missing in COLUMNS else f"most like {missing}: {column}"
    assert meant_column(missing, COLUMNS, {}) == told


def test_a_key_is_put_down_to_its_own_column_whatever_that_is_like() -> None:
    assert COLUMNS["fur_cm"] != "fur_cm"
    assert meant_column("Fur (cm)", COLUMNS, {}) == "'Fur (cm)' is the key of fur_cm"
    assert meant_column("Date Egg", COLUMNS, {}) == "'Date Egg' is the key of date_egg"


def test_a_renamed_column_is_told_by_the_name_that_it_has_now() -> None:
    renamed = {**COLUMNS, "body_mass_g": "mass"}
    assert meant_column("body_mass_g", renamed, RENAME) == "a `rename` names body_mass_g mass"
    assert meant_column("Body_Mass_G", renamed, RENAME) == "a `rename` names Body_Mass_G mass"
    assert meant_column("body_mas_g", renamed, RENAME) == "a `rename` names body_mass_g mass"


@pytest.mark.parametrize("missing", ["rain", "x", "mm", "g", "n", "weight", "gender", "eye", ""])
def test_nothing_is_offered_that_is_not_like_it(missing: str) -> None:
    assert meant_column(missing, COLUMNS, {}) is None
