"""What a run says of itself: in its log, and in the summary of the snapshot that it commits."""

import json
from datetime import datetime

from mydatahub_glue.log import counted, say
from mydatahub_glue.plan import IngestionPlan

_NAMED = 20


def say_plan(plan: IngestionPlan) -> None:
    for file in plan.new:
        say(f"New: {file.source.path} ({counted(file.rows, 'row')}, SHA-256 {file.sha256})")
    for content in plan.superseded:
        rows = counted(content.rows, "row")
        say(f"Replaced: {rows} that {content.source_file} held before (SHA-256 {content.sha256})")
    for content in plan.removed:
        rows = counted(content.rows, "row")
        say(f"Removed: {rows} of {content.source_file}, which is gone (SHA-256 {content.sha256})")
    for path, place in plan.same_content.items():
        say(f"Skipped: {path} has the same content as {place}")
    for file in plan.held:
        say(f"Held: {file.source.path} was rolled back (SHA-256 {file.sha256}); npx mydatahub release lets it in again")
    for path in plan.held_removals:
        say(f"Held: the removal of {path} was rolled back; npx mydatahub release lets its rows go")
    say(
        f"Files: {len(plan.new)} new, {len(plan.unchanged)} unchanged, {len(plan.same_content)} with content that is "
        f"there already, {len({c.source_file for c in plan.superseded})} replaced, "
        f"{len({c.source_file for c in plan.removed})} removed, {len(plan.held) + len(plan.held_removals)} held"
    )


def snapshot_properties(run_id: str, plan: IngestionPlan, rows_before: int, ingested_at: datetime) -> dict[str, str]:
    """Without their prefix. `files`: JSON, the first 20 files whose rows change; `files-more`: how many others.

    `rows-total`: rows of the table after the commit, which Iceberg's totals do not tell once rows are marked deleted.
    """
    changes = plan.changes()
    return {
        "job-run-id": run_id or "unknown",
        "ingested-at": ingested_at.isoformat(),
        "files": json.dumps(changes[:_NAMED], ensure_ascii=False),
        "files-more": str(len(changes[_NAMED:])),
        "files-new": str(len(plan.new)),
        "files-skipped": str(len(plan.unchanged) + len(plan.same_content)),
        "files-replaced": str(len({content.source_file for content in plan.superseded})),
        "files-removed": str(len({content.source_file for content in plan.removed})),
        "rows-found": str(plan.rows_to_write),
        "rows-written": str(plan.rows_to_write),
        "rows-replaced": str(plan.rows_to_delete),
        "rows-total": str(rows_before + plan.rows_to_write - plan.rows_to_delete),
    }
