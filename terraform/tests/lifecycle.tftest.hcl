# What may and may not move or expire in the bucket. The configuration itself refuses, in a postcondition, any rule that would
# move or expire live files of the table; here it is asked under every kind of setting.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
}

run "no_rule_touches_live_iceberg_files_by_default" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["raw-data/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "raw-data/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [14], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [90], unfinished = [7] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_with_other_folders" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    csv_data_prefix     = "in/csv/"
    iceberg_data_prefix = "lake/tables/"
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["in/csv/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "in/csv/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [14], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [90], unfinished = [7] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_with_folders_of_like_names" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    csv_data_prefix     = "iceberg/"
    iceberg_data_prefix = "iceberg-data/"
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["iceberg/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "iceberg/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [14], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [90], unfinished = [7] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_as_short_as_can_be" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    raw_data_transition_days = 30
    athena_results_days      = 1
    noncurrent_version_days  = 1
    incomplete_upload_days   = 1
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["raw-data/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "raw-data/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [1], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [1], unfinished = [1] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_as_long_as_can_be" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    raw_data_transition_days = 3650
    athena_results_days      = 3650
    noncurrent_version_days  = 3650
    incomplete_upload_days   = 365
    environment_suffix       = "prod"
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["raw-data/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "raw-data/", moves = ["3650 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [3650], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [3650], unfinished = [365] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_with_a_key" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["raw-data/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Enabled", prefix = "raw-data/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [14], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [90], unfinished = [7] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "no_rule_touches_live_iceberg_files_without_a_transition" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    raw_data_transition_days = null
  }

  assert {
    condition = alltrue(flatten([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : [
        for prefix in rule.filter[*].prefix :
        contains(["raw-data/", "athena-results/"], coalesce(prefix, "everything"))
      ]
      if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0 || expiration.date != null])
    ]))
    error_message = "Live objects may move or expire only under the folder of source files and athena-results/."
  }

  assert {
    condition = jsonencode({ for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule : rule.id => {
      status     = rule.status
      prefix     = coalesce(one(rule.filter[*].prefix), "everything")
      moves      = [for transition in rule.transition : "${transition.days} ${transition.storage_class}"]
      expires    = [for expiration in rule.expiration : expiration.days if coalesce(expiration.days, 0) > 0]
      noncurrent = rule.noncurrent_version_expiration[*].noncurrent_days
      unfinished = rule.abort_incomplete_multipart_upload[*].days_after_initiation
      } }) == jsonencode({
      source-files-to-infrequent-access = { status = "Disabled", prefix = "raw-data/", moves = ["30 STANDARD_IA"], expires = [], noncurrent = [], unfinished = [] }
      athena-results-expire             = { status = "Enabled", prefix = "athena-results/", moves = [], expires = [14], noncurrent = [], unfinished = [] }
      leftovers-expire                  = { status = "Enabled", prefix = "everything", moves = [], expires = [], noncurrent = [90], unfinished = [7] }
    })
    error_message = "The rules are not what the variables ask for."
  }
}

run "the_lifecycle_can_be_left_out" {
  plan_options {
    target = [aws_s3_bucket_lifecycle_configuration.lake]
  }

  variables {
    enable_lifecycle = false
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.lake) == 0
    error_message = "enable_lifecycle = false must leave the lifecycle out."
  }
}
