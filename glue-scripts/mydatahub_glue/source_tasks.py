"""What Spark tasks do with source files: one object a task, streamed, in both passes."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from mydatahub_glue.breach import SOURCE_COLUMNS, Breach, ContractError
from mydatahub_glue.contract import SourceFile, check_source_file
from mydatahub_glue.failure import stop_in_task
from mydatahub_glue.plan import KnownFile
from mydatahub_glue.source_object import ObjectStream, SourceObject

PROVENANCE_COLUMNS = ("source_file", "source_sha256", "ingested_at")
_CHECKED = "object INT, sha256 STRING, n LONG, version_id STRING, breach STRING"
_ROWS = ", ".join(f"{name} STRING" for name in (*SOURCE_COLUMNS, *PROVENANCE_COLUMNS[:2])) + ", ingested_at TIMESTAMP"


def check_objects(
    spark: SparkSession, bucket: str, objects: list[SourceObject]
) -> tuple[list[KnownFile], list[tuple[SourceObject, Breach]]]:
    """Reads the objects through the contract on the executors: digests and rows, or the first breach of each."""

    def check(number: int) -> Iterator[pa.RecordBatch]:
        stream = ObjectStream(bucket, objects[number])
        try:
            facts = check_source_file(stream.chunks())
            found: list[Any] = [number, facts.sha256, facts.rows, stream.version_id, None]
        except ContractError as error:
            found = [number, None, None, None, json.dumps(asdict(error.breach))]
        types = (pa.int32(), pa.string(), pa.int64(), pa.string(), pa.string())
        columns = [pa.array([value], type) for value, type in zip(found, types, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, ["object", "sha256", "n", "version_id", "breach"])

    known: list[KnownFile] = []
    broken: list[tuple[SourceObject, Breach]] = []
    for row in _one_task_each(spark, len(objects), check, _CHECKED).collect():
        source = objects[row["object"]]
        if row["breach"] is not None:
            broken.append((source, Breach(**json.loads(row["breach"]))))
        else:
            pinned = SourceObject(source.path, source.key, source.etag, source.size, row["version_id"])
            known.append(KnownFile(pinned, row["sha256"], row["n"]))
    return known, broken


def source_rows(spark: SparkSession, bucket: str, files: list[KnownFile], ingested_at: datetime) -> DataFrame:
    """The rows of the files with their provenance, read while they are written.

    A task fails when its object has not exactly the digest and the rows that are expected of it.
    """

    def read(number: int) -> Iterator[pa.RecordBatch]:
        file = files[number]
        reader = SourceFile(ObjectStream(bucket, file.source).chunks())
        try:
            for rows in reader.batches():
                yield _with_provenance(rows, file, ingested_at)
        except ContractError as error:
            raise stop_in_task(f"{error.breach.at(file.source.path)} Nothing was committed.") from error
        facts = reader.facts
        if facts is None or (facts.sha256, facts.rows) != (file.sha256, file.rows):
            raise stop_in_task(
                f"{file.source.path}: {facts and facts.rows} rows with SHA-256 {facts and facts.sha256} were read "
                f"where {file.rows} rows with SHA-256 {file.sha256} are expected; nothing was committed. Most likely "
                "state/manifest.json does not belong to this bucket's objects. To cure it: delete it and upload again."
            )

    return _one_task_each(spark, len(files), read, _ROWS)


def _one_task_each(
    spark: SparkSession, count: int, work: Callable[[int], Iterator[pa.RecordBatch]], schema: str
) -> DataFrame:
    def partition(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from work(number)

    return spark.range(0, count, 1, numPartitions=count).mapInArrow(partition, schema)


def _with_provenance(rows: pa.RecordBatch, file: KnownFile, ingested_at: datetime) -> pa.RecordBatch:
    where = (pa.scalar(file.source.path), pa.scalar(file.sha256), pa.scalar(ingested_at, pa.timestamp("us", tz="UTC")))
    columns = [*rows.columns, *(pa.repeat(value, rows.num_rows) for value in where)]
    return pa.RecordBatch.from_arrays(columns, [*SOURCE_COLUMNS, *PROVENANCE_COLUMNS])
