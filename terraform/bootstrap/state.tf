# Terraform's state of every environment: versioned, encrypted, private, TLS only. Its lock files lie beside it.

resource "aws_s3_bucket" "state" {
  #checkov:skip=CKV_AWS_18: State is read and written by Terraform alone; CloudTrail's data events tell of it where they are on.
  #checkov:skip=CKV_AWS_144: A copy in another region would be a second place to guard; versions protect against mistakes.
  #checkov:skip=CKV_AWS_145: S3 encrypts with its own key. The state holds no secret: names, ARNs and policies.
  #checkov:skip=CKV2_AWS_62: Nothing waits for a change of the state.
  bucket = var.state_bucket_name
  # S3 itself refuses to delete a bucket that holds a state, or an old version of one.
  force_destroy = false
}

resource "aws_s3_bucket_versioning" "state" {
  bucket = aws_s3_bucket.state.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  bucket                  = aws_s3_bucket.state.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "state" {
  bucket = aws_s3_bucket.state.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "DenyInsecureTransport"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [aws_s3_bucket.state.arn, "${aws_s3_bucket.state.arn}/*"]

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

resource "aws_s3_bucket_policy" "state" {
  bucket = aws_s3_bucket.state.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.state]
}

# Old states are for mistakes that are noticed; without an end they would only grow. The provider waits 55 s after this.
resource "aws_s3_bucket_lifecycle_configuration" "state" {
  count  = var.aws_endpoint_url == null ? 1 : 0
  bucket = aws_s3_bucket.state.id

  rule {
    id     = "old-states-expire"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days           = 365
      newer_noncurrent_versions = 20
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}
