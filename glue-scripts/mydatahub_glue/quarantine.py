"""Source files that break the contract, put aside with a report while the others are ingested."""

import json
from typing import TYPE_CHECKING, Any

from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.source_problems import BrokenFile
from mydatahub_glue.state import error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

# CopyObject takes objects up to 5 GB; above, S3 copies by parts.
_BY_PARTS = TransferConfig(multipart_threshold=5_000_000_000, multipart_chunksize=1 << 29)


class Quarantine:
    """`prefix` ends in `/`. The source file itself stays where it is; the bucket keeps earlier copies as versions."""

    def __init__(self, s3: "S3Client", bucket: str, prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def take(self, file: BrokenFile) -> None:
        """Copies the object, and its report beside it. Raises JobFailure when it has changed since it was listed."""
        source = file.source
        key = f"{self._prefix}{source.path}"
        try:
            self._s3.copy(
                {"Bucket": self._bucket, "Key": source.key},
                self._bucket,
                key,
                ExtraArgs={"CopySourceIfMatch": source.etag},
                Config=_BY_PARTS,
            )
        except ClientError as error:
            if error_code(error) not in ("PreconditionFailed", "412", "NoSuchKey", "404"):
                raise
            raise JobFailure(
                f"s3://{self._bucket}/{source.key} has changed or vanished since this run listed it; nothing was "
                "committed. Most likely somebody writes to the bucket while the job runs. To cure it: run the "
                "ingestion again."
            ) from error
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{key}.report.json",
            Body=(json.dumps(report(file), indent=2, ensure_ascii=False) + "\n").encode(),
            ContentType="application/json",
        )
        say(f"Quarantined {source.path}: s3://{self._bucket}/{key} with its report beside it")


def report(file: BrokenFile) -> dict[str, Any]:
    """What is wrong with a file, for programs and people: line and column are 1-based."""
    source = file.source
    return {
        "version": 1,
        "path": source.path,
        "key": source.key,
        "etag": source.etag,
        "size": source.size,
        "problems": [
            {"line": b.line, "column": b.column, "code": b.code, "problem": b.problem, "cure": b.cure}
            for b in file.named
        ],
        "more_problems": file.more,
    }
