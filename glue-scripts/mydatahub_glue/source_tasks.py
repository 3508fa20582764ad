"""What Spark tasks do with source files: one object a task, streamed, in both passes."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from mydatahub_glue.breach import ContractError
from mydatahub_glue.contract import SourceFile, check_source_file, columns_of
from mydatahub_glue.failure import stop_in_task
from mydatahub_glue.judgement import PROVENANCE_COLUMNS
from mydatahub_glue.plan import KnownFile
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.source_object import ObjectStream, SourceObject

_CHECKED = "object INT, sha256 STRING, n LONG, version_id STRING"
_COLUMNS = "object INT, names ARRAY<STRING>"


def check_objects(
    spark: SparkSession, bucket: str, objects: list[SourceObject], merge: bool
) -> tuple[list[KnownFile], list[SourceObject]]:
    """Reads the objects through the contract on the executors: those that keep it, with their facts, and the others.

    `merge`: columns after the six are allowed.
    """

    def check(number: int) -> Iterator[pa.RecordBatch]:
        stream = ObjectStream(bucket, objects[number])
        try:
            facts = check_source_file(stream.chunks(), merge)
            found: list[Any] = [number, facts.sha256, facts.rows, stream.version_id]
        except ContractError:
            found = [number, None, None, None]
        types = (pa.int32(), pa.string(), pa.int64(), pa.string())
        columns = [pa.array([value], type) for value, type in zip(found, types, strict=True)]
        yield pa.RecordBatch.from_arrays(columns, ["object", "sha256", "n", "version_id"])

    known: list[KnownFile] = []
    broken: list[SourceObject] = []
    for row in _one_task_each(spark, len(objects), check, _CHECKED).collect():
        source = objects[row["object"]]
        if row["sha256"] is None:
            broken.append(source)
        else:
            pinned = SourceObject(source.path, source.key, source.etag, source.size, row["version_id"])
            known.append(KnownFile(pinned, row["sha256"], row["n"]))
    return known, broken


def columns_of_files(spark: SparkSession, bucket: str, files: list[KnownFile]) -> list[str]:
    """All columns of the files, the six first, each where the first file by path that has it has it."""

    def read(number: int) -> Iterator[pa.RecordBatch]:
        file = files[number]
        try:
            names = columns_of(ObjectStream(bucket, file.source).chunks(), merge=True)
        except ContractError as error:
            raise stop_in_task(f"{error.breach.at(file.source.path)} Nothing was committed.") from error
        columns = [pa.array([number], pa.int32()), pa.array([list(names)], pa.list_(pa.string()))]
        yield pa.RecordBatch.from_arrays(columns, ["object", "names"])

    found = {row["object"]: row["names"] for row in _one_task_each(spark, len(files), read, _COLUMNS).collect()}
    return list(dict.fromkeys(name for number in sorted(found) for name in found[number]))


def source_rows(
    spark: SparkSession, bucket: str, files: list[KnownFile], ingested_at: datetime, columns: Sequence[str], merge: bool
) -> DataFrame:
    """The rows of the files with their provenance, read while they are written.

    `columns`: those of the table, in its order; one that a file does not have is NULL. `merge`: as for check_objects.
    A task fails when its object has not exactly the digest and the rows that are expected of it.
    """

    def read(number: int) -> Iterator[pa.RecordBatch]:
        file = files[number]
        reader = SourceFile(ObjectStream(bucket, file.source).chunks(), merge=merge)
        try:
            for rows in reader.batches():
                yield _with_provenance(rows, file, ingested_at, columns)
        except ContractError as error:
            raise stop_in_task(f"{error.breach.at(file.source.path)} Nothing was committed.") from error
        facts = reader.facts
        if facts is None or (facts.sha256, facts.rows) != (file.sha256, file.rows):
            raise stop_in_task(
                f"{file.source.path}: {facts and facts.rows} rows with SHA-256 {facts and facts.sha256} were read "
                f"where {file.rows} rows with SHA-256 {file.sha256} are expected; nothing was committed. Most likely "
                "state/manifest.json does not belong to this bucket's objects. To cure it: delete it and upload again."
            )

    types = {"ingested_at": "TIMESTAMP"}
    schema = ", ".join(f"{spark_identifier(name)} {types.get(name, 'STRING')}" for name in columns)
    return _one_task_each(spark, len(files), read, schema)


def _one_task_each(
    spark: SparkSession, count: int, work: Callable[[int], Iterator[pa.RecordBatch]], schema: str
) -> DataFrame:
    def partition(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                yield from work(number)

    return spark.range(0, count, 1, numPartitions=count).mapInArrow(partition, schema)


def _with_provenance(
    rows: pa.RecordBatch, file: KnownFile, ingested_at: datetime, columns: Sequence[str]
) -> pa.RecordBatch:
    """All columns of the table: the file's own, where the rows came from, and NULL for what the file does not have."""
    found = dict(zip(PROVENANCE_COLUMNS, (file.source.path, file.sha256, ingested_at), strict=True))
    own = rows.schema.names
    arrays = [
        rows.column(name) if name in own else pa.repeat(pa.scalar(found.get(name), _type(name)), rows.num_rows)
        for name in columns
    ]
    return pa.RecordBatch.from_arrays(arrays, list(columns))


def _type(name: str) -> pa.DataType:
    return pa.timestamp("us", tz="UTC") if name == "ingested_at" else pa.string()
