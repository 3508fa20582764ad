"""Prepares each Spark session that the script makes: endpoints of its catalogs, databases and views."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from botocore.exceptions import ClientError
from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.conf import RuntimeConfig

from mydatahub_spark import catalogs, view_statements, without_views
from mydatahub_spark.run import Run
from mydatahub_spark.view_changes import ViewChanges
from mydatahub_spark.views import Views

_SHOW_VIEWS = re.compile(r"\s*SHOW\s+VIEWS\b", re.IGNORECASE)
_SHOW_TABLES = re.compile(
    r"\s*SHOW\s+TABLES(?:\s+(?:FROM|IN)\s+(?P<database>[^\s;]+))?(?:\s+(?:LIKE\s+)?'(?P<pattern>[^']*)')?[\s;]*",
    re.IGNORECASE,
)

_views: Views | None = None


def install(run: Run) -> None:
    """Makes every SparkSession of this process a local lake's one, from its first use on."""
    global _views
    views = _views = Views(run)
    original_init = SparkSession.__init__
    original_set = RuntimeConfig.set

    @wraps(original_init)
    def init(self: SparkSession, *args: Any, **options: Any) -> None:
        original_init(self, *args, **options)
        settings = catalogs.settings(self)
        catalogs.refuse_named(run, settings)
        definers = catalogs.definers_catalog(run, settings)
        for key, value in (definers | catalogs.endpoints(run, settings | definers)).items():
            original_set(self.conf, key, value)
        views.refresh(self)

    @wraps(original_set)
    def set_option(self: RuntimeConfig, key: str, value: Any) -> None:
        catalogs.refuse_named(run, {key: str(value)})
        original_set(self, key, value)
        if key.startswith(catalogs.PREFIX):
            session = SparkSession.getActiveSession()
            if session is not None:
                for name, local in catalogs.endpoints(run, catalogs.settings(session)).items():
                    original_set(self, name, local)

    _replace(SparkSession, "__init__", init)
    _replace(RuntimeConfig, "set", set_option)
    if run.fine_grained:
        _replace(SparkSession, "sql", _sql_with_views(run, views))
        _replace(SparkSession, "table", _table_without_definers())
    else:
        _replace(SparkSession, "sql", without_views.explained(SparkSession.sql, views))
        _replace(SparkSession, "table", without_views.explained(SparkSession.table, views))


def _sql_with_views(run: Run, views: Views) -> Callable[..., DataFrame]:
    """`SparkSession.sql` with the view statements that Glue's Spark knows under fine-grained access control."""
    original = SparkSession.sql
    changes = ViewChanges(run, views, lambda session, query: original(session, query))

    @wraps(original)
    def sql(self: SparkSession, sqlQuery: str, *args: Any, **options: Any) -> DataFrame:
        catalogs.refuse_definers(sqlQuery)
        if _SHOW_VIEWS.match(sqlQuery):
            # With its extensions Spark asks Iceberg, which has none; the built-in catalog holds views only.
            shown = original(self, _SHOW_VIEWS.sub("SHOW TABLES", sqlQuery), *args, **options)
            return shown.withColumnRenamed("tableName", "viewName")
        if tables := _SHOW_TABLES.fullmatch(sqlQuery):
            database = tables["database"] or self.catalog.currentDatabase()
            names = views.iceberg_tables(database.replace("`", "").rpartition(".")[2], tables["pattern"])
            shown = original(self, sqlQuery, *args, **options)
            return shown.union(self.createDataFrame([(*name, False) for name in names], shown.schema))
        statement = view_statements.parse(sqlQuery)
        if statement is not None:
            try:
                result = changes.carry_out(self, statement)
            except ClientError as refusal:
                error = refusal.response["Error"]
                raise AnalysisException(f"{error['Code']}: {error['Message']}") from refusal
            if result is not None:
                return result
        return original(self, sqlQuery, *args, **options)

    return sql


def _table_without_definers() -> Callable[..., DataFrame]:
    original = SparkSession.table

    @wraps(original)
    def table(self: SparkSession, tableName: str) -> DataFrame:
        catalogs.refuse_definers(tableName)
        return original(self, tableName)

    return table


def refresh_views(session: SparkSession) -> None:
    """Registers the catalog's views as they are now."""
    if _views is not None:
        _views.refresh(session)


def _replace(owner: type, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)
