"""Makes the data of `make bench-views`, and times both forms of the views in Spark.

Usage: spark_views.py SETTINGS. SETTINGS is JSON: `endpoint` (Glue and S3), `jars`, `folder`, `keys` (list of numbers),
`rounds`, `cap` (seconds), `most_cases` (the most keys at which `case` reads all columns) and `rows`. Standard output
has a JSON object in each line: first the SQL of the views, then figures.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from pyspark.sql import SparkSession

from mydatahub_glue.entity_table import EntityTable
from mydatahub_glue.fingerprint import fingerprint_query
from mydatahub_glue.pivot import Form, ViewSql, view_sql

DATABASE, TABLE = "bench_db", "entity_data"
BUCKET = "s3://bench"
FORMS: tuple[Form, ...] = ("chunked", "case")


def session(settings: dict[str, Any]) -> SparkSession:
    """Spark as a driver of AWS Glue has it (JIT and all), on two cores."""
    catalog = "spark.sql.catalog.glue_catalog"
    conf = {
        "spark.master": "local[2]",
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraClassPath": f"{settings['jars']}/*",
        "spark.local.dir": settings["folder"],
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.warehouse.dir": f"{settings['folder']}/warehouse",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": f"{BUCKET}/",
        f"{catalog}.client.region": "us-east-1",
        f"{catalog}.glue.endpoint": settings["endpoint"],
        f"{catalog}.s3.endpoint": settings["endpoint"],
        f"{catalog}.s3.path-style-access": "true",
    }
    builder = SparkSession.builder.appName("bench-views")
    for name, value in conf.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def entity1(keys: int) -> str:
    return f"k{keys}"


def make_data(spark: SparkSession, settings: dict[str, Any]) -> None:
    """For each number of keys an entity1 of `rows` pairs: 1 in 20 is missing, 1 in 50 there twice, 1 in 33 NULL."""
    spark.sql(f"CREATE NAMESPACE IF NOT EXISTS glue_catalog.{DATABASE}")
    table = EntityTable(spark, "glue_catalog", DATABASE, TABLE, f"{BUCKET}/{TABLE}")
    table.ensure("sync")
    for keys in settings["keys"]:
        spark.range(settings["rows"]).createOrReplaceTempView("ids")
        one = (
            f"SELECT '{entity1(keys)}' AS entity1, concat('entity ', id DIV {keys}) AS entity2, "
            f"concat('site ', id DIV {keys} % 7) AS entity3, 'x' AS entity4, "
            f"concat('key_', lpad(CAST(id % {keys} AS STRING), 6, '0')) AS key, "
            "CASE WHEN id % 33 <> 5 THEN concat('value ', hash(id{salt})) END AS value, 'a.csv' AS source_file, "
            "'0' AS source_sha256, TIMESTAMP '2026-01-01' AS ingested_at FROM ids WHERE {some}"
        )
        # A hash spreads what is missing, so that it is not always the same keys.
        first = one.format(salt="", some="pmod(hash(id), 20) > 0")
        again = one.format(salt=", 1", some="pmod(hash(id), 50) = 1")
        spark.sql(f"{first} UNION ALL {again}").writeTo(table.sql_name).append()


def sql_of(keys: int, form: Form) -> ViewSql:
    columns = {f"key_{number:06d}": f"key_{number:06d}" for number in range(keys)}
    return view_sql(DATABASE, TABLE, entity1(keys), columns, form)


def timed(spark: SparkSession, work: Callable[[], object], cap: float) -> float:
    """Seconds; at the cap the job is cancelled and the cap is the figure."""
    timer = threading.Timer(cap, spark.sparkContext.cancelAllJobs)
    timer.start()
    started = time.monotonic()
    try:
        work()
    except Exception:
        if time.monotonic() - started < cap:
            raise
        return cap
    finally:
        timer.cancel()
    return time.monotonic() - started


def peak_memory(spark: SparkSession, known: set[int]) -> int:
    """The most bytes of execution memory of one task, of all stages but those in `known`, which they are added to."""
    context: Any = spark.sparkContext
    store = context._jsc.sc().statusStore()
    none = context._gateway.new_array(context._jvm.double, 0)
    every = context._jvm.java.util.ArrayList()
    scala = cast(Any, spark)._jvm.scala.collection.JavaConverters
    peak = 0
    for stage in scala.seqAsJavaList(store.stageList(every, False, False, none, every)):
        if stage.stageId() in known:
            continue
        known.add(stage.stageId())
        for task in scala.seqAsJavaList(store.taskList(stage.stageId(), stage.attemptId(), 10_000)):
            if task.taskMetrics().isDefined():
                peak = max(peak, task.taskMetrics().get().peakExecutionMemory())
    return peak


def say(**found: object) -> None:
    print(json.dumps(found), flush=True)


def main() -> None:
    settings = json.loads(sys.argv[1])
    Path(settings["folder"]).mkdir(parents=True, exist_ok=True)
    spark = session(settings)
    make_data(spark, settings)
    for keys in settings["keys"]:
        for form in FORMS:
            sql = sql_of(keys, form)
            say(sql=sql.athena, form=form, keys=keys, columns=sql.columns, spark_bytes=len(sql.spark.encode()))
    spark.sql("USE glue_catalog")
    for keys in settings["keys"]:
        for form in FORMS:
            time_reads(spark, keys, form, settings)
        for form in FORMS:
            compare(spark, keys, form, settings)
    spark.stop()


def time_reads(spark: SparkSession, keys: int, form: Form, settings: dict[str, Any]) -> None:
    """One column, and all: rows are made and dropped."""
    known: set[int] = set()
    for what in ("one", "all"):
        if form == "case" and what == "all" and keys > settings["most_cases"]:
            continue
        selected = "*" if what == "all" else f"entity2, `key_{keys // 2:06d}`"
        query = f"SELECT {selected} FROM ({sql_of(keys, form).spark})"
        peak_memory(spark, known)
        figures: list[float] = []
        for number in range(settings["rounds"] + 1):
            seconds = timed(spark, partial(_read, spark, query), settings["cap"])
            if number > 0 or seconds >= settings["cap"]:
                figures.append(seconds)
            if seconds >= settings["cap"]:
                break
        say(engine="spark", keys=keys, form=form, what=what, seconds=figures, peak=peak_memory(spark, known))


def _read(spark: SparkSession, query: str) -> None:
    spark.sql(query).write.format("noop").mode("overwrite").save()


def compare(spark: SparkSession, keys: int, form: Form, settings: dict[str, Any]) -> None:
    """Fingerprints: of all rows, where that does not take an hour, and of one in seven."""
    sql = sql_of(keys, form)
    parts = {"site 3": f"(SELECT * FROM ({sql.spark}) WHERE entity3 = 'site 3')"}
    if form == "chunked" or keys <= settings["most_cases"] / 5:
        parts["all"] = f"({sql.spark})"
    for part, text in parts.items():
        found = spark.sql(fingerprint_query(text, dict(sql.schema))).collect()[0]
        fingerprint = f"{found['n']} {int(found['d1'])}-{int(found['d2'])}"
        say(engine="spark", keys=keys, form=form, part=part, fingerprint=fingerprint)


if __name__ == "__main__":
    main()
