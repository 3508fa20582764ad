"""Who may do what on the entity table: granted by the ingestion job, which as the table's creator may grant it all.

Terraform cannot: at its first apply there is no table, and a grant on all tables of the database would open the table
to every reader of a view. It writes what is wanted to config/lake.json instead (terraform/lakeformation.tf).
"""

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from botocore.exceptions import ClientError

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import counted, say
from mydatahub_glue.state import StateObject, error_code, read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class LakeFormation(Protocol):
    """What is used of boto3's client."""

    def grant_permissions(self, **members: Any) -> object: ...

    def revoke_permissions(self, **members: Any) -> object: ...


LAKE_CONFIG = "config/lake.json"
_ATTEMPTS = 5
_READ = ("DESCRIBE", "SELECT")
# Nothing to take back: the principal has gone, or somebody else has revoked it.
_NOT_THERE = ("InvalidInputException", "EntityNotFoundException")


@dataclass(frozen=True, order=True)
class TableGrant:
    """`principal`: ARN. `permissions`: Lake Formation's names, sorted. `grantable`: whether it may pass them on."""

    principal: str
    permissions: tuple[str, ...]
    grantable: bool

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "TableGrant":
        return cls(str(entry["principal"]), tuple(sorted(entry["permissions"])), bool(entry["grantable"]))

    def to_json(self) -> dict[str, Any]:
        return {"principal": self.principal, "permissions": list(self.permissions), "grantable": self.grantable}


def wanted_grants(s3: "S3Client", bucket: str) -> list[TableGrant]:
    """`table_grants` of config/lake.json. Raises JobFailure when it is missing or of another shape."""
    try:
        config = json.loads(s3.get_object(Bucket=bucket, Key=LAKE_CONFIG)["Body"].read())
        return [TableGrant.of(entry) for entry in config["table_grants"]]
    except ClientError as error:
        if error_code(error) not in ("NoSuchKey", "404"):
            raise
        why = "it does not exist"
    except (ValueError, KeyError, TypeError) as error:
        why = f"it has not the expected shape ({type(error).__name__}: {error})"
    raise JobFailure(
        f"s3://{bucket}/{LAKE_CONFIG} does not say who gets what on the table: {why}. Most likely it was written by "
        "another version of the Terraform configuration. To cure it: apply Terraform for this lake again."
    )


class TableGrants:
    """The grants on `database`.`table`; what was granted is kept in `state_prefix`table-grants.json."""

    def __init__(
        self,
        lakeformation: LakeFormation,
        database: str,
        table: str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._lakeformation = lakeformation
        self._name = f"{database}.{table}"
        self._resource: Any = {"Table": {"DatabaseName": database, "Name": table}}
        self._sleep = sleep

    def settle(self, s3: "S3Client", bucket: str, state_prefix: str) -> None:
        """Grants what is wanted, every time, since a table that was made anew has lost its grants; revokes what this
        job granted and is no longer wanted. Raises JobFailure when Lake Formation refuses.
        """
        self._settle(s3, read_state(s3, bucket, f"{state_prefix}table-grants.json"), wanted_grants(s3, bucket))

    def settle_for_readers(self, s3: "S3Client", bucket: str, state_prefix: str) -> None:
        """The same for a table beside the entity table: whoever may only read that one may read this one."""
        wanted = [grant for grant in wanted_grants(s3, bucket) if not grant.grantable and grant.permissions == _READ]
        self._settle(s3, read_state(s3, bucket, f"{state_prefix}ingests-grants.json"), wanted)

    def _settle(self, s3: "S3Client", before: StateObject, wanted: list[TableGrant]) -> None:
        granted = [TableGrant.of(entry) for entry in (before.content or {}).get("granted", [])]
        for old in surplus(granted, wanted):
            self._revoke(old)
            say(f"Revoked {', '.join(old.permissions)} on {self._name} from {old.principal}")
        for grant in wanted:
            self._grant(grant)
        say(f"Granted on {self._name}: {counted(len(wanted), 'principal')}")
        write_state(s3, before, {"granted": [grant.to_json() for grant in sorted(wanted)]})

    def _grant(self, grant: TableGrant) -> None:
        try:
            self._patiently(lambda: self._lakeformation.grant_permissions(**self._members(grant)))
        except ClientError as error:
            raise self._refused(grant, error) from error

    def _revoke(self, grant: TableGrant) -> None:
        try:
            self._patiently(lambda: self._lakeformation.revoke_permissions(**self._members(grant)))
        except ClientError as error:
            if error_code(error) not in _NOT_THERE:
                raise self._refused(grant, error) from error

    def _members(self, grant: TableGrant) -> dict[str, Any]:
        permissions = list(grant.permissions)
        return {
            "Principal": {"DataLakePrincipalIdentifier": grant.principal},
            "Resource": self._resource,
            "Permissions": permissions,
            "PermissionsWithGrantOption": permissions if grant.grantable else [],
        }

    def _patiently(self, call: Callable[[], object]) -> None:
        """Lake Formation refuses a change of permissions while another one of the same resource is under way."""
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                call()
                return
            except ClientError as error:
                if error_code(error) != "ConcurrentModificationException" or attempt == _ATTEMPTS:
                    raise
            self._sleep(0.2 * 2**attempt)

    def _refused(self, grant: TableGrant, error: ClientError) -> JobFailure:
        what = f"Lake Formation did not change {', '.join(grant.permissions)} on {self._name} for {grant.principal}"
        if error_code(error) == "AccessDeniedException":
            cure = (
                "Most likely something else than this job made the table, so this job's role may not grant on it. To "
                "cure it: set adopt_entity_table = true and apply Terraform, then run the ingestion again."
            )
        else:
            cure = (
                "Most likely that principal does not exist any more. To cure it: take it out of analysts (or make it "
                "again), apply Terraform, then run the ingestion again."
            )
        return JobFailure(f"{what}: {error}. {cure}")


def surplus(granted: Iterable[TableGrant], wanted: Iterable[TableGrant]) -> list[TableGrant]:
    """What of `granted` goes beyond `wanted`, in the form of grants to take back."""
    keep = {grant.principal: grant for grant in wanted}
    result = []
    for old in granted:
        new = keep.get(old.principal)
        if new is None:
            result.append(old)
            continue
        gone = tuple(p for p in old.permissions if p not in new.permissions)
        if gone:
            result.append(TableGrant(old.principal, gone, old.grantable))
        # The right to pass a permission on cannot be taken back alone: the grant is made anew without it.
        kept = tuple(p for p in old.permissions if p in new.permissions)
        if old.grantable and not new.grantable and kept:
            result.append(TableGrant(old.principal, kept, True))
    return result
