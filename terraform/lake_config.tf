# Every name that the verbs need, once: they are told the bucket and read the rest here.

locals {
  lake_config = {
    version    = 1
    region     = var.aws_region
    account_id = local.account_id
    bucket     = aws_s3_bucket.lake.bucket
    prefixes   = local.prefixes
    database   = aws_glue_catalog_database.lake.name
    table      = var.glue_table_name
    workflow   = aws_glue_workflow.lake.name
    workgroup  = aws_athena_workgroup.lake.name
    jobs = {
      ingestion     = aws_glue_job.ingestion.name
      views         = aws_glue_job.views.name
      spark_dialect = aws_glue_job.spark_dialect.name
      verify        = aws_glue_job.verify.name
    }
    roles = {
      ingestion = aws_iam_role.ingestion.arn
      definer   = aws_iam_role.definer.arn
      reader    = aws_iam_role.reader.arn
    }
    readers      = local.readers
    table_grants = local.table_grants
    log_group    = local.log_prefix
    glue_version = local.glue_version
    views        = { form = var.view_form, without_data = var.views_without_data }
    ingestion = {
      mode               = var.ingestion_mode
      removed_files      = var.removed_files
      bad_files          = var.bad_files
      additional_columns = var.additional_columns
    }
  }
}

resource "aws_s3_object" "lake_config" {
  bucket       = aws_s3_bucket.lake.bucket
  key          = "${local.prefixes.config}lake.json"
  content      = jsonencode(local.lake_config)
  content_type = "application/json"

  depends_on = [
    aws_s3_bucket_versioning.lake,
    aws_s3_bucket_server_side_encryption_configuration.lake,
    aws_s3_bucket_policy.lake,
  ]
}
