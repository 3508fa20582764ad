"""The publisher: each view in both dialects, ATHENA first, and nothing sent for what is as wanted."""

from typing import Any

import pytest

from fake_aws import FakeAthena, FakeGlue, error
from fake_lake import Publishing


@pytest.fixture
def lake() -> Publishing:
    return Publishing()


V = "entity_view_v"
CREATE = f"CREATE PROTECTED MULTI DIALECT VIEW iceberg_db.{V} SECURITY DEFINER"


def test_a_new_view_gets_the_athena_dialect_first(lake: Publishing, capsys: pytest.CaptureFixture[str]) -> None:
    assert lake.publish({"v": {"a", "b"}}).created == [V]
    assert lake.heads() == [CREATE]
    assert lake.glue.updates == [(V, "ADD", False)]
    assert lake.glue.views[V]["columns"] == [
        (c, "string") for c in ("entity1", "entity2", "entity3", "entity4", "a", "b")
    ]
    log = capsys.readouterr().out
    assert [line[:10] for line in log.splitlines()] == ["[Step 1/3]", "[Step 2/3]", "[Step 3/3]"]


def test_an_unchanged_view_is_not_touched(lake: Publishing) -> None:
    lake.publish({"v": {"a"}, "w": {"a"}})
    lake.heads()
    outcome = lake.publish({"v": {"a"}, "w": {"a", "b"}})
    assert (outcome.unchanged, outcome.updated) == ([V], ["entity_view_w"])
    assert lake.heads() == ["ALTER VIEW iceberg_db.entity_view_w FORCE UPDATE DIALECT"]
    assert lake.glue.updates[-1] == ("entity_view_w", "REPLACE", True)
    assert not lake.glue.views["entity_view_w"]["stale"]


def test_a_view_that_the_listing_does_not_show_is_not_asked_for(lake: Publishing) -> None:
    lake.publish({"v": {"a"}})
    # Before its SPARK dialect is set, and to check it.
    assert lake.glue.looks == [V, V]


def test_a_view_is_published_again_when_its_state_is_lost(lake: Publishing) -> None:
    lake.publish({"v": {"a"}})
    lake.published, _ = {}, lake.heads()
    assert lake.publish({"v": {"a"}}).updated == [V]
    assert lake.heads() == [f"ALTER VIEW iceberg_db.{V} UPDATE DIALECT"]


@pytest.mark.parametrize(
    ("lost", "heads", "updates"),
    [("SPARK", [], ["ADD"]), ("ATHENA", [f"ALTER VIEW iceberg_db.{V} ADD DIALECT"], [])],
)
def test_a_dialect_that_is_missing_is_added(lake: Publishing, lost: str, heads: list[str], updates: list[str]) -> None:
    lake.publish({"v": {"a"}})
    lake.heads()
    lake.glue.updates.clear()
    del lake.glue.views[V]["dialects"][lost]
    assert lake.publish({"v": {"a"}}).updated == [V]
    assert (lake.heads(), [action for _, action, _ in lake.glue.updates]) == (heads, updates)


@pytest.mark.parametrize("stale", ["SPARK", "ATHENA"])
def test_a_stale_dialect_is_brought_up_to_date(lake: Publishing, stale: str) -> None:
    lake.publish({"v": {"a"}})
    lake.glue.views[V]["stale"] = {stale}
    assert lake.publish({"v": {"a"}}).updated == [V]
    assert lake.glue.views[V]["stale"] == set()


def test_a_failed_view_stops_no_other_and_is_tried_again(lake: Publishing) -> None:
    lake.athena.fail["entity_view_w"] = "no such role"
    lake.glue.refuse["entity_view_x"] = error("AlarmingException", "the catalog is on fire")
    outcome = lake.publish({"v": {"a"}, "w": {"a"}, "x": {"a"}})
    assert outcome.created == [V] and set(outcome.failed) == {"entity_view_w", "entity_view_x"}
    assert "no such role" in outcome.failed["entity_view_w"]
    assert "AlarmingException: the catalog is on fire" in outcome.failed["entity_view_x"]
    assert lake.jobs.started == []
    lake.athena.fail, lake.glue.refuse = {}, {}
    outcome = lake.publish({"v": {"a"}, "w": {"a"}, "x": {"a"}})
    assert (outcome.unchanged, outcome.created, outcome.updated) == ([V], ["entity_view_w"], ["entity_view_x"])


def test_throttling_is_waited_out_with_growing_pauses(lake: Publishing) -> None:
    lake.athena.throttle = 3
    assert lake.publish({"v": {"a"}}).created == [V]
    assert lake.slept[:3] == [1.0, 2.0, 4.0]


def test_keys_that_one_view_cannot_hold_go_into_numbered_ones(lake: Publishing) -> None:
    keys = {f"{'k' * 290}{i}" for i in range(600)}
    outcome = lake.publish({"v": keys, "w": {"a"}})
    assert sorted(outcome.created) == [V, f"{V}_2", "entity_view_w"]
    first, second = ([c for c, _ in lake.glue.views[name]["columns"]] for name in (V, f"{V}_2"))
    assert first[:4] == second[:4] == ["entity1", "entity2", "entity3", "entity4"]
    assert len({*first[4:], *second[4:]}) == 600


def test_a_key_too_long_for_any_view_fails_its_own_view_only(lake: Publishing) -> None:
    outcome = lake.publish({"v": {"a", "k" * 300_000}, "w": {"a"}})
    assert sorted(outcome.created) == [V, "entity_view_w"]
    assert "Athena takes at most 262,144" in outcome.failed[f"{V}_2"]


def test_an_entry_that_is_no_such_view_fails_and_stays(lake: Publishing) -> None:
    class WithTable(FakeGlue):
        def table(self, name: str) -> dict[str, Any]:
            return {"Name": name, "TableType": "EXTERNAL_TABLE"}

    lake.glue = WithTable()
    lake.glue.views[V] = {}
    lake.athena = FakeAthena(lake.glue)
    assert "is there already and is no multi-dialect view" in lake.publish({"v": {"a"}}).failed[V]
    assert lake.heads() == []
