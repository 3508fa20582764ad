"""Views by rules of views.yml, tried in both engines before anything of them is published.

Athena plans the query (`LIMIT 0`: it reads nothing), Spark analyses it; both have to have the columns and types that
the view is to have. What an engine refuses is looked for expression by expression, so that its line can be told.
"""

import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from pyspark.sql import SparkSession

from mydatahub_glue.athena import STATEMENTS_AT_ONCE, Athena
from mydatahub_glue.custom_view import CustomView, Probe
from mydatahub_glue.failure import JobFailure
from mydatahub_glue.pivot import Schema, ViewSql
from mydatahub_glue.type_hint import type_hint
from mydatahub_glue.view_rules import RULES_FILE
from mydatahub_glue.wanted_views import WantedView

_LONGEST_REASON = 1_000
_PLAN = ";\n'"
# The function that Athena names is often one that nobody wrote: `/` and `type` round.
_TYPES_DO_NOT_FIT = re.compile(r"\b(?:FUNCTION_NOT_FOUND|TYPE_MISMATCH)\b|\[DATATYPE_MISMATCH|correct its `type`$")


class ViewCheck:
    """`catalog`: Spark's name of the catalog that the table is in, which the SPARK dialect leaves out."""

    def __init__(self, spark: SparkSession, athena: Athena, catalog: str) -> None:
        self._spark = spark.newSession()
        self._spark.catalog.setCurrentCatalog(catalog)
        self._athena = athena

    def refused(self, views: Iterable[WantedView]) -> dict[str, str]:
        """View -> why it cannot be published, with the line of the file; nothing of those that can."""
        with ThreadPoolExecutor(STATEMENTS_AT_ONCE) as pool:
            checked = list(views)
            reasons = zip(checked, pool.map(self._reason, checked), strict=True)
            return {view.name: reason for view, reason in reasons if reason is not None}

    def _reason(self, view: WantedView) -> str | None:
        reason = self._refusal(view.sql)
        if reason is None or view.custom is None:
            return reason
        for probe in view.custom.probes(list(view.columns)):
            refusal = self._refusal(probe.sql)
            if refusal is not None:
                return f"{RULES_FILE}:{probe.said.line}: {refusal}{_likely(view.custom, probe, refusal)}"
        return f"{RULES_FILE}: {reason}"

    def _refusal(self, sql: ViewSql) -> str | None:
        try:
            in_athena = self._athena.schema(sql.athena)
        except JobFailure as failure:
            return str(failure)
        try:
            fields = self._spark.sql(sql.spark).schema
        except Exception as error:
            # What follows is its plan of the whole view.
            return f"Spark: {str(error).partition(_PLAN)[0][:_LONGEST_REASON]}"
        in_spark = tuple((field.name, field.dataType.simpleString()) for field in fields)
        return _other("Athena", in_athena, sql.schema) or _other("Spark", in_spark, sql.schema)


def _likely(custom: CustomView, probe: Probe, refusal: str) -> str:
    """Why types do not fit, where that is what the engine says."""
    if not _TYPES_DO_NOT_FIT.search(refusal):
        return ""
    hint = type_hint(custom.columns, custom.rules, probe.said.text, probe.wanted)
    return f". {hint}" if hint else ""


def _other(engine: str, found: Schema, wanted: Schema) -> str | None:
    """How the columns that an engine finds differ from those that are wanted."""
    for (name, of), (wanted_name, wanted_type) in zip(found, wanted, strict=False):
        if name != wanted_name:
            return f"{engine} has the column {name} where {wanted_name} is wanted"
        if of != wanted_type:
            return f"the column {name} is a {of} in {engine}, and is to be a {wanted_type}; correct its `type`"
    return None if len(found) == len(wanted) else f"{engine} has {len(found)} columns, {len(wanted)} are wanted"
