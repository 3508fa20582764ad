# Variables with several rules: each rule broken alone.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
}

run "a_principal_is_no_session" {
  command = plan

  variables {
    analysts = [{ principal = "arn:aws:sts::123456789012:assumed-role/analyst/me" }]
  }

  expect_failures = [var.analysts]
}

run "a_principal_stands_in_one_entry" {
  command = plan

  variables {
    analysts = [{ principal = "arn:aws:iam::123456789012:role/analyst" }, { principal = "arn:aws:iam::123456789012:role/analyst", base_table = true }]
  }

  expect_failures = [var.analysts]
}

run "a_view_is_named_whole" {
  command = plan

  variables {
    analysts = [{ principal = "arn:aws:iam::123456789012:role/analyst", views = ["penguins"] }]
  }

  expect_failures = [var.analysts]
}

run "the_repository_is_no_address" {
  command = plan

  variables {
    github = { repository = "https://github.com/my-org/my-lake", owner_id = "42", repository_id = "815", environment = "prod", oidc_provider_arn = null }
  }

  expect_failures = [var.github]
}

run "the_owner_is_told_by_its_id" {
  command = plan

  variables {
    github = { repository = "my-org/my-lake", owner_id = "my-org", repository_id = "815", environment = "prod", oidc_provider_arn = null }
  }

  expect_failures = [var.github]
}

run "an_environment_of_github_is_no_pattern" {
  command = plan

  variables {
    github = { repository = "my-org/my-lake", owner_id = "42", repository_id = "815", environment = "*", oidc_provider_arn = null }
  }

  expect_failures = [var.github]
}

run "the_provider_of_github_is_told_by_its_arn" {
  command = plan

  variables {
    github = { repository = "my-org/my-lake", owner_id = "42", repository_id = "815", environment = "prod", oidc_provider_arn = "token.actions.githubusercontent.com" }
  }

  expect_failures = [var.github]
}

run "the_table_has_a_folder" {
  command = plan

  variables {
    iceberg_data_prefix = ""
  }

  expect_failures = [var.iceberg_data_prefix]
}

run "the_table_shares_no_folder_of_the_lake" {
  command = plan

  variables {
    iceberg_data_prefix = "state/iceberg/"
  }

  expect_failures = [var.iceberg_data_prefix]
}

run "a_removed_file_is_kept_or_goes" {
  command = plan

  variables {
    removed_files = "forget"
  }

  expect_failures = [var.removed_files]
}

run "nothing_is_taken_out_of_a_table_that_only_grows" {
  command = plan

  variables {
    removed_files  = "remove"
    ingestion_mode = "append"
  }

  expect_failures = [var.removed_files]
}
