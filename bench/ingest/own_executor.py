"""Comes before a job's script: Spark with its executor in a Java machine of its own, as AWS Glue has it.

On one machine the driver does the executors' work too, so its memory would hold theirs. Spark's `local-cluster` parts
them; it keeps the executor's files under SPARK_HOME, which therefore is a folder of this run.
"""

import os
import tempfile
from pathlib import Path

import pyspark
from pyspark import SparkConf, SparkContext
from pyspark.sql import SparkSession

home = Path(tempfile.mkdtemp(prefix="spark-home-"))
for part in Path(pyspark.__file__).parent.iterdir():
    (home / part.name).symlink_to(part)
os.environ["SPARK_HOME"] = str(home)
SparkContext._ensure_initialized()
conf = SparkConf()
settings = {
    "spark.master": "local-cluster[1,2,3072]",
    "spark.executor.memory": "3g",
    "spark.executor.extraClassPath": conf.get("spark.driver.extraClassPath", ""),
    "spark.executor.extraJavaOptions": conf.get("spark.driver.extraJavaOptions", ""),
}
builder = SparkSession.builder
for key, value in settings.items():
    builder = builder.config(key, value)
builder.getOrCreate()
