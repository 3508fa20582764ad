# Log groups of this lake alone. Glue's own two are shared by every job of the account, and keep everything for ever.

locals {
  # Glue 5 appends /output (what the scripts print) and /error (what Spark says).
  log_prefix = "/aws-glue/jobs/mydatahub${local.suffix}"
}

resource "aws_cloudwatch_log_group" "jobs" {
  #checkov:skip=CKV_AWS_158: CloudWatch encrypts every log group. kms_key_arn is for objects; a key for logs must trust the service of logs in its policy.
  for_each          = toset(["output", "error"])
  name              = "${local.log_prefix}/${each.key}"
  retention_in_days = var.log_retention_days
}
