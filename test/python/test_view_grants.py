"""Readers' grants: what is configured is granted view by view, and nothing is asked for what is there already."""

import threading
import time
from typing import Any

import pytest

from fake_aws import error
from fake_lake import FakeS3
from mydatahub_glue.backoff import Backoff
from mydatahub_glue.early_grants import EarlyGrants
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.readers import configured_readers
from mydatahub_glue.view_grants import BATCHES_AT_ONCE, Granted, ViewGrants

ANNA, BEN = "arn:aws:iam::1:role/anna", "arn:aws:iam::1:user/ben"
V, W = "entity_view_v", "entity_view_w"


class FakeLakeFormation:
    """Grants in memory. `fail`: principal -> (code, message, how many times); `throttle`: calls to refuse first.

    `most_at_once`: calls that were under way at one moment.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.under_way = self.most_at_once = 0
        self.grants: set[tuple[str, str]] = set()
        self.fail: dict[str, tuple[str, str, int]] = {}
        self.throttle = 0
        self.calls: list[tuple[str, int]] = []

    def batch_grant_permissions(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        return self._batch("GRANT", Entries)

    def batch_revoke_permissions(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:
        return self._batch("REVOKE", Entries)

    def _batch(self, what: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
        with self.lock:
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
        time.sleep(0.002)
        with self.lock:
            self.under_way -= 1
            return self._answer(what, entries)

    def _answer(self, what: str, entries: list[dict[str, Any]]) -> dict[str, Any]:
        self.calls.append((what, len(entries)))
        assert len(entries) <= 20
        if self.throttle:
            self.throttle -= 1
            raise error("ThrottledException", "slow down")
        failures = []
        for entry in entries:
            assert entry["Permissions"] == ["SELECT", "DESCRIBE"]
            table = entry["Resource"]["Table"]
            assert (table["CatalogId"], table["DatabaseName"]) == ("1", "iceberg_db")
            who = entry["Principal"]["DataLakePrincipalIdentifier"]
            code, message, times = self.fail.get(who, ("", "", 0))
            if times:
                self.fail[who] = (code, message, times - 1)
                detail = {"ErrorCode": code, "ErrorMessage": message}
                failures.append({"RequestEntry": {"Id": entry["Id"]}, "Error": detail})
            elif what == "GRANT":
                self.grants.add((table["Name"], who))
            else:
                self.grants.discard((table["Name"], who))
        return {"Failures": failures}


class Granting:
    def __init__(self) -> None:
        self.lake_formation = FakeLakeFormation()
        self.state: dict[str, list[str]] = {}
        self.slept: list[float] = []

    def bring(self, wanted: dict[str, set[str]], fresh: tuple[str, ...] = (), failed: tuple[str, ...] = ()) -> Granted:
        self.lake_formation.calls.clear()
        backoff = Backoff(sleep=self.slept.append, dice=lambda most: most)
        grants = ViewGrants(self.lake_formation, "1", "iceberg_db", backoff)
        granted = grants.bring(self.state, wanted, wanted.keys() - set(failed), fresh)
        self.state = granted.grants
        return granted


@pytest.fixture
def lake() -> Granting:
    return Granting()


def test_readers_are_granted_once_and_unchanged_ones_ask_nothing(lake: Granting) -> None:
    wanted = {V: {ANNA, BEN}, W: {ANNA}}
    assert not lake.bring(wanted).failed
    assert lake.lake_formation.grants == {(V, ANNA), (V, BEN), (W, ANNA)}
    assert lake.state == {V: [ANNA, BEN], W: [ANNA]}
    assert lake.lake_formation.calls == [("GRANT", 3)]
    lake.bring(wanted)
    assert lake.lake_formation.calls == []


def test_only_what_was_granted_here_is_revoked(lake: Granting) -> None:
    lake.bring({V: {ANNA, BEN}})
    lake.lake_formation.grants.add((V, "arn:by-hand"))
    lake.bring({V: {ANNA}})
    assert lake.lake_formation.calls == [("REVOKE", 1)]
    assert lake.lake_formation.grants == {(V, ANNA), (V, "arn:by-hand")}
    assert lake.state == {V: [ANNA]}


def test_a_view_that_failed_is_not_granted_but_still_revoked(lake: Granting) -> None:
    lake.bring({V: {BEN}})
    lake.bring({V: {ANNA}, W: {ANNA}}, failed=(V, W))
    assert lake.lake_formation.grants == set() and lake.state == {}


def test_a_view_made_anew_is_granted_anew(lake: Granting) -> None:
    lake.bring({V: {ANNA}})
    lake.lake_formation.grants.clear()
    lake.bring({V: {ANNA}}, fresh=(V,))
    assert lake.lake_formation.grants == {(V, ANNA)}


def test_grants_of_a_view_that_is_gone_are_forgotten_without_a_call(lake: Granting) -> None:
    lake.bring({V: {ANNA}, W: {ANNA}})
    lake.bring({V: {ANNA}})
    assert (lake.lake_formation.calls, lake.state) == ([], {V: [ANNA]})


def test_a_hundred_grants_go_in_batches_of_twenty(lake: Granting) -> None:
    lake.bring({f"entity_view_{n}": {ANNA} for n in range(101)})
    assert sorted(lake.lake_formation.calls) == [("GRANT", 1)] + [("GRANT", 20)] * 5
    assert 1 < lake.lake_formation.most_at_once <= BATCHES_AT_ONCE


def test_a_refused_grant_fails_its_view_alone_and_is_tried_again(lake: Granting) -> None:
    lake.lake_formation.fail[BEN] = ("InvalidInputException", "Invalid principal", 1)
    granted = lake.bring({V: {ANNA, BEN}, W: {ANNA}})
    assert list(granted.failed) == [V]
    for said in (f"SELECT, DESCRIBE was not granted to {BEN}", "Invalid principal", "To cure it:"):
        assert said in granted.failed[V]
    assert lake.state == {V: [ANNA], W: [ANNA]}
    assert not lake.bring({V: {ANNA, BEN}, W: {ANNA}}).failed
    assert lake.lake_formation.calls == [("GRANT", 1)]


def test_a_refused_revocation_fails_its_view_and_is_remembered(lake: Granting) -> None:
    lake.bring({V: {ANNA, BEN}})
    lake.lake_formation.fail[BEN] = ("AccessDeniedException", "not yours", 1)
    assert f"was not revoked from {BEN}: AccessDeniedException: not yours" in lake.bring({V: {ANNA}}).failed[V]
    assert lake.state == {V: [ANNA, BEN]}
    assert not lake.bring({V: {ANNA}}).failed


def test_what_somebody_else_has_revoked_is_no_failure(lake: Granting) -> None:
    lake.bring({V: {ANNA, BEN}})
    message = "No permissions revoked. Grantee has no permissions and no grantable permissions on resource."
    lake.lake_formation.fail[BEN] = ("InvalidInputException", message, 1)
    assert not lake.bring({V: {ANNA}}).failed
    assert lake.state == {V: [ANNA]}


def test_throttled_calls_and_entries_are_tried_again(lake: Granting) -> None:
    lake.lake_formation.throttle = 2
    lake.lake_formation.fail[BEN] = ("ConcurrentModificationException", "busy", 2)
    assert not lake.bring({V: {ANNA, BEN}}).failed
    assert lake.lake_formation.calls == [("GRANT", 2)] * 3 + [("GRANT", 1)] * 2
    assert lake.slept == [1.0, 2.0, 4.0, 8.0]


def test_throttling_without_end_fails_the_views(lake: Granting) -> None:
    lake.lake_formation.throttle = 100
    assert "ThrottledException: slow down" in lake.bring({V: {ANNA}}).failed[V]
    assert lake.state == {}


def test_ready_views_are_granted_in_full_batches_and_the_rest_at_the_end(lake: Granting) -> None:
    early, told = EarlyGrants(ViewGrants(lake.lake_formation, "1", "iceberg_db")), list[str]()
    for number in range(25):
        early.add(f"entity_view_{number:02d}", {ANNA}, lambda: told.append("granted"))
    early.add("entity_view_of_nobody", set(), lambda: told.append("nobody"))
    granted = early.end()
    assert sorted(lake.lake_formation.calls) == [("GRANT", 5), ("GRANT", 20)]
    assert granted == lake.lake_formation.grants == {(f"entity_view_{number:02d}", ANNA) for number in range(25)}
    assert (told.count("granted"), told.count("nobody")) == (25, 1)


def test_what_was_refused_early_is_asked_for_again_and_told_once(lake: Granting) -> None:
    lake.lake_formation.fail[BEN] = ("InvalidInputException", "Invalid principal", 2)
    grants = ViewGrants(lake.lake_formation, "1", "iceberg_db")
    early, told = EarlyGrants(grants), list[str]()
    early.add(V, {ANNA, BEN}, lambda: told.append(V))
    granted = grants.bring({}, {V: {ANNA, BEN}}, [V], [V], early.end())
    assert lake.lake_formation.calls == [("GRANT", 2), ("GRANT", 1)]
    assert (told, granted.grants) == ([V], {V: [ANNA]})
    assert granted.failed[V].count("Invalid principal") == 1


def test_readers_come_from_the_lake_configuration() -> None:
    bucket = FakeS3()
    s3: Any = bucket
    bucket.objects["config/lake.json"] = (
        f'{{"version": 1, "readers": [{{"principal": "{ANNA}", "views": ["*"], "base_table": false}}, '
        f'{{"principal": "{BEN}", "views": ["{W}"], "base_table": true}}]}}'
    ).encode()
    readers = configured_readers(s3, "lake")
    assert readers.of_views([V, W]) == {V: {ANNA}, W: {ANNA, BEN}}
    bucket.objects["config/lake.json"] = b'{"version": 1}'
    assert configured_readers(s3, "lake").of_views([V]) == {V: set()}
    bucket.objects["config/lake.json"] = b'{"version": 1, "readers": ["anna"]}'
    with pytest.raises(JobFailure, match="terraform apply"):
        configured_readers(s3, "lake")
