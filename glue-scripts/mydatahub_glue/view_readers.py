"""The readers of the views: granted while other views are still being published, and settled at the end of a run."""

from collections.abc import Callable, Container, Mapping
from typing import TYPE_CHECKING

from mydatahub_glue.columns_table import COLUMNS_TABLE
from mydatahub_glue.early_grants import EarlyGrants
from mydatahub_glue.publisher import Outcome
from mydatahub_glue.readers import Readers
from mydatahub_glue.state import read_state, write_state
from mydatahub_glue.view_grants import Pair, ViewGrants
from mydatahub_glue.wanted_views import WantedView

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ViewReaders:
    """Brings the readers' grants to what is configured; what was granted is kept in `state_prefix`grants.json.

    `there`: the views of the catalog before this run; `published`: view -> hash of what an earlier run published, empty
    where that is not to be relied on; `on_granted` is told of each view that its readers have, by many threads.
    """

    def __init__(
        self,
        s3: "S3Client",
        bucket: str,
        state_prefix: str,
        grants: ViewGrants,
        readers: Readers,
        there: Container[str],
        published: Mapping[str, str],
        on_granted: Callable[[WantedView], None],
    ) -> None:
        self._s3 = s3
        self._read = read_state(s3, bucket, f"{state_prefix}grants.json")
        self._grants = grants
        self._readers = readers
        self._there = there
        self._published = published
        self._on_granted = on_granted
        self._before: dict[str, list[str]] = (self._read.content or {}).get("grants", {})
        self._early = EarlyGrants(grants)
        self._granted: set[Pair] = set()

    def published(self, view: WantedView) -> None:
        """The view has both dialects: its readers may have it. Called by many threads."""
        held = set[str]() if self._is_fresh(view.name) else set(self._before.get(view.name, []))
        missing = self._readers.of_views([view.name])[view.name] - held
        self._early.add(view.name, missing, lambda: self._on_granted(view))

    def finish_early(self) -> None:
        """Waits for the grants that were sent beside the publishing."""
        self._granted = self._early.end()

    def settle(self, outcome: Outcome, ours: set[str], there: set[str]) -> None:
        """Grants and takes back what is left; what cannot be granted fails its view.

        `ours`: the views that this job made now or earlier; `there`: all of the catalog now, also those of others.
        """
        views = ((ours | self._before.keys()) & there) | {COLUMNS_TABLE}
        fresh = {view for view in (*outcome.created, *outcome.updated) if self._is_fresh(view)}
        granted = self._grants.bring(
            self._before,
            self._readers.of_views(views),
            views - outcome.failed.keys(),
            fresh,
            self._granted,
        )
        readers = None if granted.failed else self._readers.as_configured
        write_state(self._s3, self._read, {"readers": readers, "grants": granted.grants})
        for view, reason in granted.failed.items():
            outcome.fail(view, reason)

    def _is_fresh(self, view: str) -> bool:
        """What is published anew from nothing may be another view than the one that was granted."""
        return view not in self._there or not self._published.get(view)
