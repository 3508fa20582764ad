# The one data bucket: private, versioned, encrypted, TLS only. Terraform never empties it.

resource "aws_s3_bucket" "lake" {
  #checkov:skip=CKV_AWS_18: Access logs need a second bucket, which many accounts have for all of theirs. CloudTrail data events tell the same and more.
  #checkov:skip=CKV_AWS_144: What the table is made of comes from the repository's files, so that the lake can be made anew in another region.
  #checkov:skip=CKV2_AWS_62: Nothing here is started by an object's arrival: a push starts the workflow, which reads all that is new.
  #checkov:skip=CKV_AWS_145: SSE-S3 by default, because a key of one's own costs and has to be guarded. kms_key_arn names one.
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
    # One data key for many objects: without it every GET and PUT would be a call of KMS.
    bucket_key_enabled = var.kms_key_arn != null

    apply_server_side_encryption_by_default {
      sse_algorithm     = var.kms_key_arn == null ? "AES256" : "aws:kms"
      kms_master_key_id = var.kms_key_arn
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

resource "aws_s3_bucket_policy" "lake" {
  bucket = aws_s3_bucket.lake.id
  policy = data.aws_iam_policy_document.tls_only.json

  depends_on = [aws_s3_bucket_public_access_block.lake]
}

# The folders, so that they can be seen and filled by hand in the console before anything was written to them.
resource "aws_s3_object" "folder" {
  for_each     = local.prefixes
  bucket       = aws_s3_bucket.lake.bucket
  key          = each.value
  content      = ""
  content_type = "application/x-directory"

  depends_on = [
    aws_s3_bucket_versioning.lake,
    aws_s3_bucket_server_side_encryption_configuration.lake,
    aws_s3_bucket_policy.lake,
  ]
}
