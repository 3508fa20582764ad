"""A source file as an object under `raw-data/`: listed by the driver, streamed by the executors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, IncompleteReadError

from mydatahub_glue.failure import stop_in_task
from mydatahub_glue.state import error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CHUNK = 1 << 20
_ATTEMPTS = 5


@dataclass(frozen=True)
class SourceObject:
    """`path` is the key without the raw prefix. `version_id` is None in a bucket without versions, or if unknown."""

    path: str
    key: str
    etag: str
    size: int
    version_id: str | None = None


@dataclass(frozen=True)
class Listing:
    """Source files by path in byte order, and the keys of objects that are none."""

    objects: tuple[SourceObject, ...]
    ignored: tuple[str, ...]


def list_source_objects(s3: "S3Client", bucket: str, prefix: str) -> Listing:
    """All objects below `prefix`. Folder markers (empty, named like a folder) do not count as objects."""
    objects: list[SourceObject] = []
    ignored: list[str] = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            key, size = item["Key"], item["Size"]
            if size == 0 and key.endswith(("/", "_$folder$")):
                continue
            if key.lower().endswith(".csv"):
                objects.append(SourceObject(key[len(prefix) :], key, item["ETag"], size))
            else:
                ignored.append(key)
    return Listing(tuple(sorted(objects, key=lambda o: o.path)), tuple(ignored))


@cache
def _client() -> "S3Client":
    """One client for all tasks of a worker process: making one takes longer than reading a small file."""
    return boto3.client("s3")


class ObjectStream:
    """The bytes of one object, pinned to what was listed; a broken connection is taken up where it broke.

    Raises an error made by `stop_in_task` when the object has vanished or changed.
    """

    def __init__(self, bucket: str, source: SourceObject, s3: "S3Client | None" = None) -> None:
        self.bucket = bucket
        self.source = source
        self.version_id = source.version_id
        self._s3 = s3 or _client()

    def chunks(self) -> Iterator[bytes]:
        done = failures = 0
        while done < self.source.size or done == 0:
            try:
                for chunk in self._body(done).iter_chunks(CHUNK):
                    done += len(chunk)
                    yield chunk
                return
            except (IncompleteReadError, HTTPClientError) as error:
                failures += 1
                if failures == _ATTEMPTS:
                    raise stop_in_task(self._broken(str(error))) from error

    def _body(self, first: int) -> Any:
        request: dict[str, Any] = {"Bucket": self.bucket, "Key": self.source.key}
        request |= {"VersionId": self.version_id} if self.version_id else {"IfMatch": self.source.etag}
        if first:
            request["Range"] = f"bytes={first}-"
        try:
            response = self._s3.get_object(**request)
        except ClientError as error:
            code = error_code(error)
            if code == "NoSuchVersion" and self.version_id:
                self.version_id = None  # removed by a lifecycle rule: the current version may hold the same
                return self._body(first)
            if code in ("NoSuchKey", "404"):
                raise stop_in_task(self._gone("has vanished")) from error
            if code in ("PreconditionFailed", "412"):
                raise stop_in_task(self._gone("has changed")) from error
            raise stop_in_task(self._broken(str(error))) from error
        except HTTPClientError:
            raise
        except BotoCoreError as error:
            raise stop_in_task(self._broken(str(error))) from error
        if response["ETag"] != self.source.etag:
            raise stop_in_task(self._gone("has changed"))
        self.version_id = response.get("VersionId") or self.version_id
        return response["Body"]

    def _gone(self, what: str) -> str:
        return (
            f"s3://{self.bucket}/{self.source.key} {what} since this run listed it; nothing was committed. Most likely "
            "somebody writes to the bucket while the job runs. To cure it: run the ingestion again."
        )

    def _broken(self, why: str) -> str:
        return (
            f"s3://{self.bucket}/{self.source.key} cannot be read: {why}; nothing was committed. Most likely the job's "
            "role may not read it, or S3 could not be reached. To cure it: allow s3:GetObject, then run again."
        )
