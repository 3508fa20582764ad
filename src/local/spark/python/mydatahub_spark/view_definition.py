"""What Spark gets to see of one multi-dialect view of the Data Catalog."""

from dataclasses import dataclass
from typing import Any

from mydatahub_spark.catalogs import DEFINERS_CATALOG, SESSION_CATALOG
from mydatahub_spark.quoting import identifier, literal
from mydatahub_spark.view_statements import replaced_catalog


@dataclass(frozen=True)
class Definition:
    """`columns` as a DDL list, `text` the query that is run for the view."""

    columns: str
    text: str
    owner: str


def definition(database: str, table: dict[str, Any]) -> Definition:
    """The SPARK dialect of a Glue table entry, or a query that fails with the reason why there is none."""
    found = table.get("StorageDescriptor", {}).get("Columns", [])
    view = table["ViewDefinition"]
    columns = ", ".join(f"{identifier(column['Name'])} {column['Type']}" for column in found)
    name = f"{database}.{table['Name']}"
    spark = [each for each in view.get("Representations", []) if each.get("Dialect") == "SPARK"]
    owner = str(view.get("Definer", ""))
    if not spark:
        reason = (
            f"View {name} has no SPARK dialect, so Spark cannot read it. "
            f"Cure: ALTER VIEW {name} ADD DIALECT AS <query> in Spark, or publish the views again"
        )
    elif spark[0].get("IsStale"):
        reason = (
            f"The SPARK dialect of view {name} is stale: another dialect was changed with FORCE, or a base "
            f"table changed. Cure: ALTER VIEW {name} FORCE UPDATE DIALECT AS <query> in Spark, or publish "
            "the views again"
        )
    else:
        return Definition(columns, by_definer(str(spark[0]["ViewOriginalText"])), owner)
    return Definition(columns, _refusal(reason, found), owner)


def by_definer(text: str) -> str:
    """A view's text with its tables looked up in the definers' catalog, also where it names the session catalog."""
    return replaced_catalog(text, SESSION_CATALOG, DEFINERS_CATALOG)


def _refusal(reason: str, columns: list[dict[str, str]]) -> str:
    """A query with the view's columns that fails with a reason once run, whichever columns are asked for."""
    nulls = ", ".join(f"CAST(NULL AS {each['Type']}) AS {identifier(each['Name'])}" for each in columns)
    return f"SELECT {nulls or 'NULL AS unknown'} FROM (SELECT 1) WHERE raise_error({literal(reason)}) IS NULL"
