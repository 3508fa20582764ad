"""What a run refuses although every file is right: to lose rows that nobody gave up."""

from collections import Counter
from collections.abc import Collection, Iterable

from mydatahub_glue.entity_table import Ledger
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.plan import MOST_LOST, IngestionPlan

_SHOWN = 20


def refuse_mode(wanted: str, recorded: str, plan: IngestionPlan, ledger: Ledger, full: bool) -> None:
    """Raises JobFailure when the table was filled in append mode and sync would take rows of earlier contents out.

    From sync to append nothing is lost. From append to sync it is safe as long as no file that is still there has
    rows of an earlier content beside those of another; a full run says that they may go.
    """
    if wanted == recorded or wanted == "append" or full:
        return
    contents = Counter(content.source_file for content in ledger.contents)
    doomed = [content for content in plan.superseded if contents[content.source_file] > 1]
    if doomed:
        rows = sum(content.rows for content in doomed)
        raise JobFailure(
            f"ingestion_mode is sync, but the table was filled in append mode: {rows} rows of earlier contents of "
            f"{_names(content.source_file for content in doomed)} would be deleted; nothing was committed. To cure it: "
            'set ingestion_mode = "append" again, or, if these rows may go, npx mydatahub run-ingestion --full.'
        )


def refuse_loss(plan: IngestionPlan, ledger: Ledger, confirmed: Collection[str], run_confirmed: bool) -> None:
    """Raises JobFailure when the table would lose net more than a fifth of its rows and nobody has confirmed it."""
    loss = plan.unconfirmed_loss(confirmed)
    if run_confirmed or loss <= MOST_LOST * ledger.rows:
        return
    paths = sorted({content.source_file for content in plan.deleted})
    raise JobFailure(
        f"this run would take {loss} of {ledger.rows} rows out of the table, which is more than {MOST_LOST:.0%}: those "
        f"of {_names(paths)}; nothing was committed. Most likely files were removed or cut short by mistake. To cure "
        "it: bring the files back, or, if this is meant, npx mydatahub run-ingestion --confirm-removals."
    )


def _names(paths: Iterable[str]) -> str:
    names = list(dict.fromkeys(paths))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
