"""The Iceberg catalogs of a Spark session, and the settings that keep them on this machine."""

import re
from typing import Any, cast

from pyspark.sql import SparkSession

from mydatahub_spark.run import Run

PREFIX = "spark.sql.catalog."
SESSION_CATALOG = "spark_catalog"
ICEBERG_SESSION_CATALOG = "org.apache.iceberg.spark.SparkSessionCatalog"
ICEBERG_CATALOGS = ("org.apache.iceberg.spark.SparkCatalog", ICEBERG_SESSION_CATALOG)
GLUE_CATALOG = "org.apache.iceberg.aws.glue.GlueCatalog"
# Where views find their base tables, which their readers may have no access to. Not for the script's own use.
DEFINERS_CATALOG = "mydatahub_definers"
# Paths of the gateway's Glue at which Lake Formation lets whole tables be read, or what views read for their readers.
TABLES_PATH = "/_fine-grained-access/tables"
VIEWS_PATH = "/_fine-grained-access/views"

_CATALOG = re.compile(r"spark\.sql\.catalog\.([^.]+)")


def settings(session: SparkSession) -> dict[str, str]:
    """Every setting of a session that concerns a catalog."""
    java: Any = session
    found = java._jvm.scala.collection.JavaConverters.mapAsJavaMap(java._jsparkSession.conf().getAll())
    return {key: str(found[key]) for key in list(found) if key.startswith(PREFIX)}


def names(found: dict[str, str]) -> dict[str, str]:
    """Catalog name to its class."""
    return {match[1]: value for key, value in found.items() if (match := _CATALOG.fullmatch(key))}


def endpoints(run: Run, found: dict[str, str]) -> dict[str, str]:
    """What the local lake sets for each Iceberg catalog on Glue, over whatever the job says.

    Spark reads a catalog's settings when the catalog is first used: in time right after the session
    is made. A catalog without type and catalog-impl uses Spark's metastore, on AWS Glue the Data Catalog.
    """
    wanted: dict[str, str] = {}
    for name, implementation in names(found).items():
        prefix = f"{PREFIX}{name}."
        kind = found.get(prefix + "catalog-impl") or found.get(prefix + "type")
        if implementation not in ICEBERG_CATALOGS or kind not in (None, GLUE_CATALOG, "glue", "hive"):
            continue
        if kind in (None, "hive"):
            wanted |= {
                prefix + "catalog-impl": GLUE_CATALOG,
                prefix + "io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
            }
        wanted |= {
            prefix + "glue.endpoint": run.glue_endpoint + _path(run, name),
            prefix + "s3.endpoint": run.s3_endpoint,
            prefix + "s3.path-style-access": "true",
            prefix + "s3.access-key-id": run.data_keys.access_key_id,
            prefix + "s3.secret-access-key": run.data_keys.secret_access_key,
            prefix + "client.region": run.region,
            # Two catalogs over the same tables must see each other's commits.
            prefix + "cache-enabled": "false",
        }
        if run.data_keys.session_token is not None:
            wanted[prefix + "s3.session-token"] = run.data_keys.session_token
    return wanted


def _path(run: Run, name: str) -> str:
    if not run.fine_grained:
        return ""
    return VIEWS_PATH if name == DEFINERS_CATALOG else TABLES_PATH


def definers_catalog(run: Run, found: dict[str, str]) -> dict[str, str]:
    """The catalog in which the texts of views are read, made as the session catalog is."""
    if not run.fine_grained or found.get(PREFIX + SESSION_CATALOG) != ICEBERG_SESSION_CATALOG:
        return {}
    prefix = f"{PREFIX}{SESSION_CATALOG}."
    same = {
        f"{PREFIX}{DEFINERS_CATALOG}.{key.removeprefix(prefix)}": value
        for key, value in found.items()
        if key.startswith(prefix)
    }
    return {PREFIX + DEFINERS_CATALOG: "org.apache.iceberg.spark.SparkCatalog", **same}


def refuse_definers(text: str) -> None:
    """Scripts reach base tables by views only."""
    if DEFINERS_CATALOG in text.lower():
        raise PermissionError(f"Catalog '{DEFINERS_CATALOG}' belongs to Lake Formation; write database.table instead")


def refuse_named(run: Run, found: dict[str, str]) -> None:
    """Under fine-grained access control, Iceberg is there by the session catalog only."""
    foreign = sorted(name for name in names(found) if name not in (SESSION_CATALOG, DEFINERS_CATALOG))
    if run.fine_grained and foreign:
        raise PermissionError(
            f"Catalog '{foreign[0]}' cannot be used with --enable-lakeformation-fine-grained-access: "
            "Apache Iceberg is supported with the session catalog spark_catalog only, not with arbitrarily "
            f"named catalogs.\n  cure: write database.table instead of {foreign[0]}.database.table, "
            "and configure spark.sql.catalog.spark_catalog"
        )


def session_catalog_is_iceberg(session: SparkSession) -> bool:
    return names(settings(session)).get(SESSION_CATALOG) == ICEBERG_SESSION_CATALOG


def external_catalog(session: SparkSession) -> Any:
    """Spark's built-in catalog (JVM object), which holds databases and views in memory."""
    return cast(Any, session)._jsparkSession.sharedState().externalCatalog()
