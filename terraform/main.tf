# The lake's names in one place, its catalog database and the job that fills the entity table.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition

  suffix   = var.environment_suffix == "" ? "" : "-${var.environment_suffix}"
  database = "${var.glue_database_name}${replace(local.suffix, "-", "_")}"

  jobs = {
    ingestion     = "csv-to-iceberg-ingestion${local.suffix}"
    views         = "create-views-dual-engine${local.suffix}"
    spark_dialect = "create-views-spark-dialect${local.suffix}"
    verify        = "verify-views${local.suffix}"
  }

  prefixes = {
    raw        = var.csv_data_prefix
    iceberg    = var.iceberg_data_prefix
    jars       = "jars/"
    scripts    = "scripts/"
    config     = "config/"
    state      = "state/"
    results    = "athena-results/"
    quarantine = "quarantine/"
  }
  folder = { for name, prefix in local.prefixes : name => "s3://${aws_s3_bucket.lake.bucket}/${prefix}" }

  # One pinned list for Glue and the local lake: the dependencies of jars/pom.xml, in its order.
  jars_pom     = file("${path.module}/../jars/pom.xml")
  iceberg_jars = [for jar in regexall("<dependency>\\s*<groupId>[^<]+</groupId>\\s*<artifactId>([^<]+)</artifactId>\\s*<version>([^<]+)</version>\\s*</dependency>", local.jars_pom) : "${jar[0]}-${jar[1]}.jar"]

  # Glue takes one --conf argument; further settings follow inside its value, each with a --conf of its own.
  glue_catalog_conf = join(" --conf ", [
    "spark.sql.extensions=org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
    "spark.sql.catalog.glue_catalog=org.apache.iceberg.spark.SparkCatalog",
    "spark.sql.catalog.glue_catalog.catalog-impl=org.apache.iceberg.aws.glue.GlueCatalog",
    "spark.sql.catalog.glue_catalog.io-impl=org.apache.iceberg.aws.s3.S3FileIO",
    "spark.sql.catalog.glue_catalog.warehouse=${local.folder.iceberg}",
    # Glue 5.1 reads s3:// through S3A, which asks us-east-2 unless told.
    "spark.hadoop.fs.s3a.endpoint.region=${var.aws_region}",
  ])

  # What all jobs are told.
  job_arguments = {
    "--extra-py-files"         = "${local.folder.scripts}mydatahub_glue.zip"
    "--custom-logGroup-prefix" = local.log_prefix
  }
}

resource "aws_glue_catalog_database" "lake" {
  name         = local.database
  description  = "The entity table ${var.glue_table_name} and its views."
  location_uri = "${local.folder.iceberg}${local.database}"
}

resource "aws_glue_job" "ingestion" {
  #checkov:skip=CKV_AWS_195: A security configuration would move the logs to groups of another name and adds nothing: S3 encrypts by the bucket, and there are no bookmarks.
  name              = local.jobs.ingestion
  description       = "Takes the source files under ${local.prefixes.raw} into ${local.database}.${var.glue_table_name}."
  role_arn          = aws_iam_role.ingestion.arn
  glue_version      = local.glue_version
  worker_type       = var.glue_worker_type
  number_of_workers = var.ingestion_max_workers
  timeout           = var.job_timeout_minutes
  execution_class   = "STANDARD"

  # Glue queues runs of jobs without retries only.
  max_retries             = var.job_max_retries
  job_run_queuing_enabled = var.job_max_retries == 0

  command {
    name            = "glueetl"
    python_version  = "3"
    script_location = "${local.folder.scripts}glue_csv_to_iceberg.py"
  }

  execution_property {
    max_concurrent_runs = 1
  }

  default_arguments = merge(
    var.iceberg_runtime == "managed" ? { "--datalake-formats" = "iceberg" } : {
      "--extra-jars"                                          = join(",", [for jar in local.iceberg_jars : "${local.folder.jars}${jar}"])
      "--user-jars-first"                                     = "true"
    },
    local.job_arguments,
    {
      "--enable-auto-scaling" = "true"
      "--conf"                = local.glue_catalog_conf
      "--bucket"              = aws_s3_bucket.lake.bucket
      "--raw_prefix"          = local.prefixes.raw
      "--state_prefix"        = local.prefixes.state
      "--iceberg_prefix"      = local.prefixes.iceberg
      "--quarantine_prefix"   = local.prefixes.quarantine
      "--ingestion_mode"      = var.ingestion_mode
      "--removed_files"       = var.removed_files
      "--bad_files"           = var.bad_files
      "--additional_columns"  = var.additional_columns
      "--database"            = aws_glue_catalog_database.lake.name
      "--table"               = var.glue_table_name
      "--catalog"             = "glue_catalog"
    },
  )

  lifecycle {
    precondition {
      condition     = length(local.iceberg_jars) > 0 && length(local.iceberg_jars) == length(regexall("<dependency>", local.jars_pom))
      error_message = "jars/pom.xml has a <dependency> that is not groupId, artifactId, version in this order and nothing else, so its file name cannot be told. Write it like the others."
    }
  }
}
