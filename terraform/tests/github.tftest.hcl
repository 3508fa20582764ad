# Which jobs of GitHub Actions may work with the lake's data, and what they cannot do.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
  # Nothing is called: provisioners run for real, even under a mocked provider.
  aws_cli = "true"
  # Else the guard would keep the test from clearing up.
  allow_destroy = true
  github = {
    repository    = "my-org/my-lake"
    owner_id      = "4711"
    repository_id = "815"
    environment   = "dev"
  }
}

run "the_repository_is_known_by_names_and_by_ids_and_no_other_is" {
  assert {
    condition = toset(module.github_data_trust["data"].subjects) == toset([
      "repo:my-org/my-lake:ref:refs/heads/main",
      "repo:my-org/my-lake:environment:dev",
      "repo:my-org@4711/my-lake@815:ref:refs/heads/main",
      "repo:my-org@4711/my-lake@815:environment:dev",
    ])
    error_message = "Both forms of the subject, in full, and no pattern."
  }

  assert {
    condition     = aws_iam_role.github_data["data"].name == "mydatahub-github-data" && aws_iam_role.github_data["data"].path == "/mydatahub/"
    error_message = "The role belongs under the lake's path."
  }
}

run "the_data_role_writes_no_code_and_starts_no_job_of_a_stronger_role" {
  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.github_data.statement :
      anytrue([for resource in statement.resources : strcontains(resource, "iceberg-data/")]) ? toset(statement.actions) == toset(["s3:GetObject"]) : true
    ])
    error_message = "Of the table's files this role reads the metadata, for history and rollback, and writes none."
  }

  assert {
    condition = alltrue(flatten([
      for statement in concat(data.aws_iam_policy_document.github_data.statement, data.aws_iam_policy_document.athena_access.statement) : [
        for resource in statement.resources :
        !anytrue([for folder in ["scripts/", "jars/", "iceberg-data/"] : strcontains(trimsuffix(resource, "iceberg-data/*.metadata.json"), folder)]) && resource != "arn:aws:s3:::lake-under-test/*"
      ]
    ]))
    error_message = "Who writes scripts or JARs is the definer; who writes the table's files bypasses Lake Formation."
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.github_data.statement :
      contains(statement.actions, "glue:StartJobRun") ? toset(statement.resources) == toset(["arn:aws:glue:us-east-1:123456789012:job/verify-views"]) : true
    ])
    error_message = "A job run takes code from its arguments: only the reader's may be started alone."
  }

  assert {
    condition = alltrue(flatten([
      for statement in concat(data.aws_iam_policy_document.github_data.statement, data.aws_iam_policy_document.athena_access.statement) :
      [for action in statement.actions : !strcontains(action, "*") && !startswith(action, "iam:")]
    ]))
    error_message = "Every action must be named, and none may be of IAM."
  }
}

run "names_of_another_form_are_refused" {
  command = plan

  variables {
    github = {
      repository        = "https://github.com/my-org/my-lake"
      owner_id          = "my-org"
      repository_id     = "815"
      environment       = "*"
      oidc_provider_arn = "token.actions.githubusercontent.com"
    }
  }

  expect_failures = [var.github]
}

run "without_github_there_is_no_role_for_it" {
  variables {
    github = null
  }

  assert {
    condition     = length(aws_iam_role.github_data) == 0 && output.github_data_role_arn == null
    error_message = "No repository, no role."
  }
}
