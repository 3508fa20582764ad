"""Prepares each Spark session that the script makes: endpoints of its catalogs, databases and views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql.conf import RuntimeConfig

from mydatahub_spark import catalogs
from mydatahub_spark.run import Run
from mydatahub_spark.views import Views

_views: Views | None = None


def install(run: Run) -> None:
    """Makes every SparkSession of this process a local lake's one, from its first use on."""
    global _views
    views = _views = Views(run)
    original_init = SparkSession.__init__
    original_set = RuntimeConfig.set

    @wraps(original_init)
    def init(self: SparkSession, *args: Any, **options: Any) -> None:
        original_init(self, *args, **options)
        settings = catalogs.settings(self)
        catalogs.refuse_named(run, settings)
        for key, value in catalogs.endpoints(run, settings).items():
            original_set(self.conf, key, value)
        views.refresh(self)

    @wraps(original_set)
    def set_option(self: RuntimeConfig, key: str, value: Any) -> None:
        catalogs.refuse_named(run, {key: str(value)})
        original_set(self, key, value)
        if key.startswith(catalogs.PREFIX):
            session = SparkSession.getActiveSession()
            if session is not None:
                for name, local in catalogs.endpoints(run, catalogs.settings(session)).items():
                    original_set(self, name, local)

    _replace(SparkSession, "__init__", init)
    _replace(RuntimeConfig, "set", set_option)


def refresh_views(session: SparkSession) -> None:
    """Registers the catalog's views as they are now."""
    if _views is not None:
        _views.refresh(session)


def _replace(owner: type, name: str, function: Callable[..., Any]) -> None:
    setattr(owner, name, function)
