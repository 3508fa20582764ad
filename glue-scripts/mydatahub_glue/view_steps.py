"""What is to do for a view, and the statements that do it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from mydatahub_glue.quoting import spark_view_name, view_name
from mydatahub_glue.view_catalog import ATHENA, SPARK, ViewState
from mydatahub_glue.wanted_views import WantedView

Strategy = Literal["athena-first", "spark-first"]
STRATEGIES: tuple[Strategy, ...] = ("athena-first", "spark-first")
Action = Literal["CREATE", "ADD", "UPDATE"]

_CREATE = "CREATE PROTECTED MULTI DIALECT VIEW {name} SECURITY DEFINER"


@dataclass(frozen=True)
class Steps:
    """What is to do for each dialect; None keeps it.

    `force`: the dialect that comes first may differ from the other one, which is stale until its own step.
    """

    athena: Action | None
    spark: Action | None
    force: bool


NOTHING = Steps(None, None, False)


def steps(view: WantedView, state: ViewState | None, published: Mapping[str, str], strategy: Strategy) -> Steps:
    """`state`: the view as the catalog has it; `published`: view -> hash that an earlier run brought through."""
    if state is None:
        return Steps("CREATE", "ADD", False) if strategy == "athena-first" else Steps("ADD", "CREATE", False)
    as_published = state.schema == view.sql.schema and published.get(view.name) == view.sql.hash

    def action(dialect: str) -> Action | None:
        if dialect not in state.dialects:
            return "ADD"
        return "UPDATE" if state.dialects[dialect] or not as_published else None

    # FORCE makes the other dialect stale until its own step: only where the schemas differ anyway.
    force = state.schema != view.sql.schema or any(state.dialects.values())
    return Steps(action(ATHENA), action(SPARK), force)


def athena_head(database: str, view: str, action: Action, force: bool) -> str:
    """Athena's statement up to AS."""
    return _head(view_name(database, view), action, force)


def spark_statement(database: str, view: WantedView, action: Action, force: bool) -> str:
    return f"{_head(spark_view_name(database, view.name), action, force)} AS {view.sql.spark}"


def _head(name: str, action: Action, force: bool) -> str:
    if action == "CREATE":
        return _CREATE.format(name=name)
    return f"ALTER VIEW {name} {'FORCE ' if force else ''}{action} DIALECT"
