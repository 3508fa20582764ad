"""Broken source files, each looked through once more on the executors for all that is wrong with it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

import pyarrow as pa
from pyspark.sql import SparkSession

from mydatahub_glue.breach import Breach
from mydatahub_glue.problems import NAMED, find_problems
from mydatahub_glue.source_object import ObjectStream, SourceObject

_FOUND = "object INT, named STRING, more LONG"


@dataclass(frozen=True)
class BrokenFile:
    """`named`: the first problems in file order; `more`: how many others were found."""

    source: SourceObject
    named: tuple[Breach, ...]
    more: int


def broken_files(spark: SparkSession, bucket: str, objects: list[SourceObject], merge: bool) -> list[BrokenFile]:
    """What is wrong with each of the objects, by path."""

    def search(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for number in batch.column(0).to_pylist():
                problems = find_problems(ObjectStream(bucket, objects[number]).chunks(), merge)
                named = json.dumps([asdict(breach) for breach in problems.named])
                columns = [pa.array([number], pa.int32()), pa.array([named]), pa.array([problems.more], pa.int64())]
                yield pa.RecordBatch.from_arrays(columns, ["object", "named", "more"])

    count = len(objects)
    found = spark.range(0, count, 1, numPartitions=count).mapInArrow(search, _FOUND).collect()
    broken = [
        BrokenFile(objects[row["object"]], tuple(Breach(**b) for b in json.loads(row["named"])), row["more"])
        for row in found
    ]
    return sorted(broken, key=lambda file: file.source.path)


def refusal(broken: list[BrokenFile]) -> str:
    """The first problems of a run and the number of all others, for the person whose run was refused."""
    lines = [breach.at(file.source.path) for file in broken for breach in file.named]
    rest = len(lines[NAMED:]) + sum(file.more for file in broken)
    shown = lines[:NAMED] + ([f"... and {rest} more"] if rest else [])
    files = "1 source file breaks" if len(broken) == 1 else f"{len(broken)} source files break"
    return "\n".join([f"{files} the contract; nothing was committed.", *shown])
