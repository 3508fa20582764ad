"""One lake of an ingestion test: its objects, its table, and runs of the job on real Spark and Iceberg."""

import csv
import hashlib
import io
import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
from pyspark.sql import SparkSession

from conftest import BUCKET, DATABASE
from mydatahub_glue.breach import HEADER_LINE
from mydatahub_glue.ingestion import IngestionJob, IngestionResult, ingest
from mydatahub_glue.ingestion_settings import IngestionSettings, RunRequest

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

_TABLES = itertools.count()
DEFINER = "arn:aws:iam::123456789012:role/mydatahub/mydatahub-view-definer"

Row = tuple[str, ...]


def text_of(*rows: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER_LINE.split(","), *rows])
    return out.getvalue().encode()


class Lake:
    """One table and the objects of one test."""

    def __init__(self, spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> None:
        self.spark, self.s3, self.glue = spark, s3, glue
        self.lakeformation = boto3.client("lakeformation", endpoint_url=glue.meta.endpoint_url)
        self.want_grants([{"principal": DEFINER, "permissions": ["DESCRIBE", "SELECT"], "grantable": True}])
        self.job = IngestionJob(
            bucket=BUCKET,
            raw_prefix="raw-data/",
            state_prefix="state/",
            iceberg_prefix="iceberg-data/",
            catalog="glue_catalog",
            database=DATABASE,
            table=f"entity_data_{next(_TABLES)}",
            run_id="jr_test",
            quarantine_prefix="quarantine/",
            settings=IngestionSettings(),
            request=RunRequest(),
        )
        self.name = f"glue_catalog.{DATABASE}.{self.job.table}"

    def put(self, path: str, body: bytes) -> str:
        return self.s3.put_object(Bucket=BUCKET, Key=f"raw-data/{path}", Body=body)["ETag"]

    def want_grants(self, grants: list[dict[str, Any]]) -> None:
        body = json.dumps({"version": 1, "table_grants": grants}).encode()
        self.s3.put_object(Bucket=BUCKET, Key="config/lake.json", Body=body)

    def ingest(self, **request: Any) -> IngestionResult:
        result = ingest(self.spark, replace(self.job, request=RunRequest(**request)), self.s3, self.lakeformation)
        assert result is not None
        return result

    def set(self, **settings: str) -> None:
        self.job = replace(self.job, settings=IngestionSettings(**settings))

    def sql(self, statement: str) -> list[Any]:
        """The table as another session sees it; `{table}` in the statement is its name."""
        self.spark.sql(f"REFRESH TABLE {self.name}")
        return self.spark.sql(statement.format(table=self.name)).collect()

    def rows(self) -> list[Row]:
        columns = HEADER_LINE.replace("key", "`key`")
        return sorted(tuple(row) for row in self.sql(f"SELECT {columns} FROM {{table}}"))

    def snapshots(self) -> list[Any]:
        return self.sql("SELECT * FROM {table}.snapshots ORDER BY committed_at")

    def state(self, name: str) -> Any:
        return json.loads(self.s3.get_object(Bucket=BUCKET, Key=f"state/{name}")["Body"].read())


A = ("penguins", "Adelie", "Torgersen", "1", "mass", "3750")
B = ("penguins", "Gentoo", "Biscoe", "2", "mass", "5000")
C = ("weather", "Seattle", "", "", "rain", "")


def manifest_of(path: str, body: bytes, etag: str, **wrong: Any) -> dict[str, Any]:
    facts = {"sha256": hashlib.sha256(body).hexdigest(), "rows": body.count(b"\n") - 1, "size": len(body)}
    file = {"path": path, "key": f"raw-data/{path}", "etag": etag, "version_id": None, "commit": None, **facts, **wrong}
    return {"version": 1, "files": [file]}


def in_another_session(lake: Lake) -> Lake:
    """The same lake in a Spark session of its own."""
    other = Lake(lake.spark.newSession(), lake.s3, lake.glue)
    other.job, other.name = lake.job, lake.name
    return other
