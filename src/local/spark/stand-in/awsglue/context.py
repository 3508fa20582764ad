"""GlueContext as far as plain Spark scripts use it: the way to the Spark session."""

import logging
from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession


class GlueContext:
    """Holds the Spark session. DynamicFrames are not modelled: asking for one names what is missing."""

    def __init__(self, sparkContext: SparkContext, **_options: Any) -> None:
        self._sc = sparkContext
        self.spark_session = SparkSession.builder.getOrCreate()

    def get_logger(self) -> logging.Logger:
        return logging.getLogger("GlueLogger")

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(
            f"GlueContext.{name} is not modelled by the local lake, which knows plain Spark only.\n"
            "  cure: use glueContext.spark_session with DataFrames, which runs on AWS Glue too"
        )
