"""SPARK dialects by Spark itself, in one run of one job: where Glue refuses them, and with the strategy spark-first."""

import json
from pathlib import Path

import pytest

from fake_aws import error
from fake_lake import FakeS3, Publishing

V, W = "entity_view_v", "entity_view_w"
TWO = {"v": {"a"}, "w": {"a"}}


@pytest.fixture
def lake() -> Publishing:
    return Publishing()


def refuse(lake: Publishing, code: str = "InvalidInputException") -> None:
    lake.glue.refuse["*"] = error(code, "SPARK is not supported")


@pytest.mark.parametrize("code", ["InvalidInputException", "InvalidObjectException", "AccessDeniedException"])
def test_what_glue_refuses_is_set_by_spark_in_one_run(
    lake: Publishing, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refuse(lake, code)
    outcome = lake.publish(TWO | {"x": {"a", "b"}})
    assert sorted(outcome.created) == [V, W, "entity_view_x"] and not outcome.failed
    assert len(lake.glue.updates) == 1, "one refusal is enough to know"
    assert len(lake.jobs.started) == 1
    assert sorted(lake.spark.statements)[:2] == [f"ALTER VIEW iceberg_db.{v} ADD DIALECT" for v in (V, W)]
    assert lake.glue.views[V]["dialects"].keys() == {"ATHENA", "SPARK"}
    log = capsys.readouterr().out
    assert f"3 views get their SPARK dialect by Spark: Glue UpdateTable ADD of the SPARK dialect: {code}: SPARK" in log
    assert f"[Step 2/3] SPARK dialect of iceberg_db.{V}: ADD by Spark, job run jr_1" in log
    assert f"[Step 3/3] checked: iceberg_db.{W} has both dialects" in log
    assert lake.publish(TWO | {"x": {"a", "b"}}).unchanged == [V, W, "entity_view_x"]
    assert len(lake.jobs.started) == 1


def test_a_refresh_that_glue_refuses_updates_the_dialect_by_spark(lake: Publishing) -> None:
    lake.publish(TWO)
    refuse(lake)
    assert lake.publish({"v": {"a", "b"}, "w": {"a"}}).updated == [V]
    assert lake.spark.statements == [f"ALTER VIEW iceberg_db.{V} UPDATE DIALECT"]
    assert lake.glue.views[V]["columns"][-1] == ("b", "string") and not lake.glue.views[V]["stale"]


def test_a_refusal_after_an_acceptance_is_about_its_own_view(lake: Publishing) -> None:
    lake.glue.refuse[W] = error("InvalidInputException", "this one not")
    outcome = lake.publish({f"{n}": {"a"} for n in range(9)} | {"w": {"a"}})
    assert len(outcome.created) == 10
    assert len(lake.glue.updates) == 10
    assert lake.spark.statements == [f"ALTER VIEW iceberg_db.{W} ADD DIALECT"]


def test_a_conflict_is_no_refusal_and_is_tried_again(lake: Publishing) -> None:
    lake.glue.conflicts = 3
    assert lake.publish({"v": {"a"}}).created == [V]
    assert (len(lake.glue.updates), lake.slept, lake.jobs.started) == (4, [1.0, 2.0, 4.0], [])


def test_a_conflict_that_never_ends_fails_its_view_and_starts_no_spark(lake: Publishing) -> None:
    lake.glue.conflicts = 100
    assert "ConcurrentModificationException" in lake.publish({"v": {"a"}}).failed[V]
    assert lake.jobs.started == []


def test_a_view_that_spark_refuses_too_keeps_athena_and_fails_alone(lake: Publishing) -> None:
    refuse(lake)
    lake.spark.fail[V] = "no permission for you"
    outcome = lake.publish(TWO)
    assert outcome.created == [W] and list(outcome.failed) == [V]
    assert lake.glue.views[V]["dialects"].keys() == {"ATHENA"}
    for said in ("InvalidInputException: SPARK is not supported", "no permission for you", "To cure it:"):
        assert said in outcome.failed[V]
    lake.spark.fail.clear()
    assert lake.publish(TWO).updated == [V]


def test_another_run_of_the_job_is_waited_for(lake: Publishing) -> None:
    refuse(lake)
    lake.jobs.busy = 3
    assert lake.publish({"v": {"a"}}).created == [V]
    assert lake.slept[:3] == [1.0, 2.0, 4.0]


def test_a_job_that_never_gets_free_fails_the_views(lake: Publishing) -> None:
    refuse(lake)
    lake.jobs.busy = 1000
    failure = lake.publish({"v": {"a"}}).failed[V]
    assert "ConcurrentRunsExceededException" in failure and "stop it" in failure


@pytest.mark.parametrize("state", ["TIMEOUT", "STOPPED", "FAILED", "EXPIRED"])
def test_a_run_that_is_cut_short_fails_the_views_it_does_not_tell_of(lake: Publishing, state: str) -> None:
    refuse(lake)
    lake.jobs.end = (state, "out of luck")
    assert f"ended as {state} without telling of this view: out of luck" in lake.publish({"v": {"a"}}).failed[V]


def test_the_result_of_an_earlier_request_is_not_taken_for_that_of_this_one(lake: Publishing) -> None:
    refuse(lake)
    lake.publish({"v": {"a"}})
    lake.jobs.end = ("TIMEOUT", "")
    assert V in lake.publish({"v": {"a", "b"}}).failed


def test_a_run_is_stopped_when_the_publisher_is(lake: Publishing) -> None:
    refuse(lake)

    def stop() -> None:
        raise SystemExit(143)

    lake.jobs.on_get = stop
    with pytest.raises(SystemExit):
        lake.publish({"v": {"a"}})
    assert lake.jobs.stopped == ["jr_1"]


def test_a_driver_without_s3_works_from_glues_copy_of_the_statements(tmp_path: Path) -> None:
    lake = Publishing(tmp_path)
    refuse(lake)
    lake.driver_s3 = FakeS3()
    lake.driver_s3.denied = True

    def copy() -> None:
        assert lake.jobs.started[-1]["--extra-files"] == "s3://lake/state/spark-dialects.json"
        (tmp_path / "spark-dialects.json").write_bytes(lake.s3.objects["state/spark-dialects.json"])

    lake.jobs.on_get = copy
    assert lake.publish({"v": {"a"}}).created == [V]
    assert "state/spark-dialects-result.json" not in lake.s3.objects
    lake.spark.fail[V] = "not this one"
    assert "not this one" in lake.publish({"v": {"a", "b"}}).failed[V]


def test_the_job_refuses_a_request_that_is_not_its_own(lake: Publishing) -> None:
    refuse(lake)

    def meddle() -> None:
        content = {"version": 1, "id": "other", "statements": {}}
        lake.s3.objects["state/spark-dialects.json"] = json.dumps(content).encode()

    lake.jobs.on_get = meddle
    assert "holds the request other" in lake.publish({"v": {"a"}}).failed[V]


def test_spark_first_makes_spark_before_athena(lake: Publishing, capsys: pytest.CaptureFixture[str]) -> None:
    assert sorted(lake.publish(TWO, "spark-first").created) == [V, W]
    create = "CREATE PROTECTED MULTI DIALECT VIEW iceberg_db.{} SECURITY DEFINER"
    assert sorted(lake.spark.statements) == [create.format(V), create.format(W)]
    assert sorted(lake.heads()) == [f"ALTER VIEW iceberg_db.{v} ADD DIALECT" for v in (V, W)]
    assert (lake.glue.updates, len(lake.jobs.started)) == ([], 1)
    log = [line for line in capsys.readouterr().out.splitlines() if V in line and "Step" in line]
    assert [line[:20] for line in log] == ["[Step 1/3] SPARK dia", "[Step 2/3] ATHENA di", "[Step 3/3] checked: "]

    first = {name: dict(view["dialects"]) for name, view in lake.glue.views.items()}
    other = Publishing()
    other.publish(TWO)
    assert {name: view["dialects"] for name, view in other.glue.views.items()} == first


def test_spark_first_forces_spark_only_where_the_schema_changes(lake: Publishing) -> None:
    lake.publish(TWO, "spark-first")
    lake.heads()
    lake.spark.statements.clear()
    assert lake.publish({"v": {"a", "b"}, "w": {"a"}}, "spark-first").updated == [V]
    assert lake.spark.statements == [f"ALTER VIEW iceberg_db.{V} FORCE UPDATE DIALECT"]
    assert lake.heads() == [f"ALTER VIEW iceberg_db.{V} UPDATE DIALECT"]
    assert not lake.glue.views[V]["stale"]


def test_a_new_view_whose_athena_step_fails_is_removed_again(lake: Publishing) -> None:
    lake.athena.fail[V] = "no such role"
    outcome = lake.publish(TWO, "spark-first")
    assert outcome.created == [W] and "no such role" in outcome.failed[V]
    assert lake.glue.views.keys() == {W}
    lake.athena.fail.clear()
    assert lake.publish(TWO, "spark-first").created == [V]


def test_an_older_view_whose_athena_step_fails_stays(lake: Publishing) -> None:
    lake.publish(TWO, "spark-first")
    lake.athena.fail[V] = "no such role"
    assert V in lake.publish({"v": {"a", "b"}, "w": {"a"}}, "spark-first").failed
    assert lake.glue.views[V]["dialects"].keys() == {"ATHENA", "SPARK"}


def test_a_view_that_a_cut_off_run_left_without_athena_is_finished_or_removed(lake: Publishing) -> None:
    lake.publish({"v": {"a"}}, "spark-first")
    lake.published = {}
    del lake.glue.views[V]["dialects"]["ATHENA"]
    lake.athena.fail[V] = "no such role"
    assert V in lake.publish({"v": {"a"}}, "spark-first").failed
    assert lake.glue.views == {}


def test_views_made_by_a_run_that_is_cut_short_are_removed_again(lake: Publishing) -> None:
    lake.jobs.end = ("TIMEOUT", "")

    def make() -> None:
        lake.glue.views[V] = {"dialects": {"SPARK": "x"}, "stale": set(), "columns": []}

    lake.jobs.on_get = make
    assert V in lake.publish({"v": {"a"}}, "spark-first").failed
    assert lake.glue.views == {}
