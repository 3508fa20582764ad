"""getResolvedOptions of the awsglue stand-in, with Glue's semantics."""

import pytest
from awsglue.utils import GlueArgumentError, getResolvedOptions

LINE = ["script.py", "--JOB_NAME", "j", "--JOB_RUN_ID", "jr_1", "--who", "me", "--other", "x", "--flag"]


def test_the_named_options_come_back_with_glues_own() -> None:
    found = getResolvedOptions(LINE, ["JOB_NAME", "who"])
    assert (found["JOB_NAME"], found["who"], found["JOB_RUN_ID"]) == ("j", "me", "jr_1")
    assert found["TempDir"] is None
    assert "other" not in found


def test_a_missing_option_is_an_error_that_names_it() -> None:
    with pytest.raises(GlueArgumentError, match="--nobody"):
        getResolvedOptions(LINE, ["nobody"])


def test_an_option_without_value_is_an_error() -> None:
    with pytest.raises(GlueArgumentError, match="expected one argument"):
        getResolvedOptions(LINE, ["flag"])


def test_reserved_names_cannot_be_asked_for() -> None:
    with pytest.raises(RuntimeError, match="reserved"):
        getResolvedOptions(LINE, ["JOB_RUN_ID"])


def test_the_temporary_folder_has_two_names() -> None:
    found = getResolvedOptions([*LINE, "--TempDir", "s3://b/t/"], ["TempDir"])
    assert found["TempDir"] == found["RedshiftTempDir"] == "s3://b/t/"
