# The topic that alarms and the budget write to. CloudWatch cannot write to a topic that is encrypted with the key that AWS
# manages for SNS, because nobody can change that key's policy; so the topic has a key of its own.

locals {
  needs_topic = var.enable_alarms || var.monthly_budget_usd != null
  topic_name  = "mydatahub-alerts${local.suffix}"
  publishers  = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
}

data "aws_iam_policy_document" "alerts_key" {
  #checkov:skip=CKV_AWS_109: In the policy of a key, * is that key.
  #checkov:skip=CKV_AWS_111: In the policy of a key, * is that key.
  #checkov:skip=CKV_AWS_356: In the policy of a key, * is that key.

  # Without the account itself nobody could ever change or delete the key again.
  statement {
    sid       = "TheAccountAdministersIt"
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:${local.partition}:iam::${local.account_id}:root"]
    }
  }

  statement {
    sid       = "PublishersUseIt"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey*"]
    resources = ["*"]

    principals {
      type        = "Service"
      identifiers = local.publishers
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_kms_key" "alerts" {
  count                   = local.needs_topic ? 1 : 0
  description             = "The topic ${local.topic_name}."
  enable_key_rotation     = true
  deletion_window_in_days = 7
  policy                  = data.aws_iam_policy_document.alerts_key.json
}

resource "aws_sns_topic" "alerts" {
  count             = local.needs_topic ? 1 : 0
  name              = local.topic_name
  display_name      = "mydatahub${local.suffix}"
  kms_master_key_id = aws_kms_key.alerts[0].arn
}

data "aws_iam_policy_document" "alerts" {
  count = local.needs_topic ? 1 : 0

  statement {
    sid       = "PublishersWrite"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alerts[0].arn]

    principals {
      type        = "Service"
      identifiers = local.publishers
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alerts" {
  count  = local.needs_topic ? 1 : 0
  arn    = aws_sns_topic.alerts[0].arn
  policy = data.aws_iam_policy_document.alerts[0].json
}

# AWS sends each address a mail with a link; nothing arrives until it was followed.
resource "aws_sns_topic_subscription" "email" {
  for_each  = local.needs_topic ? toset(var.alarm_emails) : toset([])
  topic_arn = aws_sns_topic.alerts[0].arn
  protocol  = "email"
  endpoint  = each.value
}

resource "aws_budgets_budget" "monthly" {
  count        = var.monthly_budget_usd == null ? 0 : 1
  name         = "mydatahub${local.suffix}"
  budget_type  = "COST"
  limit_amount = tostring(var.monthly_budget_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  # By service, because a filter by tag counts nothing until the payer's account has activated the tag for costs.
  cost_filter {
    name   = "Service"
    values = ["AWS Glue", "Amazon Athena", "Amazon Simple Storage Service"]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 80
    threshold_type            = "PERCENTAGE"
    notification_type         = "ACTUAL"
    subscriber_sns_topic_arns = [aws_sns_topic.alerts[0].arn]
  }

  notification {
    comparison_operator       = "GREATER_THAN"
    threshold                 = 100
    threshold_type            = "PERCENTAGE"
    notification_type         = "FORECASTED"
    subscriber_sns_topic_arns = [aws_sns_topic.alerts[0].arn]
  }

  depends_on = [aws_sns_topic_policy.alerts]
}
