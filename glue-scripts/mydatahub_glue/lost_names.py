"""Names as the table entity_columns has them: what state/names.json is made from again when it is lost."""

from collections.abc import Iterable

from pyspark.sql import SparkSession

from mydatahub_glue.columns_table import COLUMNS_TABLE
from mydatahub_glue.loaded_table import LoadedTable
from mydatahub_glue.log import counted, say
from mydatahub_glue.naming import column_name
from mydatahub_glue.view_rules import ViewRules
from mydatahub_glue.wanted_views import Names

Row = tuple[str, str, str, str]
"""View, column, entity1, key."""


def lost_names(spark: SparkSession, catalog: str, database: str, rules: ViewRules) -> Names:
    """From the table, which must be there; names that a rule gives are not kept, since they go with their rule."""
    table = LoadedTable(spark, catalog, database, COLUMNS_TABLE)
    table.refresh()
    found = spark.sql(
        f"SELECT view_name, column_name, entity1, original_key FROM {table.sql_name} WHERE original_key IS NOT NULL"
    ).collect()
    say(f"state/names.json is not there; {counted(len(found), 'column')} of {database}.{COLUMNS_TABLE} say the names")
    return names_of(((row[0], row[1], row[2], row[3]) for row in found), rules)


def names_of(rows: Iterable[Row], rules: ViewRules) -> Names:
    """Of several views of one entity1 the shortest name is that of the first; further ones end in their number."""
    by_entity: dict[str, list[Row]] = {}
    for row in rows:
        by_entity.setdefault(row[2], []).append(row)
    views, more = dict[str, str](), dict[str, list[str]]()
    columns, placed = dict[str, dict[str, str]](), dict[str, dict[str, int]]()
    for entity1, some in by_entity.items():
        first, *others = sorted({row[0] for row in some}, key=lambda view: (len(view), view))
        rule = rules.of(entity1)
        renamed = {key: said.text for key, said in rule.rename.items()} if rule else {}
        views[entity1] = first
        columns[entity1] = {
            key: column for _, column, _, key in some if renamed.get(key) != column or column_name(key) == column
        }
        if others:
            more[entity1] = others
            placed[entity1] = {key: others.index(view) + 1 for view, _, _, key in some if view != first}
    return Names(views, columns, more, placed)
