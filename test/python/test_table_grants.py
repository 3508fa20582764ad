"""The grants on the entity table: made by its creator, taken back when no longer wanted, and refusals explained."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from conftest import BUCKET
from fake_aws import error
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.table_grants import TableGrant, TableGrants, surplus

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DEFINER = "arn:aws:iam::123456789012:role/mydatahub/mydatahub-view-definer"
ANALYST = "arn:aws:iam::123456789012:role/analyst"
TO_DEFINER = {"principal": DEFINER, "permissions": ["DESCRIBE", "SELECT"], "grantable": True}
TO_ANALYST = {"principal": ANALYST, "permissions": ["DESCRIBE", "SELECT"], "grantable": False}


class FakeLakeFormation:
    """Keeps who holds what; `refuse`: error codes of the next calls."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[list[str], list[str]]] = {}
        self.calls: list[str] = []
        self.refuse: list[str] = []

    def grant_permissions(self, **members: Any) -> None:
        self._take("grant", members)
        self.held[_principal(members)] = (members["Permissions"], members["PermissionsWithGrantOption"])

    def revoke_permissions(self, **members: Any) -> None:
        self._take("revoke", members)
        if self.held.pop(_principal(members), None) is None:
            raise error("InvalidInputException", "No permissions revoked")

    def _take(self, call: str, members: dict[str, Any]) -> None:
        assert members["Resource"] == {"Table": {"DatabaseName": "iceberg_db", "Name": "entity_data"}}
        self.calls.append(f"{call} {_principal(members).rsplit('/', 1)[-1]}")
        if self.refuse:
            raise error(self.refuse.pop(0))


def _principal(members: dict[str, Any]) -> str:
    return str(members["Principal"]["DataLakePrincipalIdentifier"])


def want(s3: "S3Client", *grants: dict[str, Any]) -> None:
    body = json.dumps({"version": 1, "table_grants": grants}).encode()
    s3.put_object(Bucket=BUCKET, Key="config/lake.json", Body=body)


def settle(lakeformation: FakeLakeFormation, s3: "S3Client") -> None:
    TableGrants(lakeformation, "iceberg_db", "entity_data", sleep=lambda _: None).settle(s3, BUCKET, "state/")


def test_the_definer_may_pass_on_what_it_is_granted_and_an_analyst_may_not(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    want(s3, TO_DEFINER, TO_ANALYST)
    settle(lakeformation, s3)
    both = ["DESCRIBE", "SELECT"]
    assert lakeformation.held == {DEFINER: (both, both), ANALYST: (both, [])}


def test_who_is_no_longer_wanted_loses_the_grant_and_nobody_else_does(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    want(s3, TO_DEFINER, TO_ANALYST)
    settle(lakeformation, s3)
    lakeformation.held["arn:aws:iam::123456789012:role/granted-by-hand"] = (["SELECT"], [])
    want(s3, TO_DEFINER)
    settle(lakeformation, s3)
    assert set(lakeformation.held) == {DEFINER, "arn:aws:iam::123456789012:role/granted-by-hand"}


def test_a_grant_that_is_gone_already_is_no_failure(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    want(s3, TO_ANALYST)
    settle(lakeformation, s3)
    lakeformation.held.clear()
    want(s3)
    settle(lakeformation, s3)
    assert lakeformation.held == {}


def test_a_table_made_anew_gets_its_grants_again(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    want(s3, TO_DEFINER)
    settle(lakeformation, s3)
    lakeformation.held.clear()
    settle(lakeformation, s3)
    assert set(lakeformation.held) == {DEFINER}


def test_a_change_under_way_is_waited_for(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    lakeformation.refuse = ["ConcurrentModificationException", "ConcurrentModificationException"]
    want(s3, TO_DEFINER)
    settle(lakeformation, s3)
    assert set(lakeformation.held) == {DEFINER}


def test_a_table_that_something_else_made_is_named_with_the_variable_that_cures_it(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    lakeformation.refuse = ["AccessDeniedException"]
    want(s3, TO_DEFINER)
    with pytest.raises(JobFailure, match=r"DESCRIBE, SELECT on iceberg_db\.entity_data.*adopt_entity_table = true"):
        settle(lakeformation, s3)


def test_a_principal_that_is_gone_is_named(s3: "S3Client") -> None:
    lakeformation = FakeLakeFormation()
    lakeformation.refuse = ["InvalidInputException"]
    want(s3, TO_ANALYST)
    with pytest.raises(JobFailure, match=f"{ANALYST}.*take it out of analysts"):
        settle(lakeformation, s3)


@pytest.mark.parametrize("config", [None, b"{}", b"no json", b'{"table_grants": [{}]}'])
def test_a_configuration_that_does_not_say_stops_the_job(s3: "S3Client", config: bytes | None) -> None:
    if config is not None:
        s3.put_object(Bucket=BUCKET, Key="config/lake.json", Body=config)
    with pytest.raises(JobFailure, match="apply Terraform for this lake again"):
        settle(FakeLakeFormation(), s3)


def test_only_what_is_too_much_is_taken_back() -> None:
    old = [TableGrant(DEFINER, ("ALTER", "SELECT"), True), TableGrant(ANALYST, ("SELECT",), False)]
    new = [TableGrant(DEFINER, ("SELECT",), False), TableGrant(ANALYST, ("DESCRIBE", "SELECT"), False)]
    assert surplus(old, new) == [TableGrant(DEFINER, ("ALTER",), True), TableGrant(DEFINER, ("SELECT",), True)]
    assert surplus(new, new) == []
