# The one data bucket: private, versioned, encrypted, TLS only. Terraform never empties it.

resource "aws_s3_bucket" "lake" {
  bucket        = var.s3_bucket_name
  force_destroy = false
}

resource "aws_s3_bucket_versioning" "lake" {
  bucket = aws_s3_bucket.lake.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "lake" {
  bucket                  = aws_s3_bucket.lake.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "lake" {
  bucket = aws_s3_bucket.lake.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.lake.arn, "${aws_s3_bucket.lake.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

# An endpoint without TLS, as on this machine, would be denied everything.
resource "aws_s3_bucket_policy" "lake" {
  count  = startswith(coalesce(var.aws_endpoint_url, "https://"), "https://") ? 1 : 0
  bucket = aws_s3_bucket.lake.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.lake]
}

# No rule may expire or move live objects under the Iceberg prefix: the table's metadata names them, S3 cannot know.
resource "aws_s3_bucket_lifecycle_configuration" "lake" {
  count  = var.enable_lifecycle ? 1 : 0
  bucket = aws_s3_bucket.lake.id

  rule {
    id     = "source-files-to-infrequent-access"
    status = "Enabled"

    filter {
      prefix = local.prefixes.raw
    }

    transition {
      days          = 30
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
      days = 14
    }
  }

  rule {
    id     = "leftovers-expire"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.lake]
}
