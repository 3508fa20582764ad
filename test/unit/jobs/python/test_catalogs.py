"""Settings that keep a session's catalogs on this machine."""

import pytest
from mydatahub_spark import catalogs, failure
from mydatahub_spark.run import Keys, Run

PREFIX = "spark.sql.catalog."
GLUE = "org.apache.iceberg.aws.glue.GlueCatalog"


def run(fine_grained: bool = False) -> Run:
    return Run(
        mode="job",
        script="",
        arguments=[],
        fine_grained=fine_grained,
        role="arn:role",
        region="us-east-1",
        account_id="123456789012",
        glue_endpoint="http://gateway",
        s3_endpoint="http://moto",
        keys=Keys("role", "role", "token"),
        data_keys=Keys("data", "data", "token"),
    )


def test_a_glue_catalog_gets_local_endpoints_over_its_own() -> None:
    found = catalogs.endpoints(
        run(),
        {
            PREFIX + "g": "org.apache.iceberg.spark.SparkCatalog",
            PREFIX + "g.catalog-impl": GLUE,
            PREFIX + "g.glue.endpoint": "https://glue.us-east-1.amazonaws.com",
        },
    )
    assert found[PREFIX + "g.glue.endpoint"] == "http://gateway"
    assert found[PREFIX + "g.s3.endpoint"] == "http://moto"
    assert found[PREFIX + "g.cache-enabled"] == "false"
    assert found[PREFIX + "g.s3.access-key-id"] == "data"
    assert found[PREFIX + "g.s3.session-token"] == "token"
    assert PREFIX + "g.catalog-impl" not in found


def test_a_session_catalog_without_implementation_is_the_data_catalog() -> None:
    found = catalogs.endpoints(run(), {PREFIX + "spark_catalog": catalogs.ICEBERG_SESSION_CATALOG})
    assert found[PREFIX + "spark_catalog.catalog-impl"] == GLUE


def test_catalogs_of_other_kinds_are_left_alone() -> None:
    hadoop = {PREFIX + "h": "org.apache.iceberg.spark.SparkCatalog", PREFIX + "h.type": "hadoop"}
    assert catalogs.endpoints(run(), hadoop | {PREFIX + "o": "com.example.Catalog"}) == {}


def test_fine_grained_access_control_takes_the_session_catalog_only() -> None:
    settings = {PREFIX + "spark_catalog": catalogs.ICEBERG_SESSION_CATALOG}
    catalogs.refuse_named(run(fine_grained=True), settings)
    settings[PREFIX + "glue_catalog"] = "org.apache.iceberg.spark.SparkCatalog"
    with pytest.raises(PermissionError, match="'glue_catalog'"):
        catalogs.refuse_named(run(fine_grained=True), settings)
    catalogs.refuse_named(run(), settings)


def test_an_error_message_leaves_out_stack_traces_and_query_plans() -> None:
    assert failure.message(ValueError("text")) == "ValueError: text"
    assert failure.message(ValueError()) == "ValueError"
    assert failure.message(RuntimeError("a\n\nJVM stacktrace:\nx")) == "RuntimeError: a"
    assert failure.message(RuntimeError("a\nb\n\tat java.X(Y)")) == "RuntimeError: a\nb"
    assert failure.message(RuntimeError("a; line 1 pos 2;\n'Project [*]\n+- x")) == "RuntimeError: a; line 1 pos 2"


def test_views_find_their_tables_where_the_session_catalog_has_no_access() -> None:
    settings = {
        PREFIX + "spark_catalog": catalogs.ICEBERG_SESSION_CATALOG,
        PREFIX + "spark_catalog.warehouse": "s3://bucket/iceberg-data/",
    }
    governed = run(fine_grained=True)
    definers = catalogs.definers_catalog(governed, settings)
    assert definers[PREFIX + "mydatahub_definers.warehouse"] == "s3://bucket/iceberg-data/"
    found = catalogs.endpoints(governed, settings | definers)
    assert found[PREFIX + "spark_catalog.glue.endpoint"] == "http://gateway/_fine-grained-access/tables"
    assert found[PREFIX + "mydatahub_definers.glue.endpoint"] == "http://gateway/_fine-grained-access/views"
    catalogs.refuse_named(governed, settings | definers)
    assert catalogs.definers_catalog(run(), settings) == {}


def test_scripts_cannot_name_the_catalog_of_the_definers() -> None:
    with pytest.raises(PermissionError, match="belongs to Lake Formation"):
        catalogs.refuse_definers("SELECT * FROM `MyDataHub_Definers`.db.t")
    catalogs.refuse_definers("SELECT * FROM db.t")
