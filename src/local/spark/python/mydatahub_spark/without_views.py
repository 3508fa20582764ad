"""Says why a job without fine-grained access control cannot read or make Data Catalog views."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from pyspark.errors import AnalysisException
from pyspark.sql import DataFrame

from mydatahub_spark import view_statements
from mydatahub_spark.views import Views

_NOT_FOUND = re.compile(r"TABLE_OR_VIEW_NOT_FOUND\] The table or view (\S+) cannot be found")
_CURE = (
    "\n  cure: run it with --enable-lakeformation-fine-grained-access true, at least 4 workers, and the session "
    "catalog spark_catalog"
)


def explained(original: Callable[..., DataFrame], views: Views) -> Callable[..., DataFrame]:
    """`SparkSession.sql` or `table` whose failures about such views name the cause."""

    @wraps(original)
    def call(self: Any, text: str, *args: Any, **options: Any) -> DataFrame:
        try:
            return original(self, text, *args, **options)
        except AnalysisException as error:
            reason = _reason(text, str(error), views)
            if reason is None:
                raise
            raise AnalysisException(reason + _CURE) from error

    return call


def _reason(text: str, problem: str, views: Views) -> str | None:
    """None when the failure is about something else."""
    if "PARSE_SYNTAX_ERROR" in problem:
        statement = view_statements.parse(text)
        return None if statement is None else "Data Catalog views need fine-grained access control, which is not on"
    found = _NOT_FOUND.search(problem)
    database, _, name = found[1].replace("`", "").rpartition(".") if found else ("", "", "")
    if not views.is_view(database.rpartition(".")[2], name):
        return None
    return (
        f"{database}.{name} is a Data Catalog view, and those can be read with fine-grained access control only, "
        "which is not on"
    )
