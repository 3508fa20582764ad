"""Keeps Spark's built-in catalog in step with the Data Catalog: databases, and SPARK dialects of views."""

import fnmatch
import re
import threading
from collections.abc import Iterator
from typing import Any, cast

import boto3
from botocore.config import Config
from pyspark.sql import SparkSession

from mydatahub_spark import catalogs
from mydatahub_spark.run import Run
from mydatahub_spark.view_definition import Definition, definition


class Views:
    """The views registered in this process.

    With fine-grained access control each multi-dialect view of the Data Catalog is a view of Spark's session
    catalog under the same name. Without it none is, so that reading one fails, as on AWS Glue.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self._registered: dict[tuple[str, str], Definition] = {}
        self._glue: Any = None
        self._refreshing = threading.Lock()

    @property
    def glue(self) -> Any:
        if self._glue is None:
            self._glue = boto3.client(
                "glue",
                endpoint_url=self._run.glue_endpoint,
                region_name=self._run.region,
                aws_access_key_id=self._run.keys.access_key_id,
                aws_secret_access_key=self._run.keys.secret_access_key,
                aws_session_token=self._run.keys.session_token,
                config=Config(retries={"mode": "standard", "max_attempts": 5}),
            )
        return self._glue

    def refresh(self, session: SparkSession) -> None:
        """Registers what is new or changed in the Data Catalog, and removes what is gone from it.

        One at a time: a listing that is older than another one must not be applied after it.
        """
        with self._refreshing:
            self._refresh(session)

    def _refresh(self, session: SparkSession) -> None:
        if not self._run.fine_grained and not catalogs.session_catalog_is_iceberg(session):
            return
        databases = [database["Name"] for database in self._pages("get_databases", "DatabaseList")]
        self._register_databases(session, databases)
        if not self._run.fine_grained:
            return
        wanted = {
            (database, table["Name"]): definition(database, table)
            for database in databases
            for table in self._pages("get_tables", "TableList", DatabaseName=database)
            if table.get("ViewDefinition")
        }
        external = catalogs.external_catalog(session)
        for database, name in [key for key in self._registered if self._registered[key] != wanted.get(key)]:
            external.dropTable(database, name, True, True)
            del self._registered[database, name]
        for (database, name), view in wanted.items():
            if (database, name) not in self._registered:
                external.createTable(_table(session, database, name, view), True)
                self._registered[database, name] = view

    def is_view(self, database: str, name: str) -> bool:
        """Whether the Data Catalog has a multi-dialect view of this name."""
        if not database or not name:
            return False
        try:
            table = self.glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self.glue.exceptions.EntityNotFoundException:
            return False
        return bool(table.get("ViewDefinition"))

    def iceberg_tables(self, database: str, pattern: str | None) -> list[tuple[str, str]]:
        """Database and name of its Iceberg tables, which Spark's built-in catalog does not hold.

        `pattern` as in SHOW TABLES: `*` for any characters, `|` between alternatives.
        """
        wanted = re.compile("|".join(map(fnmatch.translate, (pattern or "*").split("|"))), re.IGNORECASE)
        return [
            (database, table["Name"])
            for table in self._pages("get_tables", "TableList", DatabaseName=database)
            if table.get("Parameters", {}).get("table_type", "").upper() == "ICEBERG"
            and wanted.fullmatch(table["Name"])
        ]

    def _pages(self, operation: str, member: str, **arguments: str) -> Iterator[dict[str, Any]]:
        for page in self.glue.get_paginator(operation).paginate(**arguments):
            yield from page[member]

    def _register_databases(self, session: SparkSession, databases: list[str]) -> None:
        jvm = cast(Any, session)._jvm
        external = catalogs.external_catalog(session)
        for name in databases:
            if not external.databaseExists(name):
                location = jvm.java.io.File(f"spark-warehouse/{name}.db").toURI()
                database = jvm.org.apache.spark.sql.catalyst.catalog.CatalogDatabase(
                    name, "", location, jvm.PythonUtils.toScalaMap({})
                )
                external.createDatabase(database, True)


def _table(session: SparkSession, database: str, name: str, view: Definition) -> Any:
    """The CatalogTable (JVM object) of a view.

    Made without analysing its text: a text that does not work fails when it is read, and registering many
    views stays cheap. Without `view.query.out.*` Spark takes the text's columns by the names of the schema.
    """
    jvm = cast(Any, session)._jvm
    catalyst = jvm.org.apache.spark.sql.catalyst
    none = jvm.scala.Option.empty()
    text = jvm.scala.Option.apply(view.text)
    module = getattr(catalyst.catalog, "CatalogTableType$")
    properties = {
        "view.catalogAndNamespace.numParts": "2",
        # Names in the text are looked up here: the definer's tables, not the reader's.
        "view.catalogAndNamespace.part.0": catalogs.DEFINERS_CATALOG,
        "view.catalogAndNamespace.part.1": database,
        "view.sqlConfig.spark.sql.session.timeZone": "UTC",
    }
    empty = jvm.PythonUtils.toSeq([])
    return catalyst.catalog.CatalogTable(
        catalyst.TableIdentifier(name, jvm.scala.Option.apply(database)),
        getattr(module, "MODULE$").VIEW(),
        getattr(getattr(catalyst.catalog, "CatalogStorageFormat$"), "MODULE$").empty(),
        getattr(getattr(jvm.org.apache.spark.sql.types, "StructType$"), "MODULE$").fromDDL(view.columns),
        none,  # provider
        empty,  # partition columns
        none,  # buckets
        view.owner,
        0,  # created
        -1,  # last access
        "",  # created by version
        jvm.PythonUtils.toScalaMap(properties),
        none,  # statistics
        text,
        none,  # comment
        empty,  # unsupported features
        False,  # partitions tracked by the catalog
        True,  # the schema preserves case
        jvm.PythonUtils.toScalaMap({}),
        text,
    )
