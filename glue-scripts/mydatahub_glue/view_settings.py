"""What a run of the views job is asked for."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.pivot import FORMS, Form
from mydatahub_glue.view_steps import STRATEGIES, Strategy

WithoutDataChoice = Literal["keep", "mark", "drop"]
WITHOUT_DATA: tuple[WithoutDataChoice, ...] = ("keep", "mark", "drop")

T = TypeVar("T", bound=str)


@dataclass(frozen=True)
class ViewSettings:
    """`without_data`: what becomes of a view whose entity1 has no row any more. `only`: the one entity1 to publish."""

    strategy: Strategy = "athena-first"
    form: Form = "auto"
    without_data: WithoutDataChoice = "keep"
    only: str | None = None
    dry_run: bool = False

    @property
    def kept(self) -> dict[str, str]:
        """Those that decide what is published, as config/lake.json and state/views.json have them."""
        return {"form": self.form, "without_data": self.without_data}


@dataclass(frozen=True)
class ViewJob:
    """Where things are; prefixes end in `/`."""

    bucket: str
    state_prefix: str
    iceberg_prefix: str
    catalog: str
    database: str
    table: str
    settings: ViewSettings


def view_settings(strategy: str, form: str, without_data: str, only: str, dry_run: str) -> ViewSettings:
    """From the job's arguments; an empty `only` means all. Raises JobFailure for what is none of the choices."""
    return ViewSettings(
        _one_of("view_strategy", strategy, STRATEGIES),
        _one_of("view_form", form, FORMS),
        _one_of("views_without_data", without_data, WITHOUT_DATA),
        only or None,
        _one_of("dry_run", dry_run, ("true", "false")) == "true",
    )


def _one_of(argument: str, text: str, choices: tuple[T, ...]) -> T:
    for choice in choices:
        if text == choice:
            return choice
    raise JobFailure(f"--{argument} is {text!r}. To cure it: use {', '.join(choices[:-1])} or {choices[-1]}.")
