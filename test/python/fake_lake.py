"""A bucket, and Spark as the job that sets SPARK dialects meets it, in memory; and a publisher on top of them."""

import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from fake_aws import FakeAthena, FakeGlue, columns_of, error
from mydatahub_glue.athena import Athena
from mydatahub_glue.backoff import Backoff
from mydatahub_glue.dialect_job import DialectJob, set_dialects
from mydatahub_glue.publisher import Outcome, Publisher
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.view_catalog import ViewCatalog
from mydatahub_glue.view_steps import Strategy
from mydatahub_glue.wanted_views import Definition, Names, WantedView, wanted_views

JOB = "create-views-spark-dialect"
_STATEMENT = re.compile(
    r"(?P<create>CREATE PROTECTED MULTI DIALECT VIEW|ALTER VIEW) iceberg_db\.(?P<name>\w+) "
    r"(?P<how>SECURITY DEFINER|(?:FORCE )?(?:ADD|UPDATE) DIALECT) AS (?P<sql>.*)",
    re.DOTALL,
)


class FakeS3:
    """Objects with ETags, and conditional writes as S3 has them. `denied`: whether every call is refused."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.denied = False

    def get_object(self, *, Key: str, **_: Any) -> dict[str, Any]:
        self._allow()
        if Key not in self.objects:
            raise error("NoSuchKey")
        return {"Body": io.BytesIO(self.objects[Key]), "ETag": self._etag(Key)}

    def put_object(self, *, Key: str, Body: bytes, **condition: Any) -> dict[str, Any]:
        self._allow()
        given = condition.get("IfMatch")
        there = self._etag(Key) if Key in self.objects else None
        if given != there or (condition.get("IfNoneMatch") and there):
            raise error("PreconditionFailed")
        self.objects[Key] = Body
        return {"ETag": self._etag(Key)}

    def _allow(self) -> None:
        if self.denied:
            raise error("AccessDenied")

    def _etag(self, key: str) -> str:
        return hashlib.sha256(self.objects[key]).hexdigest()


class FakeSpark:
    """Carries out Spark's statements on a FakeGlue. `fail`: view -> what Spark says instead."""

    def __init__(self, glue: FakeGlue) -> None:
        self.glue = glue
        self.fail: dict[str, str] = {}
        self.statements: list[str] = []

    def sql(self, statement: str) -> None:
        match = _STATEMENT.fullmatch(statement)
        assert match, statement
        self.statements.append(statement.split(" AS SELECT")[0])
        name = match["name"]
        if name in self.fail:
            raise RuntimeError(self.fail[name])
        columns = columns_of(match["sql"], "spark")
        action = "UPDATE" if "UPDATE" in match["how"] else "ADD"
        self.glue.put(name, "SPARK", match["sql"], columns, action, "FORCE" in match["how"])


class FakeJobs:
    """Runs of the job by Glue's calls: each asked for once is RUNNING, then over. `busy`: starts to refuse first.

    `end`: what becomes of the next run instead of its work.
    """

    def __init__(self, work: Callable[[str], None]) -> None:
        self.work = work
        self.busy = 0
        self.end: tuple[str, str] | None = None
        self.on_get: Callable[[], None] = lambda: None
        self.started: list[dict[str, Any]] = []
        self.stopped: list[str] = []
        self._asked = 0

    def start_job_run(self, *, JobName: str, Arguments: dict[str, str]) -> dict[str, str]:
        assert JobName == JOB
        if self.busy:
            self.busy -= 1
            raise error("ConcurrentRunsExceededException")
        self.started.append(Arguments)
        self._asked = 0
        return {"JobRunId": f"jr_{len(self.started)}"}

    def get_job_run(self, *, RunId: str, **_: Any) -> dict[str, Any]:
        self._asked += 1
        self.on_get()
        if self._asked == 1:
            return {"JobRun": {"Id": RunId, "JobRunState": "RUNNING"}}
        state, message = self.end or ("SUCCEEDED", "")
        if self.end is None:
            try:
                self.work(self.started[-1]["--request_id"])
            except Exception as failure:
                state, message = "FAILED", str(failure)
        return {"JobRun": {"Id": RunId, "JobRunState": state, "ErrorMessage": message}}

    def batch_stop_job_run(self, *, JobRunIds: list[str], **_: Any) -> None:
        self.stopped += JobRunIds


class Publishing:
    """A lake whose views are published again and again; `published` is what state/views.json would hold."""

    def __init__(self, folder: Path = Path()) -> None:
        self.glue = FakeGlue()
        self.athena = FakeAthena(self.glue)
        self.spark = FakeSpark(self.glue)
        self.s3 = FakeS3()
        self.driver_s3 = self.s3
        self.jobs = FakeJobs(self._work)
        self.folder = folder
        self.published: dict[str, str] = {}
        self.names = Names({}, {}, {}, {})
        self.slept: list[float] = []

    def _work(self, request_id: str) -> None:
        spark: Any = self.spark
        s3: Any = self.driver_s3
        set_dialects(spark, DialectJob("lake", "state/", request_id, self.folder), s3, clock=lambda: 0.0)

    def wanted(self, keys: dict[str, set[str]]) -> list[WantedView]:
        self.names, wanted = wanted_views(Definition("iceberg_db", "entity_data", "case"), self.names, keys)
        return wanted

    def parts(self, backoff: Backoff) -> tuple[Athena, ViewCatalog, SparkDialects]:
        client: Any = self.athena
        glue: Any = self.glue
        s3: Any = self.s3
        jobs: Any = self.jobs
        return (
            Athena(client, "lake", "iceberg_db", backoff),
            ViewCatalog(glue, "iceberg_db", "arn:table", "arn:role", backoff),
            SparkDialects(jobs, s3, JOB, "lake", "state/", backoff),
        )

    def publish(self, keys: dict[str, set[str]], strategy: Strategy = "athena-first") -> Outcome:
        wanted = self.wanted(keys)
        athena, catalog, dialects = self.parts(Backoff(sleep=self.slept.append, dice=lambda most: most))
        publisher = Publisher(athena, catalog, dialects, "iceberg_db", self.published, strategy)
        outcome = publisher.publish(wanted, catalog.all())
        self.published = {view.name: "" if view.name in outcome.failed else view.sql.hash for view in wanted}
        return outcome

    def heads(self) -> list[str]:
        heads = [statement.split(" AS SELECT")[0] for statement in self.athena.statements]
        self.athena.statements.clear()
        return heads
