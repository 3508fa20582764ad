"""Snapshot properties for commits that Spark SQL makes, where no write option reaches."""

from collections.abc import Callable, Mapping
from typing import Any

from pyspark.java_gateway import ensure_callback_server_started
from pyspark.sql import SparkSession


class _Callable:
    """A java.util.concurrent.Callable around a Python function; its exception is kept for the caller."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self.error: Exception | None = None

    def call(self) -> None:
        try:
            self._work()
        except Exception as error:
            self.error = error

    class Java:
        implements = ("java.util.concurrent.Callable",)


def with_commit_properties(spark: SparkSession, properties: Mapping[str, str], work: Callable[[], None]) -> None:
    """Runs `work` so that the snapshot which it commits carries `properties`.

    Iceberg keeps them by Java thread, and PySpark runs a callback on the thread that asked for it.
    https://iceberg.apache.org/docs/1.10.0/spark-configuration/#commit-metadata
    """
    context: Any = spark.sparkContext
    start_callbacks: Any = ensure_callback_server_started
    start_callbacks(context._gateway)
    jvm = context._jvm
    values = jvm.java.util.HashMap()
    for name, value in properties.items():
        values.put(name, value)
    callback = _Callable(work)
    jvm.org.apache.iceberg.spark.CommitMetadata.withCommitProperties(
        values, callback, jvm.java.lang.RuntimeException().getClass()
    )
    if callback.error is not None:
        raise callback.error
