# What protects the bucket, and what may and may not expire in it.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  s3_bucket_name = "lake-under-test"
  # Nothing is called: provisioners run for real, even under a mocked provider.
  aws_cli = "true"
  # Else the guard would keep the test from clearing up.
  allow_destroy = true
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
    condition     = aws_s3_bucket_policy.lake.policy == data.aws_iam_policy_document.tls_only.json
    error_message = "The policy must be on the bucket."
  }

  assert {
    condition     = aws_s3_bucket.lake.force_destroy == false
    error_message = "Terraform must never empty the bucket."
  }
}

run "a_key_of_ones_own_encrypts_and_every_role_may_use_it" {
  variables {
    kms_key_arn = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"
  }

  assert {
    condition = alltrue([
      for rule in aws_s3_bucket_server_side_encryption_configuration.lake.rule :
      rule.bucket_key_enabled && alltrue([for by in rule.apply_server_side_encryption_by_default : by.sse_algorithm == "aws:kms" && by.kms_master_key_id == var.kms_key_arn])
    ])
    error_message = "Objects must be encrypted with the key, by bucket keys."
  }

  assert {
    condition = alltrue([
      for by in aws_athena_workgroup.lake.configuration[0].result_configuration[0].encryption_configuration :
      by.encryption_option == "SSE_KMS" && by.kms_key_arn == var.kms_key_arn
    ])
    error_message = "Results of queries must be encrypted with the key."
  }

  assert {
    condition     = toset(keys(aws_iam_role_policy.use_key)) == toset(["ingestion", "definer", "reader", "location"])
    error_message = "A role that reads or writes objects could not use the key."
  }
}

run "every_folder_is_there" {
  assert {
    condition     = toset([for folder in aws_s3_object.folder : folder.key]) == toset(["raw-data/", "iceberg-data/", "scripts/", "jars/", "config/", "state/", "quarantine/", "athena-results/"])
    error_message = "A folder is missing, or one too many."
  }
}
