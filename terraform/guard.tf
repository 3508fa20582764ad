# Bucket and database hold what cannot be made again in an hour, and AWS deletes a database with all tables in it.
# prevent_destroy takes no variable, so this stands before them: it depends on everything, so that Terraform destroys it first;
# its provisioner fails unless allow_destroy was applied before, and nothing behind it is then touched. It is replaced, and
# refuses in the same way, when a change would put another bucket, database or table in place of the one there is.

resource "terraform_data" "guard" {
  input = { allow_destroy = var.allow_destroy }

  triggers_replace = {
    bucket   = aws_s3_bucket.lake.bucket
    database = aws_glue_catalog_database.lake.name
    table    = var.glue_table_name
    location = local.prefixes.iceberg
  }

  provisioner "local-exec" {
    when        = destroy
    interpreter = ["/bin/sh", "-c"]
    environment = { ALLOWED = tostring(self.output.allow_destroy), LAKE = "${self.triggers_replace.bucket}, ${self.triggers_replace.database}.${self.triggers_replace.table}" }
    command     = "[ \"$ALLOWED\" = true ] || { echo \"REFUSED: this would destroy or replace the bucket, database or table of the lake ($LAKE). If you want that: apply with allow_destroy = true first, then do this again.\" >&2; exit 1; }"
  }

  # All there is: what is not named here could be destroyed before the refusal.
  depends_on = [
    aws_athena_named_query.example,
    aws_athena_workgroup.lake,
    aws_budgets_budget.monthly,
    aws_cloudwatch_dashboard.lake,
    aws_cloudwatch_event_rule.job_ended,
    aws_cloudwatch_event_target.log,
    aws_cloudwatch_log_group.events,
    aws_cloudwatch_log_group.jobs,
    aws_cloudwatch_log_resource_policy.events,
    aws_cloudwatch_metric_alarm.job_failed,
    aws_cloudwatch_metric_alarm.not_fresh,
    aws_glue_catalog_database.lake,
    aws_glue_catalog_table_optimizer.entity_table,
    aws_glue_job.ingestion,
    aws_glue_job.spark_dialect,
    aws_glue_job.verify,
    aws_glue_job.views,
    aws_glue_trigger.start,
    aws_glue_trigger.verify,
    aws_glue_trigger.views,
    aws_glue_workflow.lake,
    aws_iam_policy.athena_access,
    aws_iam_role.definer,
    aws_iam_role.github_data,
    aws_iam_role.ingestion,
    aws_iam_role.location,
    aws_iam_role.optimizer,
    aws_iam_role.reader,
    aws_iam_role_policy.definer,
    aws_iam_role_policy.github_data,
    aws_iam_role_policy.ingestion,
    aws_iam_role_policy.location,
    aws_iam_role_policy.optimizer,
    aws_iam_role_policy.reader,
    aws_iam_role_policy.use_key,
    aws_kms_key.alerts,
    aws_lakeformation_permissions.adopted_table,
    aws_lakeformation_permissions.adopted_table_select,
    aws_lakeformation_permissions.database,
    aws_lakeformation_resource.iceberg,
    aws_s3_bucket.lake,
    aws_s3_bucket_lifecycle_configuration.lake,
    aws_s3_bucket_ownership_controls.lake,
    aws_s3_bucket_policy.lake,
    aws_s3_bucket_public_access_block.lake,
    aws_s3_bucket_server_side_encryption_configuration.lake,
    aws_s3_bucket_versioning.lake,
    aws_s3_object.folder,
    aws_s3_object.lake_config,
    aws_sns_topic.alerts,
    aws_sns_topic_policy.alerts,
    aws_sns_topic_subscription.email,
    terraform_data.tables_without_iam_allowed_principals,
    terraform_data.without_iam_allowed_principals,
  ]
}
