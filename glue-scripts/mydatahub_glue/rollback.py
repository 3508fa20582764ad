"""The table as it was: back to an earlier snapshot, and what was undone held until somebody releases it."""

from datetime import datetime, timezone

from mydatahub_glue.entity_table import EntityTable
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.holds import Holds, undone
from mydatahub_glue.loaded_table import Snapshot
from mydatahub_glue.log import say


def roll_back(table: EntityTable, to: str, current: dict[str, str], holds: Holds) -> bool:
    """Brings the table back to `to` (snapshot id or ISO 8601 time); whether that was a change.

    `current`: path -> SHA-256 of the files as they are. The holds are written first: a run that dies in between leaves
    holds on contents that are still in the table, which hold nothing. Raises JobFailure for a target that is not in
    the table's history.
    """
    table.refresh()
    line = table.line()
    target = _target(table, line, to)
    now = line[0]
    if target.id == now.id:
        say(f"{table.name} is at snapshot {target.id} already")
        return False
    held_at = datetime.now(timezone.utc).isoformat(timespec="seconds")
    held = undone(table.ledger(now).contents, table.ledger(target).contents, current, held_at, target.id)
    holds.add(held)
    for hold in held:
        what = f"SHA-256 {hold.sha256}" if hold.sha256 else "its removal"
        say(f"Held: {hold.path} ({what})")
    table.roll_back(target)
    say(
        f"Rolled {table.name} back from snapshot {now.id} ({now.total_rows} rows) to {target.id} "
        f"({target.total_rows} rows), committed {target.committed_at.isoformat(timespec='seconds')}"
    )
    return True


def _target(table: EntityTable, line: list[Snapshot], to: str) -> Snapshot:
    if not line:
        raise JobFailure(f"{table.name} has no snapshot, so there is nothing to roll back.")
    if to.isdigit():
        found = next((snapshot for snapshot in line if snapshot.id == int(to)), None)
    else:
        time = _time(to)
        found = next((snapshot for snapshot in line if snapshot.committed_at <= time), None)
    if found is None:
        oldest = line[-1]
        raise JobFailure(
            f"{table.name} cannot be rolled back to {to}: no snapshot of its present history is that. The oldest is "
            f"{oldest.id} of {oldest.committed_at.isoformat(timespec='seconds')}. Most likely it has expired, or was "
            "rolled back itself. To cure it: choose one that npx mydatahub history shows; to have undone contents "
            "again, npx mydatahub release and run the ingestion."
        )
    return found


def _time(text: str) -> datetime:
    try:
        time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        raise JobFailure(
            f"{text!r} is neither the id of a snapshot nor a time such as 2026-11-23T08:30:00Z. To cure it: take one "
            "from npx mydatahub history."
        ) from error
    return time if time.tzinfo else time.replace(tzinfo=timezone.utc)
