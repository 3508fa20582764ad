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
    view_form           = "map"
    views_without_data  = "hide"
    job_timeout_minutes = 0.5
    tags                = { "aws:owner" = "me" }
    allowed_account_ids = ["1234"]
    aws_endpoint_url    = "127.0.0.1:4566/"

    raw_data_transition_days = 7
    athena_results_days      = 0
    noncurrent_version_days  = 0.5
    incomplete_upload_days   = 400

    job_max_retries            = 11
    glue_worker_type           = "Standard"
    ingestion_max_workers      = 1
    views_max_workers          = 300
    verify_max_workers         = 3
    ingestion_schedule         = "daily"
    log_retention_days         = 42
    athena_bytes_scanned_limit = 1000

    snapshot_retention_days    = 0
    snapshots_to_keep          = 0
    orphan_file_retention_days = 2

    ingestion_mode     = "replace"
    bad_files          = "ignore"
    additional_columns = "drop"

    alarm_emails       = ["nobody"]
    freshness_hours    = 169
    monthly_budget_usd = 0
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
    var.view_form,
    var.views_without_data,
    var.job_timeout_minutes,
    var.tags,
    var.allowed_account_ids,
    var.aws_endpoint_url,
    var.raw_data_transition_days,
    var.athena_results_days,
    var.noncurrent_version_days,
    var.incomplete_upload_days,
    var.job_max_retries,
    var.glue_worker_type,
    var.ingestion_max_workers,
    var.views_max_workers,
    var.verify_max_workers,
    var.ingestion_schedule,
    var.log_retention_days,
    var.athena_bytes_scanned_limit,
    var.snapshot_retention_days,
    var.snapshots_to_keep,
    var.orphan_file_retention_days,
    var.ingestion_mode,
    var.bad_files,
    var.additional_columns,
    var.alarm_emails,
    var.freshness_hours,
    var.monthly_budget_usd,
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

run "a_key_is_named_by_its_arn" {
  command = plan

  variables {
    kms_key_arn = "alias/lake"
  }

  expect_failures = [var.kms_key_arn]
}

run "a_key_must_be_of_the_lake_s_region" {
  command = plan

  variables {
    kms_key_arn = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  expect_failures = [var.kms_key_arn]
}

run "a_schedule_has_one_question_mark" {
  command = plan

  variables {
    ingestion_schedule = "cron(15 3 * * * *)"
  }

  expect_failures = [var.ingestion_schedule]
}

run "a_schedule_has_not_two_question_marks" {
  command = plan

  variables {
    ingestion_schedule = "cron(15 3 ? * ? *)"
  }

  expect_failures = [var.ingestion_schedule]
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

    kms_key_arn              = "arn:aws-us-gov:kms:us-gov-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"
    raw_data_transition_days = null
    ingestion_schedule       = "cron(0/30 6-18 ? * MON-FRI *)"
    job_max_retries          = 10
    glue_worker_type         = "G.8X"
    ingestion_max_workers    = 299
    enable_table_optimizers  = true
    alarm_emails             = ["data-team@example.org", "on-call@example.org"]
    freshness_hours          = 1
    monthly_budget_usd       = 49.5
  }

  assert {
    condition     = aws_glue_job.ingestion.default_arguments["--raw_prefix"] == "in/csv/" && aws_glue_job.ingestion.default_arguments["--iceberg_prefix"] == "lake/iceberg_v2/"
    error_message = "The folders must reach the job."
  }
}
