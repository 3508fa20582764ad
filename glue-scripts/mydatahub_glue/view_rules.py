"""What people want of their views: config/views.yml as upload-assets sends it, and what of it holds for one entity1.

The object is JSON, which is YAML: one parser has read, checked and told the lines of the file (src/lake/custom-views),
and this job needs none. Several rules may hold for one entity1. They are taken in their order: of what can be there
once the last one counts, the others add up key by key.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from mydatahub_glue.failure import JobFailure
from mydatahub_glue.state import error_code

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

RULES_FILE = "config/views.yml"


@dataclass(frozen=True)
class Said:
    """Something that a line of the file says. Extra columns have `type`, `comment` and `named`, the name's line."""

    line: int
    text: str
    type: str = "text"
    comment: str = ""
    named: int = 0


@dataclass(frozen=True)
class EntityRules:
    """What holds for one entity1. Keys are original texts; `columns`, `order` and `comments` are about column names."""

    latest: bool = False
    leave_out: Mapping[str, Said] = field(default_factory=dict)
    rename: Mapping[str, Said] = field(default_factory=dict)
    cast: Mapping[str, Said] = field(default_factory=dict)
    columns: Mapping[str, Said] = field(default_factory=dict)
    filter: Said | None = None
    order: tuple[Said, ...] = ()
    comments: Mapping[str, Said] = field(default_factory=dict)
    comment: str = ""


class RuleError(ValueError):
    """A rule that cannot hold for a view, with its place in the file."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"{RULES_FILE}:{line}: {problem}")


@dataclass(frozen=True)
class ViewRules:
    """All rules of the file, as it has them. `digest`: SHA-256 of the object; None without one."""

    rules: tuple[Mapping[str, Any], ...] = ()
    digest: str | None = None

    @staticmethod
    def read(s3: "S3Client", bucket: str) -> "ViewRules":
        """From the bucket; no rules when it has none. Raises JobFailure for what upload-assets did not write."""
        try:
            body = s3.get_object(Bucket=bucket, Key=RULES_FILE)["Body"].read()
        except ClientError as error:
            if error_code(error) in ("NoSuchKey", "404"):
                return ViewRules()
            raise
        try:
            content = json.loads(body)
            if content["version"] != 1:
                raise ValueError(f"version {content['version']}")
            return ViewRules(tuple(content["views"]), hashlib.sha256(body).hexdigest())
        except (ValueError, KeyError, TypeError) as error:
            raise JobFailure(
                f"s3://{bucket}/{RULES_FILE} is not as upload-assets writes it ({error!r}). Most likely the file was "
                "copied there by hand. To cure it: npx mydatahub upload-assets, which checks it and sends it."
            ) from error

    def of(self, entity1: str) -> EntityRules | None:
        """What holds for an entity1; None when no rule is about it."""
        found = [rule for rule in self.rules if _is_about(rule, entity1)]
        if not found:
            return None

        def last(member: str) -> Any:
            return next((rule[member] for rule in reversed(found) if member in rule), None)

        def added(member: str, by: str, text: str) -> dict[str, Said]:
            items = [item for rule in found for item in rule.get(member, [])]
            return {item[by]: Said(item["line"], item[text]) for item in items}

        extra = [item for rule in found for item in rule.get("extra_columns", [])]
        repeated, filtered, order, comment = (last(m) for m in ("repeated_values", "filter", "order", "comment"))
        return EntityRules(
            latest=repeated is not None and repeated["value"] == "latest",
            leave_out=added("leave_out", "key", "key"),
            rename=added("rename", "key", "column"),
            cast=added("cast", "key", "type"),
            columns={
                item["name"]: Said(
                    item.get("expression_line", item["line"]),
                    item["expression"],
                    item.get("type", "text"),
                    item.get("comment", ""),
                    item["line"],
                )
                for item in extra
            },
            filter=Said(filtered["line"], filtered["expression"]) if filtered else None,
            order=tuple(Said(item["line"], item["column"]) for item in order or []),
            comments=added("comments", "column", "text"),
            comment=comment["text"] if comment else "",
        )

    def casts(self) -> dict[str, set[str]]:
        """Type -> the keys that any rule gives it."""
        types: dict[str, set[str]] = {}
        for rule in self.rules:
            for item in rule.get("cast", []):
                types.setdefault(item["type"], set()).add(item["key"])
        return types

    def without_effect(self, keys: Mapping[str, set[str]]) -> Iterable[tuple[int, str]]:
        """What is about no entity1 or no key of the table (`keys`: entity1 -> its keys), each behind its line."""
        for rule in self.rules:
            about = [of_entity for entity1, of_entity in keys.items() if _is_about(rule, entity1)]
            if not about:
                name = rule.get("entity1", rule.get("pattern"))
                yield rule["line"], f"no entity1 of the table is {name!r}"
                continue
            there = set().union(*about)
            for member in ("leave_out", "rename", "cast"):
                for item in rule.get(member, []):
                    if item["key"] not in there:
                        yield item["line"], f"no entity1 of this rule has the key {item['key']!r}"


NO_RULES = ViewRules()


def _is_about(rule: Mapping[str, Any], entity1: str) -> bool:
    if "entity1" in rule:
        return bool(rule["entity1"] == entity1)
    parts = (re.escape(part) for part in str(rule["pattern"]).split("*"))
    return re.fullmatch(".*".join(parts), entity1, re.DOTALL) is not None
