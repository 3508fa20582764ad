# Who is told what.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
}

run "alarms_watch_the_ends_of_runs" {
  plan_options {
    target = [aws_budgets_budget.monthly, aws_cloudwatch_dashboard.lake, aws_cloudwatch_metric_alarm.job_failed, aws_cloudwatch_metric_alarm.not_fresh, aws_sns_topic_policy.alerts, aws_sns_topic_subscription.email]
  }

  variables {
    alarm_emails    = ["data-team@example.org"]
    freshness_hours = 26
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.job_ended["failed"].event_pattern) == {
      source        = ["aws.glue"]
      "detail-type" = ["Glue Job State Change"]
      detail        = { jobName = values(local.jobs), state = ["FAILED", "TIMEOUT", "STOPPED"] }
    }
    error_message = "A run of any of the jobs that did not succeed must be seen."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.job_ended["ingested"].event_pattern) == {
      source        = ["aws.glue"]
      "detail-type" = ["Glue Job State Change"]
      detail        = { jobName = ["csv-to-iceberg-ingestion"], state = ["SUCCEEDED"] }
    }
    error_message = "Fresh is a lake whose ingestion succeeded."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.job_failed[0].dimensions == tomap({ RuleName = "mydatahub-failed" }) && aws_cloudwatch_metric_alarm.job_failed[0].treat_missing_data == "notBreaching"
    error_message = "No figure means that nothing failed."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.not_fresh[0].dimensions == tomap({ RuleName = "mydatahub-ingested" }) && aws_cloudwatch_metric_alarm.not_fresh[0].evaluation_periods == 26 && aws_cloudwatch_metric_alarm.not_fresh[0].period == 3600 && aws_cloudwatch_metric_alarm.not_fresh[0].treat_missing_data == "breaching"
    error_message = "26 hours without a figure must raise the alarm."
  }

  assert {
    condition     = aws_sns_topic.alerts[0].kms_master_key_id == aws_kms_key.alerts[0].arn && aws_kms_key.alerts[0].enable_key_rotation
    error_message = "The topic must be encrypted with a key that its publishers may use."
  }

  assert {
    condition     = [for mail in aws_sns_topic_subscription.email : "${mail.protocol} ${mail.endpoint}"] == ["email data-team@example.org"]
    error_message = "Who is named must be told."
  }

  assert {
    condition     = alltrue([for statement in data.aws_iam_policy_document.alerts[0].statement : statement.actions == toset(["sns:Publish"]) && one(statement.condition).variable == "aws:SourceAccount"])
    error_message = "Only services working for this account may write to the topic."
  }
}

run "freshness_can_be_left_unwatched" {
  plan_options {
    target = [aws_budgets_budget.monthly, aws_cloudwatch_dashboard.lake, aws_cloudwatch_metric_alarm.job_failed, aws_cloudwatch_metric_alarm.not_fresh, aws_sns_topic_policy.alerts, aws_sns_topic_subscription.email]
  }

  variables {
    freshness_hours = null
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.not_fresh) == 0 && length(aws_cloudwatch_metric_alarm.job_failed) == 1
    error_message = "null must leave out the alarm on freshness, and nothing else."
  }
}

run "without_alarms_and_budget_there_is_nothing_to_pay" {
  plan_options {
    target = [aws_budgets_budget.monthly, aws_cloudwatch_dashboard.lake, aws_cloudwatch_metric_alarm.job_failed, aws_cloudwatch_metric_alarm.not_fresh, aws_sns_topic_policy.alerts, aws_sns_topic_subscription.email]
  }

  variables {
    enable_alarms    = false
    enable_dashboard = false
    alarm_emails     = ["data-team@example.org"]
  }

  assert {
    condition     = length(aws_sns_topic.alerts) + length(aws_kms_key.alerts) + length(aws_sns_topic_subscription.email) + length(aws_cloudwatch_event_rule.job_ended) + length(aws_cloudwatch_dashboard.lake) + length(aws_budgets_budget.monthly) == 0
    error_message = "A switch that is off must leave nothing."
  }
}

run "a_budget_warns_by_the_topic_even_without_alarms" {
  plan_options {
    target = [aws_budgets_budget.monthly, aws_cloudwatch_dashboard.lake, aws_cloudwatch_metric_alarm.job_failed, aws_cloudwatch_metric_alarm.not_fresh, aws_sns_topic_policy.alerts, aws_sns_topic_subscription.email]
  }

  variables {
    enable_alarms      = false
    monthly_budget_usd = 50
  }

  assert {
    condition     = aws_budgets_budget.monthly[0].limit_amount == "50" && length(aws_budgets_budget.monthly[0].notification) == 2 && alltrue([for warning in aws_budgets_budget.monthly[0].notification : one(warning.subscriber_sns_topic_arns) == aws_sns_topic.alerts[0].arn])
    error_message = "Both warnings must go to the topic."
  }
}
