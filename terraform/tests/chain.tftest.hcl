# What the chain is made of, planned and applied with a mocked provider: no AWS, no network.

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

run "one_environment_has_plain_names" {
  assert {
    condition = jsondecode(aws_s3_object.lake_config.content) == {
      version    = 1
      region     = "us-east-1"
      account_id = "123456789012"
      bucket     = "lake-under-test"
      prefixes = {
        raw   = "raw-data/", iceberg = "iceberg-data/", jars = "jars/", scripts = "scripts/", config = "config/",
        state = "state/", results = "athena-results/", quarantine = "quarantine/"
      }
      database  = "iceberg_db"
      table     = "entity_data"
      workflow  = "data-lake"
      workgroup = "mydatahub"
      jobs = {
        ingestion     = "csv-to-iceberg-ingestion"
        views         = "create-views-dual-engine"
        spark_dialect = "create-views-spark-dialect"
        verify        = "verify-views"
      }
      roles = {
        ingestion = "arn:aws:iam::123456789012:role/mydatahub/ingestion"
        definer   = "arn:aws:iam::123456789012:role/mydatahub/definer"
        reader    = "arn:aws:iam::123456789012:role/mydatahub/reader"
      }
      readers = [{ principal = "arn:aws:iam::123456789012:role/mydatahub/reader", views = ["*"], base_table = false }]
      table_grants = [
        { principal = "arn:aws:iam::123456789012:role/mydatahub/definer", permissions = ["DESCRIBE", "SELECT"], grantable = true },
        { principal = "arn:aws:iam::123456789012:role/mydatahub/optimizer", permissions = ["ALTER", "DELETE", "DESCRIBE", "INSERT"], grantable = false },
      ]
      log_group    = "/aws-glue/jobs/mydatahub"
      glue_version = "5.1"
      views        = { form = "auto", without_data = "keep" }
      ingestion    = { mode = "sync", removed_files = "keep", bad_files = "refuse", additional_columns = "refuse" }
    }
    error_message = "config/lake.json is not what the verbs read."
  }

  assert {
    condition     = aws_s3_object.lake_config.key == "config/lake.json"
    error_message = "The verbs look for config/lake.json."
  }

  assert {
    condition     = aws_glue_catalog_database.lake.location_uri == "s3://lake-under-test/iceberg-data/iceberg_db"
    error_message = "Tables must lie under the Iceberg prefix."
  }

  assert {
    condition     = alltrue([for job in [aws_glue_job.ingestion, aws_glue_job.views, aws_glue_job.spark_dialect, aws_glue_job.verify] : job.glue_version == "5.1" && job.timeout == 60 && job.max_retries == 0 && job.job_run_queuing_enabled && job.execution_property[0].max_concurrent_runs == 1])
    error_message = "Every job must be pinned to Glue 5.1, have a timeout, no retries, a place in the queue and one run at a time."
  }

  assert {
    condition     = aws_glue_job.ingestion.default_arguments["--extra-jars"] == "s3://lake-under-test/jars/iceberg-spark-runtime-3.5_2.12-1.10.1.jar,s3://lake-under-test/jars/iceberg-aws-bundle-1.10.1.jar" && aws_glue_job.ingestion.default_arguments["--user-jars-first"] == "true"
    error_message = "The ingestion must run on the files of jars/pom.xml, ahead of Glue's own."
  }

  assert {
    condition     = !contains(keys(aws_glue_job.ingestion.default_arguments), "--datalake-formats")
    error_message = "Glue's own Iceberg beside own JARs is a clash of versions."
  }

  assert {
    condition     = strcontains(aws_glue_job.ingestion.default_arguments["--conf"], " --conf spark.sql.catalog.glue_catalog.warehouse=s3://lake-under-test/iceberg-data/ ")
    error_message = "glue_catalog must keep its tables under the Iceberg prefix."
  }

  assert {
    condition     = startswith(aws_glue_job.ingestion.default_arguments["--conf"], "spark.sql.extensions=")
    error_message = "The value of --conf must begin with a setting, not with --conf."
  }
}

run "the_verification_reads_as_a_reader_under_fine_grained_access_control" {
  assert {
    condition     = aws_glue_job.verify.default_arguments["--enable-lakeformation-fine-grained-access"] == "true" && aws_glue_job.verify.number_of_workers >= 4
    error_message = "Glue refuses views without fine-grained access control, and that with fewer than 4 workers."
  }

  assert {
    condition     = aws_glue_job.verify.role_arn == aws_iam_role.reader.arn && aws_glue_job.views.role_arn == aws_iam_role.definer.arn
    error_message = "The publisher runs as the definer, the check as the reader."
  }

  assert {
    condition     = !strcontains(aws_glue_job.verify.default_arguments["--conf"], "glue_catalog") && !contains(keys(aws_glue_job.verify.default_arguments), "--extra-jars")
    error_message = "Fine-grained access control forbids named catalogs and JARs from outside."
  }

  assert {
    condition     = strcontains(aws_glue_job.verify.default_arguments["--conf"], "glue.endpoint=https://glue.us-east-1.amazonaws.com")
    error_message = "On AWS the catalog is asked at Glue's endpoint of the region."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.definer_trust.statement : statement.actions])) == toset(["sts:AssumeRole", "sts:SetContext"])
    error_message = "Lake Formation assumes the definer with session context."
  }
}

run "spark_dialects_are_set_by_the_definer_under_fine_grained_access_control" {
  assert {
    condition     = aws_glue_job.spark_dialect.non_overridable_arguments["--enable-lakeformation-fine-grained-access"] == "true" && aws_glue_job.spark_dialect.number_of_workers >= 4
    error_message = "Spark knows the statements for these views with fine-grained access control only, and that needs 4 workers."
  }

  assert {
    condition     = aws_glue_job.spark_dialect.role_arn == aws_iam_role.definer.arn
    error_message = "Only the definer of a view may change it."
  }

  assert {
    condition     = aws_glue_job.spark_dialect.default_arguments["--conf"] == aws_glue_job.verify.default_arguments["--conf"] && !contains(keys(aws_glue_job.spark_dialect.default_arguments), "--extra-jars")
    error_message = "Fine-grained access control forbids named catalogs and JARs from outside."
  }

  assert {
    condition     = aws_glue_job.views.default_arguments["--spark_dialect_job"] == aws_glue_job.spark_dialect.name && aws_glue_job.views.default_arguments["--view_strategy"] == "athena-first"
    error_message = "The publisher must know the job that it starts, and makes ATHENA first unless told otherwise."
  }

  assert {
    condition     = anytrue([for statement in data.aws_iam_policy_document.definer.statement : toset(statement.actions) == toset(["glue:StartJobRun", "glue:GetJobRun", "glue:BatchStopJobRun"]) && toset(statement.resources) == toset(["arn:aws:glue:us-east-1:123456789012:job/create-views-spark-dialect"])])
    error_message = "The definer must be able to run that job, and no other."
  }
}

run "the_chain_starts_on_demand_and_never_by_an_apply" {
  assert {
    condition     = aws_glue_trigger.start.type == "ON_DEMAND" && aws_glue_trigger.start.enabled == false
    error_message = "An enabled on-demand trigger is started by the provider as soon as it exists."
  }

  assert {
    condition     = one(aws_glue_trigger.views.predicate[0].conditions).job_name == "csv-to-iceberg-ingestion" && one(aws_glue_trigger.views.predicate[0].conditions).state == "SUCCEEDED" && one(aws_glue_trigger.views.actions).job_name == "create-views-dual-engine"
    error_message = "The views follow a successful ingestion."
  }

  assert {
    condition     = one(aws_glue_trigger.verify.predicate[0].conditions).job_name == "create-views-dual-engine" && one(aws_glue_trigger.verify.predicate[0].conditions).state == "SUCCEEDED" && one(aws_glue_trigger.verify.actions).job_name == "verify-views"
    error_message = "The check follows successful views."
  }

  assert {
    condition     = alltrue([for trigger in [aws_glue_trigger.start, aws_glue_trigger.views, aws_glue_trigger.verify] : trigger.workflow_name == "data-lake"])
    error_message = "Triggers outside the workflow are no part of its run."
  }
}

run "another_environment_differs_in_every_name" {
  variables {
    environment_suffix = "dev"
  }

  assert {
    condition = (
      aws_glue_catalog_database.lake.name == "iceberg_db_dev" &&
      aws_glue_workflow.lake.name == "data-lake-dev" &&
      aws_athena_workgroup.lake.name == "mydatahub-dev" &&
      aws_glue_job.ingestion.name == "csv-to-iceberg-ingestion-dev" &&
      aws_glue_job.views.name == "create-views-dual-engine-dev" &&
      aws_glue_job.spark_dialect.name == "create-views-spark-dialect-dev" &&
      aws_glue_job.verify.name == "verify-views-dev" &&
      alltrue([for name in [aws_iam_role.ingestion.name, aws_iam_role.definer.name, aws_iam_role.reader.name] : endswith(name, "-dev")]) &&
      alltrue([for name in [aws_glue_trigger.start.name, aws_glue_trigger.views.name, aws_glue_trigger.verify.name] : endswith(name, "-dev")])
    )
    error_message = "Two environments in one account would meet in a name."
  }
}

run "managed_iceberg_brings_no_jars" {
  variables {
    iceberg_runtime = "managed"
  }

  assert {
    condition     = aws_glue_job.ingestion.default_arguments["--datalake-formats"] == "iceberg" && !contains(keys(aws_glue_job.ingestion.default_arguments), "--extra-jars") && !contains(keys(aws_glue_job.ingestion.default_arguments), "--user-jars-first")
    error_message = "managed must use Glue's own Iceberg alone."
  }
}

run "a_local_endpoint_reaches_the_session_catalog" {
  variables {
    aws_endpoint_url = "http://127.0.0.1:4566"
  }

  assert {
    condition     = strcontains(aws_glue_job.verify.default_arguments["--conf"], "glue.endpoint=http://127.0.0.1:4566")
    error_message = "A lake on this machine must not ask AWS for its catalog."
  }
}
