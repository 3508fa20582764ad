# Variables with several rules: each rule broken alone.

mock_provider "aws" {
  override_data {
    target = data.aws_caller_identity.current
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  override_resource {
    target = aws_iam_openid_connect_provider.github
    values = { arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
  }
  override_resource {
    target = aws_iam_policy.boundary
    values = { arn = "arn:aws:iam::123456789012:policy/mydatahub/mydatahub-boundary" }
  }
  mock_resource "aws_iam_policy" {
    defaults = { arn = "arn:aws:iam::123456789012:policy/mydatahub/policy" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mydatahub/role" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  state_bucket_name = "state-under-test"
  environments = {
    dev  = { s3_bucket_name = "lake-dev", environment_suffix = "dev" }
    prod = { s3_bucket_name = "lake-prod", environment_suffix = "prod" }
  }
  github = { repository = "my-org/my-lake", owner_id = "4711", repository_id = "815" }
  # Nothing is called: provisioners run for real, even under a mocked provider.
  mydatahub = ["true"]
}

run "there_is_an_environment" {
  command = plan

  variables {
    environments = {}
  }

  expect_failures = [var.environments]
}

run "environments_differ_in_their_suffix" {
  command = plan

  variables {
    environments = { dev = { s3_bucket_name = "lake-dev" }, prod = { s3_bucket_name = "lake-prod" } }
  }

  expect_failures = [var.environments]
}

run "the_bucket_of_an_environment_is_one_of_s3" {
  command = plan

  variables {
    environments = { dev = { s3_bucket_name = "My.Lake" } }
  }

  expect_failures = [var.environments]
}

run "the_repository_is_no_address" {
  command = plan

  variables {
    github = { repository = "https://github.com/my-org/my-lake", owner_id = "42", repository_id = "815" }
  }

  expect_failures = [var.github]
}

run "the_owner_is_told_by_its_id" {
  command = plan

  variables {
    github = { repository = "my-org/my-lake", owner_id = "my-org", repository_id = "815" }
  }

  expect_failures = [var.github]
}
