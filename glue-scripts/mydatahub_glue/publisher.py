"""The publisher: brings the views of the catalog to the wanted state, in both dialects.

A view is never dropped to be refreshed, since its grants would go with it.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Literal

from mydatahub_glue.athena import STATEMENTS_AT_ONCE, Athena
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.log import say
from mydatahub_glue.pivot import Schema
from mydatahub_glue.spark_dialects import SparkDialects
from mydatahub_glue.view_catalog import (
    ATHENA,
    SPARK,
    Listing,
    SparkRefusedError,
    ViewCatalog,
    ViewState,
    told_column,
)
from mydatahub_glue.view_steps import NOTHING, Steps, Strategy, athena_head, spark_statement, steps
from mydatahub_glue.wanted_views import WantedView

# So many that Athena's places are taken while other views wait for the Data Catalog.
VIEWS_AT_ONCE = 2 * STATEMENTS_AT_ONCE


@dataclass
class Outcome:
    """View names by what became of them; `failed` with the reason."""

    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def fail(self, view: str, reason: str) -> None:
        """Moves a view to the failed ones."""
        for names in (self.created, self.updated, self.unchanged):
            if view in names:
                names.remove(view)
        self.failed[view] = f"{self.failed[view]}\n{reason}" if view in self.failed else reason


@dataclass
class _Task:
    """A view on its way. `listed`: whether the catalog had an entry of its name when the run began.

    `failure`: why it goes no further; `refusal`: what Glue said to its SPARK dialect.
    """

    view: WantedView
    listed: bool
    state: ViewState | None = None
    todo: Steps = NOTHING
    failure: str | None = None
    refusal: str | None = None


class Publisher:
    """`published`: view name -> SHA-256 of both SQL texts that an earlier run brought through all its steps.

    `on_done` is told of each view that this run has brought through them, by many threads.
    """

    def __init__(
        self,
        athena: Athena,
        catalog: ViewCatalog,
        spark_dialects: SparkDialects,
        database: str,
        published: Mapping[str, str],
        strategy: Strategy = "athena-first",
        on_done: Callable[[WantedView], None] = lambda view: None,
    ) -> None:
        self._athena = athena
        self._catalog = catalog
        self._spark_dialects = spark_dialects
        self._database = database
        self._published = published
        self._strategy: Strategy = strategy
        self._on_done = on_done
        self._glue_takes_spark: bool | None = None
        self._first_refusal = ""
        self._first_asking = threading.Lock()

    def publish(self, wanted: Iterable[WantedView], there: Listing) -> Outcome:
        """All views, several at once. A view that fails stops no other. `there`: what the catalog held just now."""
        outcome = Outcome()
        tasks = []
        for view in wanted:
            state = there.views.get(view.name)
            if self._published.get(view.name) == view.sql.hash and state and state.is_ready(view.sql.schema):
                outcome.unchanged.append(view.name)
            else:
                tasks.append(_Task(view, state is not None or view.name in there.others))
        if self._strategy == "athena-first":
            self._athena_first(tasks)
        else:
            self._spark_first(tasks)
        for task in tasks:
            if task.failure is not None:
                outcome.failed[task.view.name] = task.failure
            else:
                (outcome.updated if task.state else outcome.created).append(task.view.name)
        return outcome

    def _athena_first(self, tasks: list[_Task]) -> None:
        """A view never exists without ATHENA: one that has only SPARK breaks Athena's metadata for everybody."""

        def through_glue(task: _Task) -> None:
            self._look(task)
            self._set_athena(task, 1, task.todo.force)
            if task.todo.spark is not None:
                task.refusal = self._ask_glue(task)
            if task.refusal is None:
                self._say_spark(task, 2, "by Glue UpdateTable")
                self._check(task)

        self._each(tasks, through_glue)
        left = [task for task in tasks if task.failure is None and task.refusal is not None]
        if left:
            who = "1 view gets its" if len(left) == 1 else f"{len(left)} views get their"
            say(f"{who} SPARK dialect by Spark: {left[0].refusal}")
        # Their ATHENA dialect has the wanted schema already: nothing is left to be forced.
        self._set_spark(left, 2, forced=False)
        self._each(left, self._check)

    def _spark_first(self, tasks: list[_Task]) -> None:
        self._each(tasks, self._look)
        self._set_spark([task for task in tasks if task.failure is None], 1, forced=True)

        def athena_after_spark(task: _Task) -> None:
            self._set_athena(task, 2, False)
            self._check(task)

        self._each(tasks, athena_after_spark)
        self._each([task for task in tasks if task.failure is not None], self._remove_unfinished, despite=True)

    def _each(self, tasks: list[_Task], action: Callable[[_Task], None], despite: bool = False) -> None:
        """`action` for each task that has not failed; `despite`: for each."""

        def attempt(task: _Task) -> None:
            if task.failure is not None and not despite:
                return
            try:
                action(task)
            except JobFailure as failure:
                self._fail(task, str(failure))
            except Exception as error:
                self._fail(task, f"{type(error).__name__}: {error}")

        with ThreadPoolExecutor(VIEWS_AT_ONCE) as pool:
            list(pool.map(attempt, tasks))

    def _fail(self, task: _Task, reason: str) -> None:
        task.failure = reason if task.failure is None else f"{task.failure}; {reason}"
        say(f"FAILED {self._name(task)} (entity1 {task.view.entity1[:200]!r}): {reason}")

    def _look(self, task: _Task) -> None:
        """The view as it is now. What the listing had no entry for is new, which costs no call to find out."""
        task.state = self._catalog.view(task.view.name) if task.listed else None
        task.todo = steps(task.view, task.state, self._published, self._strategy)

    def _set_athena(self, task: _Task, number: int, force: bool) -> None:
        done = "kept"
        if task.todo.athena is not None:
            done = athena_head(self._database, task.view.name, task.todo.athena, force)
            self._athena.run(f"{done} AS {task.view.sql.athena}")
        say(f"[Step {number}/3] ATHENA dialect of {self._name(task)}: {done}")

    def _ask_glue(self, task: _Task) -> str | None:
        """Why Glue will not set the SPARK dialect; None when it has.

        The first view asks alone. Where Glue refuses it, the other views are not asked for: one refusal would
        follow the other. Where Glue has taken one, a refusal is about its own view.
        """
        with self._first_asking:
            if self._glue_takes_spark is None:
                refusal = self._update_table(task)
                self._glue_takes_spark = refusal is None
                self._first_refusal = refusal or ""
                return refusal
        if not self._glue_takes_spark:
            return f"{self._first_refusal} (said to the first view of this run, so not asked again)"
        return self._update_table(task)

    def _update_table(self, task: _Task) -> str | None:
        try:
            action: Literal["ADD", "REPLACE"] = "ADD" if task.todo.spark == "ADD" else "REPLACE"
            self._catalog.put_spark(task.view.name, task.view.sql, action, task.todo.force)
        except SparkRefusedError as refusal:
            return str(refusal)
        return None

    def _set_spark(self, tasks: list[_Task], number: int, forced: bool) -> None:
        """The SPARK dialects of all tasks, in one run of Spark."""
        statements = {
            task.view.name: spark_statement(self._database, task.view, task.todo.spark, forced and task.todo.force)
            for task in tasks
            if task.todo.spark is not None
        }
        how, failed = "", dict[str, str]()
        if statements:
            try:
                run = self._spark_dialects.set(statements)
                how, failed = f"by Spark, job run {run.run_id}", dict(run.failed)
            except Exception as error:
                reason = str(error) if isinstance(error, JobFailure) else f"{type(error).__name__}: {error}"
                failed = dict.fromkeys(statements, reason)
        for task in tasks:
            if task.view.name in failed:
                self._fail(task, self._spark_failure(task, failed[task.view.name]))
            else:
                self._say_spark(task, number, how)

    def _spark_failure(self, task: _Task, reason: str) -> str:
        if task.refusal is None:
            return f"Spark did not set the SPARK dialect: {reason}"
        return (
            f"{task.refusal}. Spark (job {self._spark_dialects.job_name}) did not set it either: {reason}. The view "
            "stays readable in Athena. To cure it: give the definer's role what these messages ask for, and run this "
            "job again; it takes up what is missing."
        )

    def _say_spark(self, task: _Task, number: int, how: str) -> None:
        done = "kept" if task.todo.spark is None else f"{task.todo.spark} {how}"
        say(f"[Step {number}/3] SPARK dialect of {self._name(task)}: {done}")

    def _check(self, task: _Task) -> None:
        view = task.view
        state = self._catalog.view(view.name)
        if state is None:
            raise JobFailure("the Data Catalog has no such view although both dialects were set")
        wrong = [d for d in (ATHENA, SPARK) if d not in state.dialects]
        stale = [d for d, is_stale in state.dialects.items() if is_stale]
        if wrong:
            raise JobFailure(f"the Data Catalog lacks the dialect {', '.join(wrong)} after both were set")
        if stale:
            raise JobFailure(f"the dialect {', '.join(stale)} is stale after both were set; run the job again")
        if state.schema != view.sql.schema:
            there, wanted = _told(state.schema), _told(view.sql.schema)
            raise JobFailure(f"the Data Catalog has the columns {there}, wanted are {wanted}")
        say(f"[Step 3/3] checked: {self._name(task)} has both dialects, none stale, {len(view.sql.columns)} columns")
        self._on_done(view)

    def _remove_unfinished(self, task: _Task) -> None:
        """A view without ATHENA that nobody was given yet goes again: it breaks Athena's metadata for everybody."""
        name = task.view.name
        unfinished = task.state and ATHENA not in task.state.dialects and not self._published.get(name)
        if task.todo.spark != "CREATE" and not unfinished:
            return
        state = self._catalog.view(name)
        if state is not None and ATHENA not in state.dialects:
            self._catalog.delete(name)
            say(f"Removed {self._name(task)} again: a view without its ATHENA dialect breaks Athena for everybody")

    def _name(self, task: _Task) -> str:
        return f"{self._database}.{task.view.name}"


def _told(schema: Schema) -> str:
    return ", ".join(told_column(name, of) for name, of in schema)
