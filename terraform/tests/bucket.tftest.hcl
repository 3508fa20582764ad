# What protects the bucket, and what may and may not expire in it.

mock_provider "aws" {
  override_data {
    target = data.aws_caller_identity.current
    values = { account_id = "123456789012" }
  }
  override_data {
    target = data.aws_partition.current
    values = { partition = "aws", dns_suffix = "amazonaws.com" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/mydatahub/role" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  s3_bucket_name = "lake-under-test"
  # Nothing is called: provisioners run for real, even under a mocked provider.
  aws_cli = "true"
}

run "the_bucket_is_private_versioned_and_encrypted" {
  assert {
    condition = (
      aws_s3_bucket_public_access_block.lake.block_public_acls &&
      aws_s3_bucket_public_access_block.lake.block_public_policy &&
      aws_s3_bucket_public_access_block.lake.ignore_public_acls &&
      aws_s3_bucket_public_access_block.lake.restrict_public_buckets
    )
    error_message = "All four blocks of public access must be on."
  }

  assert {
    condition     = aws_s3_bucket_versioning.lake.versioning_configuration[0].status == "Enabled"
    error_message = "Versions must be kept."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.lake.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "Objects must be encrypted by S3."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.lake.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Object ACLs must be off."
  }

  assert {
    condition     = one(data.aws_iam_policy_document.tls_only.statement).effect == "Deny" && one(one(data.aws_iam_policy_document.tls_only.statement).condition).variable == "aws:SecureTransport"
    error_message = "Plain HTTP must be denied."
  }

  assert {
    condition     = length(aws_s3_bucket_policy.lake) == 1
    error_message = "The policy must be on the bucket."
  }

  assert {
    condition     = aws_s3_bucket.lake.force_destroy == false
    error_message = "Terraform must never empty the bucket."
  }
}

run "no_lifecycle_rule_touches_live_iceberg_files" {
  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule :
      length(rule.expiration) + length(rule.transition) == 0 || contains(["raw-data/", "athena-results/"], rule.filter[0].prefix)
    ])
    error_message = "Live objects may move or expire only under raw-data/ and athena-results/."
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule :
      rule.status == "Enabled" && rule.filter[0].prefix == "raw-data/" && length(rule.expiration) == 0 &&
      anytrue([for transition in rule.transition : transition.days == 30 && transition.storage_class == "STANDARD_IA"])
    ])
    error_message = "Source files must move to infrequent access after 30 days and never expire."
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule :
      rule.status == "Enabled" && rule.filter[0].prefix == "athena-results/" && anytrue([for expiration in rule.expiration : expiration.days == 14])
    ])
    error_message = "Results of Athena must expire."
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.lake[0].rule :
      rule.status == "Enabled" && length(rule.noncurrent_version_expiration) == 1 && length(rule.abort_incomplete_multipart_upload) == 1
    ])
    error_message = "Old versions and unfinished uploads must expire."
  }
}

run "the_lifecycle_can_be_left_out" {
  variables {
    enable_lifecycle = false
  }

  assert {
    condition     = length(aws_s3_bucket_lifecycle_configuration.lake) == 0
    error_message = "enable_lifecycle = false must leave the lifecycle out."
  }
}
