"""What a job without fine-grained access control hears when it meets Data Catalog views."""

from typing import Any, cast

import pytest
from mydatahub_spark.views import Views
from mydatahub_spark.without_views import explained
from pyspark.errors import AnalysisException

NOT_FOUND = "[TABLE_OR_VIEW_NOT_FOUND] The table or view {} cannot be found. Verify the spelling"


class Catalog:
    def is_view(self, database: str, name: str) -> bool:
        return (database, name) == ("lake", "birds")


def failing(problem: str) -> Any:
    def sql(_session: Any, _text: str) -> Any:
        raise AnalysisException(problem)

    return explained(sql, cast(Views, Catalog()))


@pytest.mark.parametrize("name", ["`lake`.`birds`", "`glue_catalog`.`lake`.`birds`"])
def test_reading_a_view_names_the_cause_and_the_cure(name: str) -> None:
    with pytest.raises(AnalysisException, match=r"birds is a Data Catalog view(.|\n)*cure: .*fine-grained"):
        failing(NOT_FOUND.format(name))(None, "SELECT * FROM lake.birds")


def test_a_view_statement_names_the_cause() -> None:
    text = "CREATE PROTECTED MULTI DIALECT VIEW lake.v SECURITY DEFINER AS SELECT 1 AS a"
    with pytest.raises(AnalysisException, match="need fine-grained access control"):
        failing("[PARSE_SYNTAX_ERROR] Syntax error at or near 'PROTECTED'")(None, text)


@pytest.mark.parametrize("problem", [NOT_FOUND.format("`lake`.`fish`"), NOT_FOUND.format("`fish`"), "[OTHER] x"])
def test_every_other_failure_stays_as_it_is(problem: str) -> None:
    with pytest.raises(AnalysisException) as raised:
        failing(problem)(None, "SELECT 1")
    assert str(raised.value) == problem
