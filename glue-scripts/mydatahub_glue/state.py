"""JSON objects under `state/`: every write is conditional on the version that was read."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mydatahub_glue.failure import JobFailure

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

VERSION = 1


@dataclass(frozen=True)
class StateObject:
    """`content` is None when the object does not exist; `etag` is then None too."""

    bucket: str
    key: str
    etag: str | None
    content: dict[str, Any] | None


def read_state(s3: "S3Client", bucket: str, key: str) -> StateObject:
    """Raises JobFailure when the object is no JSON object of version 1; ClientError when S3 refuses."""
    try:
        response = s3.get_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if error_code(error) in ("NoSuchKey", "404"):
            return StateObject(bucket, key, None, None)
        raise
    body = response["Body"].read()
    try:
        content = json.loads(body)
    except ValueError as error:
        raise _unreadable(bucket, key, str(error)) from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise _unreadable(bucket, key, f"it is not an object of version {VERSION}")
    return StateObject(bucket, key, response["ETag"], content)


def write_state(s3: "S3Client", read: StateObject, content: dict[str, Any]) -> StateObject:
    """Replaces the object that was read; nothing is written when it is equal already.

    Raises JobFailure when another writer came between.
    """
    content = {"version": VERSION, **content}
    if read.content == content:
        return read
    condition: dict[str, Any] = {"IfMatch": read.etag} if read.etag else {"IfNoneMatch": "*"}
    try:
        response = s3.put_object(
            Bucket=read.bucket,
            Key=read.key,
            Body=state_text(content).encode(),
            ContentType="application/json",
            **condition,
        )
    except ClientError as error:
        if error_code(error) not in ("PreconditionFailed", "412", "ConditionalRequestConflict", "409"):
            raise
        raise JobFailure(
            f"s3://{read.bucket}/{read.key} was written by somebody else while this job ran; most likely two runs "
            "of this job at once. Nothing of the other run was overwritten. To cure it: run the job again when the "
            "other run has ended."
        ) from error
    return StateObject(read.bucket, read.key, response["ETag"], content)


def state_text(content: dict[str, Any]) -> str:
    """The JSON text of a state object: sorted keys, two spaces, so that versions compare line by line."""
    return json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def error_code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _unreadable(bucket: str, key: str, why: str) -> JobFailure:
    return JobFailure(
        f"s3://{bucket}/{key} cannot be read: {why}. Most likely it was edited by hand. To cure it: restore an "
        "earlier version of the object, or delete it; the jobs make it anew."
    )
