"""Views as the Glue Data Catalog holds them, and the SPARK dialect by UpdateTable."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from botocore.exceptions import ClientError

from mydatahub_glue.backoff import Backoff, is_transient, words
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.pivot import Schema, ViewSql
from mydatahub_glue.state import error_code

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient

ATHENA, SPARK = "ATHENA", "SPARK"
# What says that the call will never be taken as it is. Anything else may pass at another time.
_REFUSED = ("InvalidInputException", "InvalidObjectException", "AccessDeniedException", "ValidationException")
_ATTEMPTS = 6
_PENDING = ("QUEUED", "IN_PROGRESS")


@dataclass(frozen=True)
class ViewState:
    """A view in the catalog. `dialects`: dialect -> whether it is stale. `status`: of its last change."""

    dialects: Mapping[str, bool]
    schema: Schema
    status: str
    error: str

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.schema)

    def is_ready(self, schema: Schema) -> bool:
        """Both dialects, none stale, and this schema."""
        both = self.dialects.get(ATHENA) is False and self.dialects.get(SPARK) is False
        return both and self.schema == schema


@dataclass(frozen=True)
class Listing:
    """What a database held at one moment: `views` by name, and the names of its other tables."""

    views: Mapping[str, ViewState]
    others: frozenset[str]


class SparkRefusedError(JobFailure):
    """Glue will not set this SPARK dialect through UpdateTable, however often it is asked."""


class ViewCatalog:
    """The views of one database. `definer`: ARN of the role that the views read the base table as."""

    def __init__(
        self,
        client: "GlueClient",
        database: str,
        base_table_arn: str,
        definer: str,
        backoff: Backoff | None = None,
    ) -> None:
        self._client = client
        self._database = database
        self._base_table_arn = base_table_arn
        self._definer = definer
        self._backoff = backoff or Backoff()

    def all(self) -> Listing:
        """Every entry of the database."""
        pages = self._client.get_paginator("get_tables").paginate(DatabaseName=self._database)
        tables = [table for page in pages for table in page["TableList"]]
        views = {table["Name"]: _state(table) for table in tables if table.get("ViewDefinition")}
        return Listing(views, frozenset(table["Name"] for table in tables) - views.keys())

    def view(self, name: str) -> ViewState | None:
        """The view once its last change has ended; None when there is no entry of the name.

        Raises JobFailure when the entry is no multi-dialect view, or when its last change failed.
        """
        table = self._settled(name)
        if table is None:
            return None
        if not table.get("ViewDefinition"):
            raise JobFailure(
                f"{self._database}.{name} is there already and is no multi-dialect view (it is a "
                f"{table.get('TableType', 'table')}). To cure it: drop or rename it, then run the job again."
            )
        state = _state(table)
        if state.status == "FAILED":
            raise JobFailure(
                f"the last change of {self._database}.{name} failed in the Data Catalog: {state.error}. To cure it: "
                "mend the reason; if the view was never made completely, delete it (glue delete-table); "
                "run the job again."
            )
        return state

    def put_spark(self, name: str, sql: ViewSql, action: Literal["ADD", "REPLACE"], force: bool) -> None:
        """Gives the view its SPARK dialect; `force` where the other dialect has another schema.

        Raises SparkRefusedError when Glue refuses, JobFailure when it does not come to it, both in Glue's own words.
        """
        columns: list[Any] = [{"Name": column, "Type": of} for column, of in sql.schema]
        for column, comment in zip(columns, sql.comments, strict=False):
            if comment:
                column["Comment"] = comment
        representation = {
            "Dialect": SPARK,
            "DialectVersion": "1.0",
            "ViewOriginalText": sql.spark,
            "ViewExpandedText": sql.spark,
        }
        for attempt in range(1, _ATTEMPTS + 1):
            table: dict[str, Any] = self._settled(name) or {}
            given: Any = {
                "Name": name,
                "TableType": "VIRTUAL_VIEW",
                "StorageDescriptor": {"Columns": columns, "SerdeInfo": {}},
                # UpdateTable replaces the entry: what is not repeated is lost.
                **{part: table[part] for part in ("Description", "Owner", "Parameters") if table.get(part)},
                "ViewDefinition": {
                    "IsProtected": True,
                    "Definer": self._definer,
                    "SubObjects": [self._base_table_arn],
                    "Representations": [representation],
                },
            }
            try:
                self._client.update_table(
                    DatabaseName=self._database, TableInput=given, ViewUpdateAction=action, Force=force
                )
                return
            except ClientError as error:
                if is_transient(error) and attempt < _ATTEMPTS:
                    self._backoff.wait(attempt)
                    continue
                said = f"Glue UpdateTable {action} of the SPARK dialect: {words(error)}"
                refused = error_code(error) in _REFUSED
                raise (SparkRefusedError(said) if refused else JobFailure(f"{said} ({attempt} attempts)")) from error

    def describe(self, name: str, description: str) -> None:
        """Sets the view's description and nothing else. Raises JobFailure."""
        table = self._settled(name) or {}
        kept = {part: table[part] for part in ("Owner", "Parameters") if table.get(part)}
        given: Any = {"Name": name, "TableType": "VIRTUAL_VIEW", "Description": description, **kept}
        try:
            self._client.update_table(DatabaseName=self._database, TableInput=given)
        except ClientError as error:
            raise JobFailure(f"Glue UpdateTable of the description of {name}: {words(error)}") from error

    def delete(self, name: str) -> None:
        """Raises JobFailure when Glue refuses; a view that is gone already is none."""
        try:
            self._client.delete_table(DatabaseName=self._database, Name=name)
        except ClientError as error:
            if error_code(error) != "EntityNotFoundException":
                raise JobFailure(f"Glue DeleteTable {self._database}.{name}: {words(error)}") from error

    def _settled(self, name: str) -> dict[str, Any] | None:
        pause = 0.2
        while True:
            try:
                table: Any = self._client.get_table(DatabaseName=self._database, Name=name, IncludeStatusDetails=True)
            except ClientError as error:
                if error_code(error) == "EntityNotFoundException":
                    return None
                raise JobFailure(f"Glue GetTable {self._database}.{name}: {error}") from error
            found: dict[str, Any] = table["Table"]
            if (found.get("Status") or {}).get("State") not in _PENDING:
                return found
            self._backoff.sleep(pause)
            pause = min(pause * 1.5, 5.0)


def _state(table: Any) -> ViewState:
    status = table.get("Status") or {}
    error = (status.get("Error") or {}).get("ErrorMessage") or "no reason given"
    representations = table["ViewDefinition"].get("Representations") or []
    return ViewState(
        dialects={r["Dialect"]: bool(r.get("IsStale")) for r in representations},
        schema=tuple(
            (column["Name"], _type(column.get("Type") or "string"))
            for column in (table.get("StorageDescriptor") or {}).get("Columns") or []
        ),
        status=status.get("State") or "",
        error=error,
    )


def told_column(name: str, of: str) -> str:
    """A column for people: with its type, where it is no text."""
    return name if of == "string" else f"{name} {of}"


def _type(name: str) -> str:
    """Athena's texts may be there by Athena's name for them."""
    return "string" if name.lower().startswith("varchar") else name.lower().replace(" ", "")
