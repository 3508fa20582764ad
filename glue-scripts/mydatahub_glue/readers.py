"""Who may read which view, as Terraform writes it into config/lake.json."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.state import read_state
from mydatahub_glue.table_grants import LAKE_CONFIG

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ALL_VIEWS = "*"


@dataclass(frozen=True)
class Reader:
    """`views`: names of views, or `*` for all there are and will be."""

    principal: str
    views: frozenset[str]

    def wants(self, view: str) -> bool:
        return ALL_VIEWS in self.views or view in self.views


@dataclass(frozen=True)
class Readers:
    """`as_configured`: the JSON that they were read from."""

    as_configured: list[dict[str, Any]]
    readers: tuple[Reader, ...]

    def of_views(self, views: Iterable[str]) -> dict[str, set[str]]:
        """View -> the principals that shall read it."""
        return {view: {reader.principal for reader in self.readers if reader.wants(view)} for view in views}


def configured_readers(s3: "S3Client", bucket: str) -> Readers:
    """The member `readers` of config/lake.json; nobody where it has none. Raises JobFailure."""
    given = (read_state(s3, bucket, LAKE_CONFIG).content or {}).get("readers", [])
    try:
        readers = tuple(Reader(str(reader["principal"]), frozenset(reader["views"])) for reader in given)
    except (TypeError, KeyError) as error:
        raise JobFailure(
            f"s3://{bucket}/{LAKE_CONFIG}: readers is not a list of objects with principal and views ({error!r}). "
            "Most likely it was written by another version of the Terraform configuration. To cure it: terraform apply "
            "for this lake, then run the job again."
        ) from error
    return Readers(given, readers)
