"""Athena and the Data Catalog's views in memory, with AWS's rules for multi-dialect views: what the publisher meets."""

import re
from typing import Any

import sqlglot
from botocore.exceptions import ClientError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

_STATEMENT = re.compile(
    r"(?P<create>CREATE PROTECTED MULTI DIALECT VIEW|ALTER VIEW) iceberg_db\.(?P<name>\w+) "
    r"(?P<how>SECURITY DEFINER|(?:FORCE )?(?:ADD|UPDATE) DIALECT) AS (?P<sql>.*)",
    re.DOTALL,
)


_QUERY = re.compile(r"SELECT \* FROM \((?P<sql>.*)\) LIMIT 0", re.DOTALL)
Columns = list[tuple[str, str]]
_TABLE = {name: "VARCHAR" for name in ("entity1", "entity2", "entity3", "entity4", "key", "value")}


def columns_of(sql: str, dialect: str) -> Columns:
    """Names and types of a query's columns, by the types that sqlglot finds for them, as Glue calls them."""
    schema: dict[str, object] = {"iceberg_db": {"entity_data": {**_TABLE, "ingested_at": "TIMESTAMPTZ"}}}
    tree: Any = qualify(sqlglot.parse_one(sql, read=dialect), schema=schema, dialect=dialect)
    selects = annotate_types(tree, schema=schema, dialect=dialect).selects
    types = [column.type.sql("spark").lower().replace(" ", "") if column.type else "unknown" for column in selects]
    # It does not know what is in the maps of the form `chunked`.
    return [
        (column.alias_or_name, "string" if of in ("unknown", "null") else of)
        for column, of in zip(selects, types, strict=True)
    ]


def error(code: str, message: str = "refused") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "Operation")


class FakeGlue:
    """`refuse`: view (or `*`, any) -> the error of its UpdateTable calls; `conflicts`: calls that meet one first.

    `others`: tables that are no views.
    """

    def __init__(self) -> None:
        self.views: dict[str, dict[str, Any]] = {}
        self.updates: list[tuple[str, str, bool]] = []
        self.looks: list[str] = []
        self.refuse: dict[str, ClientError] = {}
        self.comments: dict[str, dict[str, str]] = {}
        self.others = ["entity_data"]
        self.conflicts = 0

    def get_paginator(self, _: str) -> "FakeGlue":
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        views = [self.table(name) for name in self.views]
        return [{"TableList": views}, {"TableList": [{"Name": name} for name in self.others]}]

    def get_table(self, *, Name: str, **_: Any) -> dict[str, Any]:
        self.looks.append(Name)
        if Name not in self.views:
            raise error("EntityNotFoundException")
        return {"Table": self.table(Name)}

    def table(self, name: str) -> dict[str, Any]:
        view = self.views[name]
        return {
            "Name": name,
            "StorageDescriptor": {"Columns": [{"Name": name, "Type": of} for name, of in view["columns"]]},
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
        given = TableInput["StorageDescriptor"]["Columns"]
        columns = [(column["Name"], column["Type"]) for column in given]
        self.comments[name] = {column["Name"]: column["Comment"] for column in given if "Comment" in column}
        self.put(name, representation["Dialect"], representation["ViewOriginalText"], columns, ViewUpdateAction, Force)

    def delete_table(self, *, Name: str, **_: Any) -> None:
        if Name not in self.views:
            raise error("EntityNotFoundException")
        del self.views[Name]

    def put(self, name: str, dialect: str, sql: str, columns: Columns, action: str, force: bool) -> None:
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
    """Runs the publisher's statements on a FakeGlue. `throttle`: calls to refuse first.

    `fail`: view, or part of a query, -> reason.
    """

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
        query = _QUERY.fullmatch(QueryString)
        self._results.append(self._query(query["sql"]) if query else self._run(QueryString))
        return {"QueryExecutionId": str(len(self._results) - 1)}

    def get_query_execution(self, *, QueryExecutionId: str) -> dict[str, Any]:
        return {"QueryExecution": {"Status": self._results[int(QueryExecutionId)]}}

    def get_query_results(self, *, QueryExecutionId: str, **_: Any) -> dict[str, Any]:
        return {"ResultSet": {"ResultSetMetadata": {"ColumnInfo": self._results[int(QueryExecutionId)]["columns"]}}}

    def _query(self, sql: str) -> dict[str, Any]:
        failure = next((reason for text, reason in self.fail.items() if text in sql), None)
        if failure:
            return {"State": "FAILED", "StateChangeReason": failure}
        columns = [{"Name": name, **_athena_type(of)} for name, of in columns_of(sql, "trino")]
        return {"State": "SUCCEEDED", "columns": columns}

    def _run(self, statement: str) -> dict[str, Any]:
        match = _STATEMENT.fullmatch(statement)
        assert match, statement
        name, sql = match["name"], match["sql"]
        if name in self.fail:
            return {"State": "FAILED", "StateChangeReason": self.fail[name]}
        columns = columns_of(sql, "trino")
        action = "UPDATE" if "UPDATE" in match["how"] else "ADD"
        self.glue.put(name, "ATHENA", sql, columns, action, "FORCE" in match["how"])
        return {"State": "SUCCEEDED"}


def _athena_type(of: str) -> dict[str, Any]:
    decimal = re.fullmatch(r"decimal\((\d+),(\d+)\)", of)
    if decimal:
        return {"Type": "decimal", "Precision": int(decimal[1]), "Scale": int(decimal[2])}
    return {"Type": "varchar" if of == "string" else of}
