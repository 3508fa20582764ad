# Every variable refuses what AWS or the lake could not live with, at plan.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
  # Nothing is called: provisioners run for real, even under a mocked provider.
  aws_cli = "true"
  # Else the guard would keep the test from clearing up.
  allow_destroy = true
}

run "every_variable_refuses_a_wrong_value" {
  command = plan

  variables {
    aws_region          = "Frankfurt"
    s3_bucket_name      = "My.Bucket"
    glue_database_name  = "Iceberg-DB"
    glue_table_name     = "entity_view_x"
    iceberg_data_prefix = "state/iceberg/"
    environment_suffix  = "my-env"
    iceberg_runtime     = "1.4.2"
    view_strategy       = "both"
    job_timeout_minutes = 0.5
    tags                = { "aws:owner" = "me" }
    allowed_account_ids = ["1234"]
    aws_endpoint_url    = "127.0.0.1:4566/"
  }

  expect_failures = [
    var.aws_region,
    var.s3_bucket_name,
    var.glue_database_name,
    var.glue_table_name,
    var.iceberg_data_prefix,
    var.environment_suffix,
    var.iceberg_runtime,
    var.view_strategy,
    var.job_timeout_minutes,
    var.tags,
    var.allowed_account_ids,
    var.aws_endpoint_url,
  ]
}

run "a_folder_for_source_files_has_no_slash_at_the_start" {
  command = plan

  variables {
    csv_data_prefix = "/raw"
  }

  expect_failures = [var.csv_data_prefix]
}

run "source_files_and_table_may_not_share_a_folder" {
  command = plan

  variables {
    csv_data_prefix     = "lake/"
    iceberg_data_prefix = "lake/iceberg/"
  }

  expect_failures = [var.csv_data_prefix]
}

run "deeper_folders_and_all_options_are_accepted" {
  command = plan

  variables {
    aws_region          = "us-gov-west-1"
    csv_data_prefix     = "in/csv/"
    iceberg_data_prefix = "lake/iceberg_v2/"
    environment_suffix  = "prod2"
    allowed_account_ids = ["123456789012"]
    job_timeout_minutes = 10080
  }

  assert {
    condition     = aws_glue_job.ingestion.default_arguments["--raw_prefix"] == "in/csv/" && aws_glue_job.ingestion.default_arguments["--iceberg_prefix"] == "lake/iceberg_v2/"
    error_message = "The folders must reach the job."
  }
}
