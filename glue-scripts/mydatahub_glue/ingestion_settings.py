"""How this lake ingests (Terraform's settings), and what one run was asked for (the workflow run's properties)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from mydatahub_glue.failure import JobFailure

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

_ALLOWED = {
    "mode": ("sync", "append"),
    "removed_files": ("keep", "remove"),
    "bad_files": ("refuse", "quarantine"),
    "additional_columns": ("refuse", "merge"),
}
_SWITCHES = ("confirm_removals", "full", "refresh")


@dataclass(frozen=True)
class IngestionSettings:
    """`mode`: sync replaces the rows of a corrected file, append keeps them beside the new ones.

    `removed_files`: whether the rows of a file go when the file does. `bad_files`: whether a file that breaks the
    contract stops the run or is put aside. `additional_columns`: whether columns after the six widen the table.
    """

    mode: str = "sync"
    removed_files: str = "keep"
    bad_files: str = "refuse"
    additional_columns: str = "refuse"

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            if value not in _ALLOWED[name]:
                argument = "--ingestion_mode" if name == "mode" else f"--{name}"
                raise JobFailure(
                    f"{argument} is {value!r}; it must be {' or '.join(_ALLOWED[name])}. Most likely the job's "
                    "arguments were edited by hand. To cure it: apply terraform/ again."
                )

    def to_state(self) -> dict[str, str]:
        return asdict(self)


@dataclass(frozen=True)
class RunRequest:
    """What this one run was asked for. `rollback_to`: a snapshot id or an ISO 8601 time; empty for none."""

    confirm_removals: bool = False
    full: bool = False
    refresh: bool = False
    rollback_to: str = ""

    @staticmethod
    def of_properties(properties: Mapping[str, str]) -> "RunRequest":
        """Raises JobFailure for a value that is neither true nor false, and for requests that exclude each other."""
        for name in _SWITCHES:
            if properties.get(name, "false") not in ("true", "false"):
                raise JobFailure(
                    f"the run property {name} is {properties[name]!r}; it must be true or false. To cure it: start "
                    "the run by npx mydatahub run-ingestion, which writes it."
                )
        switches = {name: properties.get(name) == "true" for name in _SWITCHES}
        request = RunRequest(**switches, rollback_to=properties.get("rollback_to", "").strip())
        if sum([request.full, request.refresh, bool(request.rollback_to)]) > 1:
            raise JobFailure(
                "the run properties full, refresh and rollback_to exclude each other. To cure it: start a run for each."
            )
        return request


def requested(glue: "GlueClient", workflow: str, run_id: str) -> RunRequest:
    """The request of a workflow run; nothing special for a job that was started outside of a workflow."""
    if not workflow or not run_id:
        return RunRequest()
    return RunRequest.of_properties(glue.get_workflow_run_properties(Name=workflow, RunId=run_id)["RunProperties"])
