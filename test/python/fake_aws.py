"""Athena and the Data Catalog's views in memory, with AWS's rules for multi-dialect views: what the publisher meets."""

import re
from typing import Any

from botocore.exceptions import ClientError

_STATEMENT = re.compile(
    r"(?P<create>CREATE PROTECTED MULTI DIALECT VIEW|ALTER VIEW) iceberg_db\.(?P<name>\w+) "
    r"(?P<how>SECURITY DEFINER|(?:FORCE )?(?:ADD|UPDATE) DIALECT) AS (?P<sql>.*)",
    re.DOTALL,
)


def error(code: str, message: str = "refused") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class FakeGlue:
    """`refuse`: view (or `*`, any) -> the error of its UpdateTable calls; `conflicts`: calls that meet one first."""

    def __init__(self) -> None:
        self.views: dict[str, dict[str, Any]] = {}
        self.updates: list[tuple[str, str, bool]] = []
        self.looks: list[str] = []
        self.refuse: dict[str, ClientError] = {}
        self.conflicts = 0

    def get_paginator(self, _: str) -> "FakeGlue":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"TableList": [self.table(name) for name in self.views]}, {"TableList": [{"Name": "entity_data"}]}]

    def get_table(self, *, Name: str, **_: Any) -> dict[str, Any]:
        self.looks.append(Name)
        if Name not in self.views:
            raise error("EntityNotFoundException")
        return {"Table": self.table(Name)}

    def table(self, name: str) -> dict[str, Any]:
        view = self.views[name]
        return {
            "Name": name,
            "StorageDescriptor": {"Columns": [{"Name": c, "Type": "string"} for c in view["columns"]]},
            "ViewDefinition": {
                "Representations": [
                    {"Dialect": dialect, "IsStale": dialect in view["stale"]} for dialect in view["dialects"]
                ]
            },
        }

    def update_table(
        self, *, TableInput: dict[str, Any], ViewUpdateAction: str | None = None, Force: bool = False, **_: Any
    ) -> None:
        name = TableInput["Name"]
        if ViewUpdateAction is None:
            self.views[name]["description"] = TableInput["Description"]
            return
        self.updates.append((name, ViewUpdateAction, Force))
        if self.conflicts:
            self.conflicts -= 1
            raise error("ConcurrentModificationException")
        if name in self.refuse or "*" in self.refuse:
            raise self.refuse.get(name) or self.refuse["*"]
        [representation] = TableInput["ViewDefinition"]["Representations"]
        columns = [column["Name"] for column in TableInput["StorageDescriptor"]["Columns"]]
        self.put(name, representation["Dialect"], representation["ViewOriginalText"], columns, ViewUpdateAction, Force)

    def delete_table(self, *, Name: str, **_: Any) -> None:
        if Name not in self.views:
            raise error("EntityNotFoundException")
        del self.views[Name]

    def put(self, name: str, dialect: str, sql: str, columns: list[str], action: str, force: bool) -> None:
        view = self.views.setdefault(name, {"dialects": {}, "stale": set(), "columns": columns})
        if (action == "ADD") == (dialect in view["dialects"]):
            raise error("InvalidInputException", f"{action} {dialect}")
        if view["columns"] != columns:
            if not force and set(view["dialects"]) - {dialect}:
                raise error("InvalidInputException", "Input and existing storage descriptor mismatch")
            view["stale"] |= set(view["dialects"])
        view["columns"] = columns
        view["dialects"][dialect] = sql
        view["stale"] -= {dialect}


class FakeAthena:
    """Runs the publisher's statements on a FakeGlue. `fail`: view -> reason; `throttle`: calls to refuse first."""

    def __init__(self, glue: FakeGlue) -> None:
        self.glue = glue
        self.statements: list[str] = []
        self.fail: dict[str, str] = {}
        self.throttle = 0
        self._results: list[dict[str, Any]] = []

    def start_query_execution(self, *, QueryString: str, **_: Any) -> dict[str, str]:
        if self.throttle:
            self.throttle -= 1
            raise error("TooManyRequestsException")
        self.statements.append(QueryString)
        self._results.append(self._run(QueryString))
        return {"QueryExecutionId": str(len(self._results) - 1)}

    def get_query_execution(self, *, QueryExecutionId: str) -> dict[str, Any]:
        return {"QueryExecution": {"Status": self._results[int(QueryExecutionId)]}}

    def _run(self, statement: str) -> dict[str, Any]:
        match = _STATEMENT.fullmatch(statement)
        assert match, statement
        name, sql = match["name"], match["sql"]
        if name in self.fail:
            return {"State": "FAILED", "StateChangeReason": self.fail[name]}
        columns = re.findall(r' AS VARCHAR\) AS "(\w+)"', sql)
        action = "UPDATE" if "UPDATE" in match["how"] else "ADD"
        self.glue.put(name, "ATHENA", sql, columns, action, "FORCE" in match["how"])
        return {"State": "SUCCEEDED"}
