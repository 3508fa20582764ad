# The jobs behind the ingestion: the publisher of the dual-engine views, its helper for what only Spark may set, and
# the check of the views from Spark as a reader.

locals {
  glue_version  = "5.1"
  glue_endpoint = coalesce(var.aws_endpoint_url, "https://glue.${var.aws_region}.${data.aws_partition.current.dns_suffix}")

  # With fine-grained access control Glue allows Iceberg in the session catalog only.
  session_catalog_conf = join(" --conf ", [
    "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.spark_catalog=org.apache.iceberg.spark.SparkSessionCatalog",
    "spark.sql.catalog.spark_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
    "spark.sql.catalog.spark_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
    "spark.sql.catalog.spark_catalog.warehouse=${local.folder.iceberg}",
    # A table kept in Iceberg's cache would hide a commit made while the views are read.
    "spark.sql.catalog.spark_catalog.cache-enabled=false",
    "spark.sql.catalog.spark_catalog.glue.account-id=${local.account_id}",
    "spark.sql.catalog.spark_catalog.client.region=${var.aws_region}",
    "spark.sql.catalog.spark_catalog.glue.endpoint=${local.glue_endpoint}",
  ])
}

resource "aws_glue_job" "views" {
  #checkov:skip=CKV_AWS_195: As for the ingestion.
  name              = local.jobs.views
  description       = "Keeps one pivoted view per entity1 value in step in Athena and Glue Spark."
  role_arn          = aws_iam_role.definer.arn
  glue_version      = local.glue_version
  worker_type       = var.glue_worker_type
  number_of_workers = var.views_max_workers
  timeout           = var.job_timeout_minutes
  execution_class   = "STANDARD"

  max_retries             = var.job_max_retries
  job_run_queuing_enabled = var.job_max_retries == 0

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "${local.folder.scripts}glue_create_views_dual_engine.py"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = merge(local.job_arguments, {
    "--enable-auto-scaling" = "true"
    "--datalake-formats"    = "iceberg"
    "--conf"                = local.glue_catalog_conf
    "--bucket"              = aws_s3_bucket.lake.bucket
    "--raw_prefix"          = local.prefixes.raw
    "--state_prefix"        = local.prefixes.state
    "--iceberg_prefix"      = local.prefixes.iceberg
    "--database"            = aws_glue_catalog_database.lake.name
    "--table"               = var.glue_table_name
    "--catalog"             = "glue_catalog"
    "--workgroup"           = aws_athena_workgroup.lake.name
    "--definer_arn"         = aws_iam_role.definer.arn
    "--account_id"          = local.account_id
    "--region"              = var.aws_region
    "--view_strategy"       = var.view_strategy
    "--view_form"           = var.view_form
    "--views_without_data"  = var.views_without_data
    "--spark_dialect_job"   = aws_glue_job.spark_dialect.name

    # The wheel beside the Glue scripts. It needs no other package, so pip asks no index: there may be no way to one.
    "--additional-python-modules" = "${local.folder.scripts}sqlglot-30.30.0-py3-none-any.whl"
  })
}

# Only the publisher starts it, and only for views whose SPARK dialect Glue's API refuses (or all of them, by the
# strategy spark-first): a trigger has no views to give it.
resource "aws_glue_job" "spark_dialect" {
  #checkov:skip=CKV_AWS_195: As for the ingestion.
  name         = local.jobs.spark_dialect
  description  = "Sets the SPARK dialect of views by Spark itself, for ${local.jobs.views}."
  role_arn     = aws_iam_role.definer.arn
  glue_version = local.glue_version
  worker_type  = var.glue_worker_type
  # Fine-grained access control needs four: a user and a system driver, a system and a user executor.
  number_of_workers = 4
  timeout           = var.job_timeout_minutes
  execution_class   = "STANDARD"

  # The publisher tries again by itself; a retry would find the request of somebody else.
  max_retries             = 0
  job_run_queuing_enabled = true

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "${local.folder.scripts}glue_set_spark_dialects.py"
  }

  # Two runs would write the same result; the publisher waits for the end of another run.
  execution_property {
    max_concurrent_runs = 1
  }

  # Without fine-grained access control Spark knows no statement for these views.
  non_overridable_arguments = {
    "--enable-lakeformation-fine-grained-access" = "true"
  }

  default_arguments = merge(local.job_arguments, {
    "--datalake-formats" = "iceberg"
    "--conf"             = local.session_catalog_conf
    "--bucket"           = aws_s3_bucket.lake.bucket
    "--state_prefix"     = local.prefixes.state
  })
}

resource "aws_glue_job" "verify" {
  #checkov:skip=CKV_AWS_195: As for the ingestion.
  name         = local.jobs.verify
  description  = "Reads every view in Spark as a reader and writes columns, row count and fingerprint."
  role_arn     = aws_iam_role.reader.arn
  glue_version = local.glue_version
  worker_type  = var.glue_worker_type
  # Fine-grained access control needs four: a user and a system driver, a system and a user executor.
  number_of_workers = var.verify_max_workers
  timeout           = var.job_timeout_minutes
  execution_class   = "STANDARD"

  max_retries             = var.job_max_retries
  job_run_queuing_enabled = var.job_max_retries == 0

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "${local.folder.scripts}glue_verify_views.py"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  # With fine-grained access control Glue allows Iceberg in the session catalog only, and no JARs from outside; it scales
  # by itself.
  default_arguments = merge(local.job_arguments, {
    "--enable-lakeformation-fine-grained-access" = "true"
    "--datalake-formats"                         = "iceberg"
    "--conf"                                     = local.session_catalog_conf
    "--bucket"                                   = aws_s3_bucket.lake.bucket
    "--state_prefix"                             = local.prefixes.state
    "--database"                                 = aws_glue_catalog_database.lake.name
    "--table"                                    = var.glue_table_name
  })
}
