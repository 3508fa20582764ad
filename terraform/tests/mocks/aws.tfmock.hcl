# What the mocked provider answers where it could not make up something that Terraform accepts: ARNs, policies, the account.

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

override_data {
  target = data.aws_partition.current
  values = { partition = "aws", dns_suffix = "amazonaws.com" }
}

override_resource {
  target = aws_iam_role.ingestion
  values = { arn = "arn:aws:iam::123456789012:role/mydatahub/ingestion" }
}

override_resource {
  target = aws_iam_role.definer
  values = { arn = "arn:aws:iam::123456789012:role/mydatahub/definer" }
}

override_resource {
  target = aws_iam_role.reader
  values = { arn = "arn:aws:iam::123456789012:role/mydatahub/reader" }
}

override_resource {
  target = aws_iam_role.location
  values = { arn = "arn:aws:iam::123456789012:role/mydatahub/location" }
}

override_resource {
  target = aws_iam_role.optimizer
  values = { arn = "arn:aws:iam::123456789012:role/mydatahub/optimizer" }
}

mock_data "aws_iam_policy_document" {
  defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/events/mydatahub" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/mydatahub/role" }
}

mock_resource "aws_kms_key" {
  defaults = { arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab" }
}

mock_resource "aws_sns_topic" {
  defaults = { arn = "arn:aws:sns:us-east-1:123456789012:mydatahub-alerts" }
}
