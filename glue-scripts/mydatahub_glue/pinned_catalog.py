"""A twin of a Spark catalog in which a table stays as it was loaded, until it is refreshed on purpose."""

from typing import Any

from pyspark.sql import SparkSession

_PREFIX = "spark.sql.catalog."


def pinned_catalog(spark: SparkSession, catalog: str) -> str:
    """The twin's name; it is made at the first call.

    What a plan was made from and what Iceberg validates a commit against must be the same snapshot. Iceberg validates
    from the snapshot of the table that Spark has loaded, and only a catalog whose cache never expires loads once.
    https://iceberg.apache.org/docs/1.10.0/spark-configuration/#catalog-configuration (cache-enabled)
    """
    twin = f"{catalog}_pinned"
    if spark.conf.get(_PREFIX + twin, None) is None:
        java: Any = spark
        found = java._jvm.scala.collection.JavaConverters.mapAsJavaMap(java._jsparkSession.conf().getAll())
        own = _PREFIX + catalog
        for key in list(found):
            if key == own or key.startswith(own + "."):
                spark.conf.set(_PREFIX + twin + key[len(own) :], found[key])
        spark.conf.set(f"{_PREFIX}{twin}.cache-enabled", "true")
        spark.conf.set(f"{_PREFIX}{twin}.cache.expiration-interval-ms", "-1")
    return twin
