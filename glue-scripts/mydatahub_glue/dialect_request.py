"""How the publisher and the job that sets SPARK dialects talk: statements, and what became of each.

The statements travel by S3 because one may have 262,144 bytes and all arguments of a job together 260 KB.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Under the state prefix. Each request overwrites the one before; its id tells whose result is there.
REQUEST_OBJECT = "spark-dialects.json"
RESULT_OBJECT = "spark-dialects-result.json"


@dataclass(frozen=True)
class DialectRequest:
    """`statements`: view -> the Spark statement that sets its SPARK dialect."""

    id: str
    statements: Mapping[str, str]

    @staticmethod
    def of_state(content: Mapping[str, Any] | None) -> "DialectRequest | None":
        return DialectRequest(content["id"], content["statements"]) if content else None

    def to_state(self) -> dict[str, Any]:
        return {"id": self.id, "statements": dict(self.statements)}


@dataclass(frozen=True)
class DialectResult:
    """`views`: view -> Spark's reason why its statement failed, None when it was carried out. Others were not tried."""

    id: str
    views: Mapping[str, str | None]

    @staticmethod
    def of_state(content: Mapping[str, Any] | None) -> "DialectResult | None":
        return DialectResult(content["id"], content["views"]) if content else None

    def to_state(self) -> dict[str, Any]:
        return {"id": self.id, "views": dict(self.views)}
