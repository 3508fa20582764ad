"""What the table entity_columns is told of the columns of published views."""

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pyspark.sql import SparkSession

from mydatahub_glue.columns_table import ViewColumn
from mydatahub_glue.custom_logic import said_of
from mydatahub_glue.log import say
from mydatahub_glue.quoting import spark_identifier
from mydatahub_glue.table_keys import TableKeys
from mydatahub_glue.wanted_views import WantedView

# Views whose rows are counted at a time: each is a small Spark job.
_COUNTED_AT_ONCE = 8
_LONGEST_REASON = 300


class ToldColumns:
    """The columns of views as they are now. `catalog`: Spark's name of the one that the entity table is in."""

    def __init__(self, spark: SparkSession, catalog: str, found: TableKeys) -> None:
        self._spark = spark.newSession()
        self._spark.catalog.setCurrentCatalog(catalog)
        self._found = found

    def of(self, views: Iterable[WantedView], entries: Mapping[str, dict[str, Any]]) -> Iterator[ViewColumn]:
        """Of each view first the columns of its keys, then the extra ones.

        `entries`: of state/views.json by view. What was counted is kept there: the rows of an extra column are rows of
        the view, which only a query of it tells, and they are counted again where the rows of its entity1 or its
        definition have changed.
        """
        ready = list(views)
        self._count([view for view in ready if view.extra], entries)
        for view in ready:
            for key, column in view.columns.items():
                facts = self._found.facts[view.entity1, key]
                said = said_of(view, key, column, facts)
                yield ViewColumn(view.name, column, view.entity1, key, facts.first_seen, facts.rows, *said)
            rows = entries[view.name].get("counted", {}).get("rows", {})
            types = dict(view.sql.schema)
            comments = dict(zip(view.sql.columns, view.sql.comments, strict=False))
            for name in view.extra:
                of, comment = types[name], comments.get(name, "")
                now = time.time_ns() // 1000
                yield ViewColumn(view.name, name, view.entity1, None, now, rows.get(name), of, None, comment)

    def _count(self, views: list[WantedView], entries: Mapping[str, dict[str, Any]]) -> None:
        digests = {view.name: self._digest(view) for view in views}
        to_count = [v for v in views if entries[v.name].get("counted", {}).get("of") != digests[v.name]]
        with ThreadPoolExecutor(_COUNTED_AT_ONCE) as pool:
            for view, rows in zip(to_count, pool.map(self._rows, to_count), strict=True):
                entries[view.name].pop("counted", None)
                if rows is not None:
                    entries[view.name]["counted"] = {"of": digests[view.name], "rows": rows}

    def _rows(self, view: WantedView) -> dict[str, int] | None:
        """Of each extra column the rows of the view that have a value of it; None when Spark cannot read the view."""
        counts = ", ".join(f"COUNT({spark_identifier(name)})" for name in view.extra)
        try:
            [row] = self._spark.sql(f"SELECT {counts} FROM ({view.sql.spark})").collect()
        except Exception as error:
            say(f"WARNING the extra columns of {view.name} cannot be counted: {str(error)[:_LONGEST_REASON]}")
            return None
        return dict(zip(view.extra, row, strict=True))

    def _digest(self, view: WantedView) -> str:
        """Of the rows of its entity1, as far as the scan of the keys tells: a corrected row is a younger one."""
        facts = (self._found.facts[view.entity1, key] for key in sorted(self._found.keys[view.entity1]))
        text = " ".join(f"{fact.rows} {fact.first_seen} {fact.newest}" for fact in facts)
        return hashlib.sha256(text.encode()).hexdigest()
