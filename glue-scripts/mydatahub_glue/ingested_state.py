"""state/ingested.json: what is in the table at one version of it, so that "nothing to do" is known without Spark."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.ingestion_settings import IngestionSettings
from mydatahub_glue.log import say
from mydatahub_glue.plan import IngestionPlan, KnownFile
from mydatahub_glue.source_object import SourceObject
from mydatahub_glue.state import StateObject, read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_ATTEMPTS = 3


@dataclass(frozen=True)
class Seen:
    """The source files of one run as it saw them: those that it knows, and those in quarantine."""

    known: tuple[KnownFile, ...]
    quarantined: tuple[SourceObject, ...] = ()


def known_files(
    objects: Iterable[SourceObject], ingested: StateObject, manifest: StateObject, settings: IngestionSettings
) -> tuple[Seen, list[SourceObject]]:
    """Files whose content earlier runs or upload-data know (same key, ETag and size), and all others.

    A file in quarantine stays there as long as it is the same and files are judged by the same settings.
    """
    same_settings = (ingested.content or {}).get("settings") == settings.to_state()
    facts: dict[tuple[str, str, int], dict[str, Any]] = {}
    for state in (ingested, manifest):
        for file in (state.content or {}).get("files", []):
            facts[file["key"], file["etag"], file["size"]] = file
    known: list[KnownFile] = []
    quarantined: list[SourceObject] = []
    unknown: list[SourceObject] = []
    for source in objects:
        fact = facts.get((source.key, source.etag, source.size))
        if fact is None or (fact.get("quarantined") and not same_settings):
            unknown.append(source)
        elif fact.get("quarantined"):
            quarantined.append(source)
        else:
            pinned = SourceObject(source.path, source.key, source.etag, source.size, fact.get("version_id"))
            known.append(KnownFile(pinned, fact["sha256"], fact["rows"]))
    return Seen(tuple(known), tuple(quarantined)), unknown


def ingested_content(
    location: str, snapshot_id: int | None, settings: IngestionSettings, seen: Seen, plan: IngestionPlan
) -> dict[str, Any]:
    """The object's content. `holds`: those that kept something out of the table or in it."""
    held = {(file.source.path, file.sha256) for file in plan.held}
    files = [_entry(f.source, f.sha256, f.rows) | _mark((f.source.path, f.sha256) in held) for f in seen.known]
    files += [_entry(source, "", 0) | {"quarantined": True} for source in seen.quarantined]
    holds = sorted(held | {(path, "") for path in plan.held_removals})
    return {
        "metadata_location": location,
        "snapshot_id": str(snapshot_id) if snapshot_id is not None else None,
        "settings": settings.to_state(),
        "holds": [{"path": path, "sha256": sha256} for path, sha256 in holds],
        "files": sorted(files, key=lambda file: str(file["path"])),
    }


def _entry(source: SourceObject, sha256: str, rows: int) -> dict[str, Any]:
    return {
        "path": source.path,
        "key": source.key,
        "etag": source.etag,
        "size": source.size,
        "sha256": sha256,
        "rows": rows,
    }


def _mark(held: bool) -> dict[str, Any]:
    return {"held": True} if held else {}


def write_ingested(s3: "S3Client", bucket: str, key: str, content: dict[str, Any]) -> None:
    """Writes the object over whatever another run wrote meanwhile: it is a cache, and tells its table's version."""
    for _ in range(_ATTEMPTS):
        try:
            write_state(s3, read_state(s3, bucket, key), content)
            return
        except JobFailure:
            say(f"s3://{bucket}/{key} was written by another run at the same moment")
    say(f"s3://{bucket}/{key} was left as the other runs wrote it; the next run makes it anew")
