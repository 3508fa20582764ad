output "bucket" {
  description = "The data bucket."
  value       = aws_s3_bucket.lake.bucket
}

output "lake_config" {
  description = "Where the verbs find every other name of the lake."
  value       = "s3://${aws_s3_object.lake_config.bucket}/${aws_s3_object.lake_config.key}"
}

output "database" {
  description = "Glue database of the entity table and its views."
  value       = aws_glue_catalog_database.lake.name
}

output "workflow" {
  description = "Glue workflow whose run is one pass of the chain."
  value       = aws_glue_workflow.lake.name
}

output "workgroup" {
  description = "Athena workgroup for queries on the lake."
  value       = aws_athena_workgroup.lake.name
}

output "jobs" {
  description = "Names of the Glue jobs."
  value       = local.lake_config.jobs
}

output "role_arns" {
  description = "ARNs of the roles that the jobs run as; definer is also the definer of every view."
  value       = local.lake_config.roles
}

output "log_group" {
  description = "Prefix of the jobs' two log groups: /output has what they print, /error what Spark says."
  value       = local.log_prefix
}

output "alerts_topic_arn" {
  description = "SNS topic of the alarms and the budget; null when there is neither."
  value       = one(aws_sns_topic.alerts[*].arn)
}

output "athena_access_policy_arn" {
  description = "Policy to attach to each analyst's role or user: use of the workgroup and its results, and no data."
  value       = aws_iam_policy.athena_access.arn
}

output "github_data_role_arn" {
  description = "Role for GitHub's jobs that send data, run the workflow and test the views; null without github."
  value       = one([for role in aws_iam_role.github_data : role.arn])
}
