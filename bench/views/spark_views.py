"""Makes the data of `make bench-views`, and times both forms of the views in Spark.

Usage: spark_views.py SETTINGS. SETTINGS is JSON: `endpoint` (Glue and S3), `jars`, `folder`, `keys` (list of numbers),
`rounds`, `cap` (seconds), `most_cases` (the most keys at which `case` reads all columns and is compared) and `rows`.
Standard output has a JSON object in each line: first the SQL of the views, then figures.
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from mydatahub_glue.entity_table import EntityTable
from mydatahub_glue.fingerprint import fingerprint_query
from mydatahub_glue.pivot import Form, ViewSql, view_sql

DATABASE, TABLE = "bench_db", "entity_data"
BUCKET = "s3://bench"
FORMS: tuple[Form, ...] = ("chunked", "case")
# Reads before the first that counts: Java compiles what it reads often, beside the reading. Long ones need fewer.
WARM_UPS, WARM_WITHIN_S = 40, 60


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
    """Seconds, the cap at most: then jobs are cancelled, which ends what Spark computes, not what it plans."""
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
    return min(cap, time.monotonic() - started)


def most_live_heap(spark: SparkSession, work: Callable[[], object]) -> int:
    """Bytes that `work` keeps alive in the heap at most: collected and counted again and again in half of the time that
    it runs, less what was alive before. Spark's own peakExecutionMemory counts nothing of what aggregates collect. Most
    of it is the rows themselves, which Spark sorts by entity for any aggregate of texts, MAX too: the same for one
    column and for all.
    """
    java: Any = spark._jvm
    runtime = java.java.lang.Runtime.getRuntime()

    def alive() -> int:
        java.java.lang.System.gc()
        return int(runtime.totalMemory() - runtime.freeMemory())

    found = [alive()]
    done = threading.Event()

    def watch() -> None:
        took = 0.0
        while not done.wait(took):
            started = time.monotonic()
            found.append(alive())
            took = time.monotonic() - started

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        work()
    finally:
        done.set()
        watcher.join()
    return max(found) - found[0]


def bytes_collected(spark: SparkSession, work: Callable[[], object]) -> int:
    """Bytes that the aggregates of `work` have collected when all rows are read: what its stages hand on."""
    context: Any = spark.sparkContext._jsc.sc()
    java: Any = spark._jvm
    none = java.java.util.ArrayList()
    gateway: Any = spark.sparkContext._gateway
    quantiles = gateway.new_array(java.double, 0)

    def handed_on() -> int:
        context.listenerBus().waitUntilEmpty()
        stages = context.statusStore().stageList(none, False, False, quantiles, none)
        return sum(int(stages.apply(number).shuffleWriteBytes()) for number in range(stages.size()))

    before = handed_on()
    work()
    return handed_on() - before


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
        time_reads(spark, keys, settings)
        for form in FORMS:
            if form == "chunked" or keys <= settings["most_cases"]:
                compare(spark, keys, form, settings)
    spark.stop()


def time_reads(spark: SparkSession, keys: int, settings: dict[str, Any]) -> None:
    """One column, and all: rows are made and dropped. The forms take turns, after rounds that warm the machine up."""
    cap = settings["cap"]
    for what in ("one", "all"):
        selected = "*" if what == "all" else f"entity2, `key_{keys // 2:06d}`"
        forms = [form for form in FORMS if form == "chunked" or what == "one" or keys <= settings["most_cases"]]
        queries = {form: f"SELECT {selected} FROM ({sql_of(keys, form).spark})" for form in forms}
        seconds: dict[str, list[float]] = {form: [] for form in forms}
        warmed = dict.fromkeys(forms, 0.0)
        for number in range(WARM_UPS + settings["rounds"]):
            warming = number < WARM_UPS
            for form, query in queries.items():
                if cap in seconds[form] or (warming and warmed[form] > WARM_WITHIN_S):
                    continue
                took = timed(spark, partial(_read, spark, query), cap)
                if warming and took < cap:
                    warmed[form] += took
                else:
                    seconds[form].append(took)
        for form, query in queries.items():
            read = partial(_read, spark, query)
            memory = {}
            if form == "chunked":
                memory = {"peak": most_live_heap(spark, read), "collected": bytes_collected(spark, read)}
            say(engine="spark", keys=keys, form=form, what=what, seconds=seconds[form], **memory)


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
