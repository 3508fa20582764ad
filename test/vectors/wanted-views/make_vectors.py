"""Writes expected.json: the views that the publisher wants for cases.json. Run it when the SQL of views changes.

PYTHONPATH=glue-scripts python test/vectors/wanted-views/make_vectors.py
"""

import json
from pathlib import Path
from typing import Any

from mydatahub_glue.view_limits import size_of
from mydatahub_glue.view_rules import ViewRules
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views

HERE = Path(__file__).parent
SHOWN = 6
LONG = "long" * 70_000


def keys_of(given: list[Any]) -> list[str]:
    """The keys of one entity1, as cases.json writes them."""
    if len(given) == 3 and isinstance(given[1], int):
        return [given[0].replace("%d", str(number)) for number in range(given[1], given[2])]
    return [key.replace("%LONG%", LONG) for key in given]


def told(view: WantedView) -> dict[str, Any]:
    size = size_of(view.sql)
    columns = list(view.columns.items()) if len(view.columns) <= SHOWN else [min(view.columns), max(view.columns)]
    return {
        "view": view.name,
        "keys": len(view.columns),
        "columns": json.loads(json.dumps(columns).replace(LONG, "%LONG%")),
        "sql_columns": len(view.sql.columns),
        "athena_bytes": size.athena_bytes,
        "glue_characters": size.glue_characters,
        "problem": None if view.problem is None else view.problem.split(": ")[0],
    }


def expected(case: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The views of `keys`, and of `then`."""
    definition = Definition("lake_db", "entity_data", case.get("form", "auto"), ViewRules(tuple(case.get("rules", []))))
    names, found = Names.of_state(case.get("names")), []
    for keys in (case["keys"], case.get("then")):
        if keys is not None:
            names, wanted = wanted_views(definition, names, {one: set(keys_of(of)) for one, of in keys.items()})
            found.append([told(view) for view in wanted])
    return found


if __name__ == "__main__":
    cases = json.loads((HERE / "cases.json").read_text(encoding="utf-8"))["cases"]
    content = {case["title"]: expected(case) for case in cases}
    (HERE / "expected.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
