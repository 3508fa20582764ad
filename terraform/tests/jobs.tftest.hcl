# How the jobs run, when, and where they write their logs.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
}

run "a_schedule_starts_the_one_workflow_that_can_be_started_on_demand_as_well" {
  command = plan

  variables {
    ingestion_schedule = "cron(15 3 * * ? *)"
  }

  assert {
    condition     = aws_glue_trigger.start.type == "SCHEDULED" && aws_glue_trigger.start.schedule == "cron(15 3 * * ? *)" && aws_glue_trigger.start.enabled
    error_message = "The start trigger must wait for its time."
  }
}

run "every_job_scales_and_logs_to_groups_of_the_lake" {
  command = plan

  assert {
    condition     = aws_glue_job.ingestion.number_of_workers == 10 && aws_glue_job.views.number_of_workers == 2 && aws_glue_job.verify.number_of_workers == 4
    error_message = "The most workers are not those of the variables."
  }

  assert {
    condition     = alltrue([for job in [aws_glue_job.ingestion, aws_glue_job.views] : job.default_arguments["--enable-auto-scaling"] == "true"])
    error_message = "A job without fine-grained access control must be told to scale."
  }

  assert {
    condition     = alltrue([for job in [aws_glue_job.ingestion, aws_glue_job.views, aws_glue_job.verify] : job.default_arguments["--custom-logGroup-prefix"] == "/aws-glue/jobs/mydatahub" && job.default_arguments["--extra-py-files"] == "s3://lake-under-test/scripts/mydatahub_glue.zip"])
    error_message = "Every job needs the shared package, and logs to the lake's own groups."
  }

  assert {
    condition     = startswith(aws_glue_job.views.default_arguments["--additional-python-modules"], "s3://lake-under-test/scripts/sqlglot-")
    error_message = "The views job needs the wheel that is beside the Glue scripts."
  }

  assert {
    condition     = toset([for group in aws_cloudwatch_log_group.jobs : "${group.name} ${group.retention_in_days}"]) == toset(["/aws-glue/jobs/mydatahub/output 365", "/aws-glue/jobs/mydatahub/error 365"])
    error_message = "The log groups of the jobs must exist and forget."
  }
}

run "retries_and_the_queue_exclude_each_other" {
  command = plan

  variables {
    job_max_retries = 2
  }

  assert {
    condition     = alltrue([for job in [aws_glue_job.ingestion, aws_glue_job.views, aws_glue_job.verify] : job.max_retries == 2 && !job.job_run_queuing_enabled])
    error_message = "Glue queues runs of jobs without retries only."
  }
}

run "there_are_no_optimizers_before_there_is_a_table" {
  command = plan

  assert {
    condition     = length(aws_glue_catalog_table_optimizer.entity_table) == 0
    error_message = "Glue refuses an optimizer whose table does not exist."
  }
}

run "optimizers_care_for_the_entity_table" {
  command = plan

  variables {
    enable_table_optimizers    = true
    snapshot_retention_days    = 14
    snapshots_to_keep          = 3
    orphan_file_retention_days = 5
  }

  assert {
    condition     = toset(keys(aws_glue_catalog_table_optimizer.entity_table)) == toset(["compaction", "retention", "orphan_file_deletion"]) && alltrue([for optimizer in aws_glue_catalog_table_optimizer.entity_table : optimizer.database_name == "iceberg_db" && optimizer.table_name == "entity_data" && optimizer.configuration[0].enabled])
    error_message = "All three must care for the entity table."
  }

  assert {
    condition     = aws_glue_catalog_table_optimizer.entity_table["retention"].configuration[0].retention_configuration[0].iceberg_configuration[0].snapshot_retention_period_in_days == 14 && aws_glue_catalog_table_optimizer.entity_table["retention"].configuration[0].retention_configuration[0].iceberg_configuration[0].number_of_snapshots_to_retain == 3
    error_message = "Snapshots must be kept as the variables say."
  }

  assert {
    condition     = aws_glue_catalog_table_optimizer.entity_table["orphan_file_deletion"].configuration[0].orphan_file_deletion_configuration[0].iceberg_configuration[0].location == "s3://lake-under-test/iceberg-data/iceberg_db/entity_data"
    error_message = "Files may be looked for below the table and nowhere else."
  }
}

run "athena_enforces_its_limits_and_has_queries_to_begin_with" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.lake.configuration[0].enforce_workgroup_configuration && aws_athena_workgroup.lake.configuration[0].bytes_scanned_cutoff_per_query == 107374182400 && aws_athena_workgroup.lake.configuration[0].engine_version[0].selected_engine_version == "Athena engine version 3"
    error_message = "The workgroup must enforce engine, limit and encryption."
  }

  assert {
    condition     = alltrue([for query in aws_athena_named_query.example : query.database == "iceberg_db" && strcontains(query.query, "iceberg_db")])
    error_message = "The named queries must ask this lake's database."
  }
}
