"""state/names.json: which text has which name. A name once given never moves."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mydatahub_glue.naming import assign_columns, assign_views
from mydatahub_glue.state import read_state, write_state

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


@dataclass(frozen=True)
class PublishedNames:
    """`views`: entity1 -> view; `columns`: entity1 -> key -> column."""

    views: dict[str, str]
    columns: dict[str, dict[str, str]]


def remember_names(s3: "S3Client", bucket: str, state_key: str, keys: Mapping[str, Set[str]]) -> PublishedNames:
    """Names for every entity1 and key, old ones as they were; new ones are written before anybody uses them."""
    state = read_state(s3, bucket, state_key)
    known = state.content or {"views": {}, "columns": {}}
    views = assign_views(keys, known["views"])
    columns = dict(known["columns"])
    for entity1, its_keys in keys.items():
        columns[entity1] = assign_columns(its_keys, columns.get(entity1, {}))
    write_state(s3, state, {"views": views, "columns": columns})
    return PublishedNames(views, columns)
