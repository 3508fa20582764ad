"""A multi-dialect view as the Glue Data Catalog holds it, and the SPARK dialect's way into it.

Rules of the API: https://docs.aws.amazon.com/lake-formation/latest/dg/views-api-usage.html
"""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mydatahub_glue.naming import VIEW_PREFIX

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

ATHENA = "ATHENA"
SPARK = "SPARK"
# What the documentation's examples use, and the only version seen for SPARK.
SPARK_DIALECT_VERSION = "1.0"
ATTEMPTS = 6


@dataclass(frozen=True)
class CatalogView:
    """`dialects` maps each present dialect to whether it is stale."""

    name: str
    columns: tuple[str, ...]
    dialects: dict[str, bool]

    def is_current(self, columns: Sequence[str]) -> bool:
        """Both dialects are there, neither is stale, and the columns are these."""
        return self.dialects == {ATHENA: False, SPARK: False} and self.columns == tuple(columns)


@dataclass(frozen=True)
class BaseTable:
    """What a SPARK dialect has to say about its origin beside the SQL."""

    database: str
    table_arn: str
    definer_arn: str


def _catalog_view(table: Any) -> CatalogView:
    representations = table.get("ViewDefinition", {}).get("Representations", [])
    columns = table.get("StorageDescriptor", {}).get("Columns", [])
    return CatalogView(
        name=table["Name"],
        columns=tuple(column["Name"] for column in columns),
        dialects={r["Dialect"]: bool(r.get("IsStale", False)) for r in representations},
    )


def entity_views(glue: "GlueClient", database: str) -> dict[str, CatalogView]:
    """All entity views of the database by name."""
    views: dict[str, CatalogView] = {}
    for page in glue.get_paginator("get_tables").paginate(DatabaseName=database, Expression=f"{VIEW_PREFIX}.*"):
        for table in page["TableList"]:
            if "ViewDefinition" in table:
                views[table["Name"]] = _catalog_view(table)
    return views


def read_view(glue: "GlueClient", database: str, name: str) -> CatalogView:
    return _catalog_view(glue.get_table(DatabaseName=database, Name=name)["Table"])


def put_spark_dialect(
    glue: "GlueClient",
    base: BaseTable,
    view: CatalogView,
    columns: Sequence[str],
    sql: str,
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Adds the SPARK dialect, or replaces the one that is there. Every column is a `string`.

    Raises RuntimeError with AWS's words where the API refuses it: then a Spark job with fine-grained access control
    can still add it, by `ALTER VIEW … ADD DIALECT AS …`.
    """
    present = SPARK in view.dialects
    request: dict[str, Any] = {
        "DatabaseName": base.database,
        "ViewUpdateAction": "REPLACE" if present else "ADD",
        "Force": present,
        "TableInput": {
            "Name": view.name,
            "TableType": "VIRTUAL_VIEW",
            "StorageDescriptor": {
                "Columns": [{"Name": column, "Type": "string"} for column in columns],
                "SerdeInfo": {},
            },
            "ViewDefinition": {
                "IsProtected": True,
                "Definer": base.definer_arn,
                "SubObjects": [base.table_arn],
                "Representations": [
                    {
                        "Dialect": SPARK,
                        "DialectVersion": SPARK_DIALECT_VERSION,
                        "ViewOriginalText": sql,
                        "ViewExpandedText": sql,
                    }
                ],
            },
        },
    }
    for attempt in range(1, ATTEMPTS + 1):
        try:
            glue.update_table(**request)
            return
        except ClientError as error:
            code = error.response["Error"]["Code"]
            if code in ("ConcurrentModificationException", "ResourceNotReadyException") and attempt < ATTEMPTS:
                sleep(random.random() * 0.1 * 2**attempt)
                continue
            action, said = request["ViewUpdateAction"], error.response["Error"]["Message"]
            raise RuntimeError(
                f"glue:UpdateTable {action} of the SPARK dialect was refused: {said} ({code})\n"
                "  cure: in a Glue Spark job with fine-grained access control, as the definer, run\n"
                f"        ALTER VIEW {base.database}.{view.name} {'UPDATE' if present else 'ADD'} DIALECT AS …"
            ) from error
