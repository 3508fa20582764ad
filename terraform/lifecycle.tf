# What S3 itself moves and removes. No rule may expire or move live objects under the Iceberg prefix: the table's metadata
# names them, and S3 cannot know. An object that is not the current version is no live file of the table any more, since
# Iceberg never writes to the same name twice.

resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  count  = var.enable_lifecycle ? 1 : 0
  bucket = aws_s3_bucket.lake.id

  rule {
    id     = "source-files-to-infrequent-access"
    status = var.raw_data_transition_days == null ? "Disabled" : "Enabled"

    filter {
      prefix = local.prefixes.raw
    }

    transition {
      days          = coalesce(var.raw_data_transition_days, 30)
      storage_class = "STANDARD_IA"
    }
  }

  rule {
    id     = "athena-results-expire"
    status = "Enabled"

    filter {
      prefix = local.prefixes.results
    }

    expiration {
      days = var.athena_results_days
    }
  }

  rule {
    id     = "leftovers-expire"
    status = "Enabled"

    # Everything.
    filter {
      prefix = ""
    }

    noncurrent_version_expiration {
      noncurrent_days = var.noncurrent_version_days
    }

    # The mark of a deletion, once no version is left behind it.
    expiration {
      expired_object_delete_marker = true
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = var.incomplete_upload_days
    }
  }

  depends_on = [aws_s3_bucket_versioning.lake]

  lifecycle {
    postcondition {
      condition = alltrue([
        for rule in self.rule :
        alltrue([for prefix in [one(rule.filter[*].prefix)] :
          prefix == null || prefix == "" ? false :
          !startswith(prefix, local.prefixes.iceberg) && !startswith(local.prefixes.iceberg, prefix)
        ])
        if length(rule.transition) > 0 || anytrue([for expiration in rule.expiration : coalesce(expiration.days, 0) > 0])
      ])
      error_message = "A lifecycle rule would move or expire live files of the Iceberg table. Nothing but its own maintenance may do that."
    }
  }
}
