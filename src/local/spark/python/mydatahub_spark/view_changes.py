"""Carries out statements about multi-dialect views in the Data Catalog, as Glue's Spark does."""

import json
from collections.abc import Callable
from typing import Any, cast

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import StructType

from mydatahub_spark.quoting import identifier
from mydatahub_spark.run import Run
from mydatahub_spark.view_statements import ViewStatement
from mydatahub_spark.views import Views

# The version that AWS's examples give for the SPARK dialect.
DIALECT = {"Dialect": "SPARK", "DialectVersion": "1.0"}


class ViewChanges:
    def __init__(self, run: Run, views: Views, sql: Callable[[SparkSession, str], DataFrame]) -> None:
        self._run = run
        self._views = views
        self._sql = sql

    def carry_out(self, session: SparkSession, statement: ViewStatement) -> DataFrame | None:
        """The statement's result; None when it is about no multi-dialect view, so that Spark itself has to do it.

        Raises AnalysisException when the query does not work or Glue refuses the change.
        """
        database, name = self._location(session, statement.name)
        glue = self._views.glue
        existing = self._view(database, name)
        if statement.action == "DROP VIEW":
            if existing is None:
                return None
            glue.delete_table(DatabaseName=database, Name=name)
        elif statement.action == "CREATE":
            if existing is not None and statement.if_not_exists:
                return _nothing(session)
            table = self._table(session, database, name, statement)
            if statement.dry_run:
                return session.createDataFrame([(json.dumps(table, indent=2),)], "json string")
            if existing is None or not statement.or_replace:
                glue.create_table(DatabaseName=database, TableInput=table)
            else:
                _refuse_other_dialects(existing, f"{database}.{name}")
                self._update(database, table, "REPLACE", force=True)
        elif statement.action == "DROP DIALECT":
            table = {"Name": name, "ViewDefinition": {"Representations": [DIALECT]}}
            self._update(database, table, "DROP", force=False)
        else:
            table = self._table(session, database, name, statement)
            # Only a CREATE names the definer: it stays the same for the life of the view.
            del table["ViewDefinition"]["Definer"]
            action = "ADD" if statement.action == "ADD" else "REPLACE"
            self._update(database, table, action, force=statement.force)
        self._views.refresh(session)
        return _nothing(session)

    def _update(self, database: str, table: dict[str, Any], action: str, force: bool) -> None:
        self._views.glue.update_table(DatabaseName=database, TableInput=table, ViewUpdateAction=action, Force=force)

    def _view(self, database: str, name: str) -> dict[str, Any] | None:
        glue = self._views.glue
        try:
            table: dict[str, Any] = glue.get_table(DatabaseName=database, Name=name)["Table"]
        except glue.exceptions.EntityNotFoundException:
            return None
        return table if table.get("ViewDefinition") else None

    def _location(self, session: SparkSession, name: list[str]) -> tuple[str, str]:
        """Database and view name in lower case, as the Data Catalog keeps them."""
        parts = [part.lower() for part in name]
        if len(parts) == 3 and parts[0] == "spark_catalog":
            parts = parts[1:]
        if len(parts) == 1:
            parts = [session.catalog.currentDatabase().lower(), *parts]
        if len(parts) != 2:
            raise AnalysisException(
                f"View name {'.'.join(name)} is not of the form database.view: Data Catalog views belong to "
                "the session catalog spark_catalog"
            )
        return parts[0], parts[1]

    def _table(self, session: SparkSession, database: str, name: str, statement: ViewStatement) -> dict[str, Any]:
        """The TableInput of a view: columns and base tables as Spark finds them by analysing the query."""
        frame = self._sql(session, statement.query)
        names = statement.columns or frame.columns
        if len(names) != len(frame.columns):
            raise AnalysisException(
                f"View {database}.{name} names {len(names)} columns and its query has {len(frame.columns)}"
            )
        types = [each.dataType.simpleString() for each in frame.schema.fields]
        query = statement.query
        if statement.columns:
            query = f"SELECT * FROM (\n{query}\n) AS renamed({', '.join(map(identifier, statement.columns))})"
        text = {"ViewOriginalText": query, "ViewExpandedText": query}
        return {
            "Name": name,
            "TableType": "VIRTUAL_VIEW",
            "StorageDescriptor": {
                "Columns": [
                    {"Name": column.lower(), "Type": type_} for column, type_ in zip(names, types, strict=True)
                ],
                "SerdeInfo": {},
            },
            "ViewDefinition": {
                "IsProtected": True,
                "Definer": self._run.role,
                "SubObjects": [
                    f"arn:aws:glue:{self._run.region}:{self._run.account_id}:table/{table.replace('.', '/')}"
                    for table in _base_tables(session, frame)
                ],
                "Representations": [DIALECT | text],
            },
        }


def _base_tables(session: SparkSession, frame: DataFrame) -> list[str]:
    """`database.table` of what a query reads. Raises AnalysisException when it reads a view."""
    converters = cast(Any, session)._jvm.scala.collection.JavaConverters
    found: set[str] = set()
    waiting = [frame._jdf.queryExecution().analyzed()]
    while waiting:
        node = waiting.pop()
        kind = node.getClass().getSimpleName()
        if kind == "View":
            raise AnalysisException(
                f"A Data Catalog view cannot reference another view: {node.desc().identifier().unquotedString()}"
            )
        if kind == "DataSourceV2Relation" and node.identifier().isDefined():
            found.add(str(node.identifier().get()).lower())
        for below in (node.children(), node.subqueries()):
            waiting.extend(converters.seqAsJavaList(below))
    return sorted(found)


def _refuse_other_dialects(view: dict[str, Any], name: str) -> None:
    others = {each["Dialect"] for each in view["ViewDefinition"]["Representations"]} - {"SPARK"}
    if others:
        raise AnalysisException(
            f"A Data Catalog view cannot be replaced if SQL dialects from other engines are present in the view: "
            f"{name} has {', '.join(sorted(others))}.\n"
            f"  cure: ALTER VIEW {name} FORCE UPDATE DIALECT AS <query>, then update the other dialect too"
        )


def _nothing(session: SparkSession) -> DataFrame:
    return session.createDataFrame([], StructType([]))
