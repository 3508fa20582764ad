# Who is told when a job fails or when nothing was ingested for too long.
#
# Both alarms count events "Glue Job State Change", which Glue sends for every run that ends. Job metrics would not do: they
# come only while a run lasts, never from a run that could not start, and glue.driver.aggregate.numFailedTasks counts
# tasks of Spark, which are retried. EventBridge counts what each rule delivered (AWS/Events, Invocations, by RuleName);
# delivered is to a log group, which so becomes the history of all runs.

locals {
  events_log_group = "/aws/events/mydatahub${local.suffix}"

  watched_ends = {
    failed = {
      description = "Runs of the lake's jobs that did not succeed."
      detail      = { jobName = values(local.jobs), state = ["FAILED", "TIMEOUT", "STOPPED"] }
    }
    ingested = {
      description = "Runs of the ingestion that succeeded."
      detail      = { jobName = [local.jobs.ingestion], state = ["SUCCEEDED"] }
    }
  }
}

resource "aws_cloudwatch_event_rule" "job_ended" {
  for_each    = var.enable_alarms ? local.watched_ends : {}
  name        = "mydatahub-${each.key}${local.suffix}"
  description = each.value.description
  event_pattern = jsonencode({
    source        = ["aws.glue"]
    "detail-type" = ["Glue Job State Change"]
    detail        = each.value.detail
  })
}

resource "aws_cloudwatch_log_group" "events" {
  #checkov:skip=CKV_AWS_158: CloudWatch encrypts every log group; in here are names, states and error messages of runs.
  count             = var.enable_alarms ? 1 : 0
  name              = local.events_log_group
  retention_in_days = var.log_retention_days
}

data "aws_iam_policy_document" "events_to_log" {
  statement {
    sid       = "EventsToLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:${local.events_log_group}:*"]

    principals {
      type        = "Service"
      identifiers = ["events.amazonaws.com", "delivery.logs.amazonaws.com"]
    }
  }
}

resource "aws_cloudwatch_log_resource_policy" "events" {
  count           = var.enable_alarms ? 1 : 0
  policy_name     = "mydatahub-events${local.suffix}"
  policy_document = data.aws_iam_policy_document.events_to_log.json
}

resource "aws_cloudwatch_event_target" "log" {
  for_each  = aws_cloudwatch_event_rule.job_ended
  rule      = each.value.name
  target_id = "log"
  arn       = aws_cloudwatch_log_group.events[0].arn

  depends_on = [aws_cloudwatch_log_resource_policy.events]
}

resource "aws_cloudwatch_metric_alarm" "job_failed" {
  count             = var.enable_alarms ? 1 : 0
  alarm_name        = "mydatahub-job-failed${local.suffix}"
  alarm_description = "A run of ${join(", ", values(local.jobs))} failed, was stopped or took too long. Which one and why: aws logs tail ${local.events_log_group} --since 1h. What it printed: ${local.log_prefix}/output."

  namespace           = "AWS/Events"
  metric_name         = "Invocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.job_ended["failed"].name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  # EventBridge sends no zeros.
  treat_missing_data = "notBreaching"
  alarm_actions      = [aws_sns_topic.alerts[0].arn]
}

resource "aws_cloudwatch_metric_alarm" "not_fresh" {
  count             = var.enable_alarms && var.freshness_hours != null ? 1 : 0
  alarm_name        = "mydatahub-not-fresh${local.suffix}"
  alarm_description = "No run of ${local.jobs.ingestion} has succeeded for ${coalesce(var.freshness_hours, 0)} hours. Start one: npx mydatahub run-ingestion."

  namespace           = "AWS/Events"
  metric_name         = "Invocations"
  dimensions          = { RuleName = aws_cloudwatch_event_rule.job_ended["ingested"].name }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = var.freshness_hours
  datapoints_to_alarm = var.freshness_hours
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  # EventBridge sends no zeros: an hour without a figure is an hour without an ingestion.
  treat_missing_data = "breaching"
  alarm_actions      = [aws_sns_topic.alerts[0].arn]
  ok_actions         = [aws_sns_topic.alerts[0].arn]
}
