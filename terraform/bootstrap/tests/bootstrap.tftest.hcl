# What an account needs before its lakes, planned and applied with a mocked provider.

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

run "only_jobs_of_its_own_github_environment_apply_a_lake" {
  command = plan

  assert {
    condition     = toset(module.apply_trust["prod"].subjects) == toset(["repo:my-org/my-lake:environment:prod", "repo:my-org@4711/my-lake@815:environment:prod"])
    error_message = "Applying must be bound to the environment that GitHub guards, in both forms of the subject."
  }

  assert {
    condition = toset(module.plan_trust["dev"].subjects) == toset([
      "repo:my-org/my-lake:pull_request", "repo:my-org/my-lake:ref:refs/heads/main",
      "repo:my-org@4711/my-lake@815:pull_request", "repo:my-org@4711/my-lake@815:ref:refs/heads/main",
    ])
    error_message = "Plans are made for pull requests and the branch."
  }

  assert {
    condition     = aws_iam_role.apply["dev"].name == "mydatahub-github-apply-dev" && aws_iam_role.plan["prod"].name == "mydatahub-github-plan-prod"
    error_message = "Each environment has roles of its own."
  }
}

run "an_apply_makes_no_role_without_the_boundary_and_touches_nothing_of_the_bootstrap" {
  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.apply_iam["dev"].statement :
      length(setintersection(statement.actions, ["iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:PutRolePermissionsBoundary"])) > 0 ?
      one(statement.condition).variable == "iam:PermissionsBoundary" && one(one(statement.condition).values) == aws_iam_policy.boundary.arn : true
    ])
    error_message = "A role without the boundary could be an administrator."
  }

  assert {
    condition = alltrue(flatten([
      for statement in data.aws_iam_policy_document.apply_iam["dev"].statement :
      [for resource in statement.resources : can(regex("/mydatahub/", resource)) || statement.effect == "Deny"]
    ]))
    error_message = "IAM is written under the lakes' path alone."
  }

  assert {
    condition     = contains(one([for statement in data.aws_iam_policy_document.apply_iam["dev"].statement : statement.resources if statement.effect == "Deny"]), aws_iam_policy.boundary.arn)
    error_message = "Who may change the boundary has none."
  }

  assert {
    condition     = alltrue(flatten([for statement in data.aws_iam_policy_document.apply["dev"].statement : [for action in statement.actions : !contains(["lakeformation:PutDataLakeSettings", "lakeformation:*", "s3:*", "glue:*", "*"], action)]]))
    error_message = "An apply names no administrators, and no service is open as a whole."
  }
}

run "a_plan_reads_no_data_and_writes_nothing" {
  assert {
    condition = alltrue(flatten([
      for statement in data.aws_iam_policy_document.plan["dev"].statement :
      [for action in statement.actions : can(regex("^[a-z0-9]+:(Get|List|Describe|View)[A-Za-z*]+$", action))]
    ]))
    error_message = "Every action of a plan must be a read."
  }

  assert {
    condition = alltrue(flatten([
      for statement in data.aws_iam_policy_document.plan["dev"].statement : contains(statement.actions, "s3:GetObject") ?
      [for resource in statement.resources : can(regex("(lake\\.tfstate|/config/lake\\.json|/\\*/)$", resource))] : [true]
    ]))
    error_message = "A plan reads state and config/lake.json, and no other object."
  }
}

run "an_existing_provider_is_used" {
  variables {
    oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
  }

  assert {
    condition     = length(aws_iam_openid_connect_provider.github) == 0 && output.oidc_provider_arn == var.oidc_provider_arn
    error_message = "An account can have only one provider for GitHub."
  }
}

run "without_github_there_are_a_bucket_a_boundary_and_administrators" {
  variables {
    github         = null
    administrators = ["arn:aws:iam::123456789012:role/deployer"]
  }

  assert {
    condition     = length(aws_iam_role.plan) + length(aws_iam_role.apply) == 0 && output.administrators == ["arn:aws:iam::123456789012:role/deployer"]
    error_message = "Whoever applies from elsewhere needs no role for GitHub, but must be an administrator."
  }
}

run "the_state_is_kept_as_it_should_be" {
  assert {
    condition = (
      aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled" &&
      one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256" &&
      aws_s3_bucket_public_access_block.state.block_public_acls && aws_s3_bucket_public_access_block.state.block_public_policy &&
      aws_s3_bucket_public_access_block.state.ignore_public_acls && aws_s3_bucket_public_access_block.state.restrict_public_buckets &&
      !aws_s3_bucket.state.force_destroy && aws_s3_bucket_policy.state.policy == data.aws_iam_policy_document.tls_only.json
    )
    error_message = "State must be versioned, encrypted, private and TLS only."
  }
}

run "every_variable_refuses_a_wrong_value" {
  command = plan

  variables {
    aws_region          = "Frankfurt"
    state_bucket_name   = "My.Bucket"
    environments        = { dev = { s3_bucket_name = "lake-dev" }, prod = { s3_bucket_name = "lake-prod" } }
    github              = { repository = "my-lake", owner_id = "me", repository_id = "815" }
    oidc_provider_arn   = "github"
    administrators      = ["arn:aws:sts::123456789012:assumed-role/deployer/me"]
    mydatahub           = []
    tags                = { "aws:owner" = "me" }
    allowed_account_ids = ["1234"]
    aws_endpoint_url    = "127.0.0.1:4566/"
  }

  expect_failures = [
    var.aws_region,
    var.state_bucket_name,
    var.environments,
    var.github,
    var.oidc_provider_arn,
    var.administrators,
    var.mydatahub,
    var.tags,
    var.allowed_account_ids,
    var.aws_endpoint_url,
  ]
}
