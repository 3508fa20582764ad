# What belongs to each environment, and how it is read: shared by the roles that plan and apply it.

locals {
  glue_of = {
    for name, lake in local.lakes : name => [
      "${local.glue_arn}:catalog",
      "${local.glue_arn}:database/${lake.database}",
      "${local.glue_arn}:table/${lake.database}/*",
      "${local.glue_arn}:job/csv-to-iceberg-ingestion${lake.suffix}",
      "${local.glue_arn}:job/create-views-dual-engine${lake.suffix}",
      "${local.glue_arn}:job/create-views-spark-dialect${lake.suffix}",
      "${local.glue_arn}:job/verify-views${lake.suffix}",
      "${local.glue_arn}:workflow/data-lake${lake.suffix}",
      "${local.glue_arn}:trigger/data-lake-*${lake.suffix}",
      "${local.glue_arn}:connection/mydatahub*${lake.suffix}",
    ]
  }

  watching_of = {
    for name, lake in local.lakes : name => [
      "arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws-glue/jobs/mydatahub${lake.suffix}/*",
      "arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws/events/mydatahub${lake.suffix}*",
      "arn:${local.partition}:events:${var.aws_region}:${local.account_id}:rule/mydatahub-*${lake.suffix}",
      "arn:${local.partition}:sns:${var.aws_region}:${local.account_id}:mydatahub-*${lake.suffix}",
      "arn:${local.partition}:cloudwatch:${var.aws_region}:${local.account_id}:alarm:mydatahub-*${lake.suffix}",
      "arn:${local.partition}:cloudwatch::${local.account_id}:dashboard/mydatahub${lake.suffix}",
      "arn:${local.partition}:kms:${var.aws_region}:${local.account_id}:key/*",
    ]
  }

  # Settings, never content: s3:GetObject is not among them.
  read_bucket = [
    "s3:ListBucket", "s3:GetBucket*", "s3:GetAccelerateConfiguration", "s3:GetEncryptionConfiguration",
    "s3:GetLifecycleConfiguration", "s3:GetReplicationConfiguration",
  ]

  read_watching = [
    "logs:ListTagsForResource", "events:DescribeRule", "events:ListTargetsByRule", "events:ListTagsForResource",
    "sns:GetTopicAttributes", "sns:GetSubscriptionAttributes", "sns:ListTagsForResource", "sns:ListSubscriptionsByTopic",
    "cloudwatch:ListTagsForResource", "cloudwatch:GetDashboard",
    "kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags",
  ]
}
