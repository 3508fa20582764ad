"""Fixtures: the stand-in for `awsglue`, a moto server, and one Spark session with real Iceberg for all tests."""

import hashlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import pytest
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient
    from mypy_boto3_s3 import S3Client

    from ingestion_lake import Lake

REPOSITORY = Path(__file__).parents[2]
SCRIPTS = REPOSITORY / "glue-scripts"
BUCKET = "lake"
DATABASE = "iceberg_db"


# `awsglue` as the local lake has it: AWS Glue brings the real one.
sys.path.append(str(REPOSITORY / "src" / "local" / "spark" / "stand-in"))


@pytest.fixture(scope="session")
def endpoint() -> Iterator[str]:
    """A moto server on a free loopback port; boto3 of this process and of Spark's workers points at it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    for name in list(os.environ):
        if name.startswith("AWS_"):
            del os.environ[name]
    os.environ |= {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(url)
        yield url
    finally:
        server.terminate()
        server.wait()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{url}/moto-api/data.json", timeout=5).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


@pytest.fixture(scope="session")
def spark(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """Spark 3.5 with the lake's Iceberg JARs, from where set-up puts them (src/local/toolchain.ts)."""
    base = os.environ.get("MYDATAHUB_CACHE") or os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    version = hashlib.sha256((REPOSITORY / "jars" / "pom.xml").read_bytes()).hexdigest()[:16]
    folder = Path(base) / "mydatahub" / f"jars-{version}"
    assert folder.is_dir(), f"no JARs in {folder}: run make setup"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(SCRIPTS), os.environ.get("PYTHONPATH", "")])
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    warehouse = tmp_path_factory.mktemp("spark")
    catalog = "spark.sql.catalog.glue_catalog"
    settings = {
        "spark.master": "local[2]",
        "spark.driver.memory": "1g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraClassPath": str(folder / "*"),
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
        "spark.local.dir": str(warehouse),
        "spark.sql.warehouse.dir": str(warehouse / "warehouse"),
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.aws.glue.GlueCatalog",
        f"{catalog}.io-impl": "org.apache.iceberg.aws.s3.S3FileIO",
        f"{catalog}.warehouse": f"s3://{BUCKET}/iceberg-data/",
        f"{catalog}.client.region": "us-east-1",
        f"{catalog}.glue.endpoint": endpoint,
        f"{catalog}.s3.endpoint": endpoint,
        f"{catalog}.s3.path-style-access": "true",
    }
    builder = SparkSession.builder.appName("mydatahub-tests")
    for key, value in settings.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    shutil.rmtree(warehouse, ignore_errors=True)


@pytest.fixture
def s3(endpoint: str) -> Iterator["S3Client"]:
    """S3 with an empty bucket `lake`."""
    client = boto3.client("s3", endpoint_url=endpoint)
    client.create_bucket(Bucket=BUCKET)
    yield client
    bucket = boto3.resource("s3", endpoint_url=endpoint).Bucket(BUCKET)
    bucket.object_versions.delete()
    bucket.objects.delete()
    bucket.delete()


@pytest.fixture
def glue(endpoint: str) -> Iterator["GlueClient"]:
    """Glue with an empty database `iceberg_db`."""
    client = boto3.client("glue", endpoint_url=endpoint)
    client.create_database(DatabaseInput={"Name": DATABASE})
    yield client
    for table in client.get_tables(DatabaseName=DATABASE)["TableList"]:
        client.delete_table(DatabaseName=DATABASE, Name=table["Name"])
    client.delete_database(Name=DATABASE)


@pytest.fixture
def lake(spark: SparkSession, s3: "S3Client", glue: "GlueClient") -> "Lake":
    """A table that is not there yet, with nothing to ingest."""
    from ingestion_lake import Lake  # which needs this module's names itself

    return Lake(spark, s3, glue)
