"""Job of a Glue script. Job bookmarks are not modelled: `commit` keeps nothing."""

from collections.abc import Mapping

from awsglue.context import GlueContext


class Job:
    def __init__(self, glue_context: GlueContext) -> None:
        self._initialized = False

    def init(self, job_name: str, args: Mapping[str, object] | None = None) -> None:
        self._initialized = True

    def isInitialized(self) -> bool:
        return self._initialized

    def commit(self) -> None:
        """Ends the job's bookmark transaction: nothing to do without bookmarks."""
