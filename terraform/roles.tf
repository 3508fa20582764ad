# One role a job, each with what its job does and nothing beside it. All of them under one path, so that whoever applies
# this can be held to it.

locals {
  role_path = "/mydatahub/"

  glue_arn    = "arn:${local.partition}:glue:${var.aws_region}:${local.account_id}"
  catalog_arn = "${local.glue_arn}:catalog"
  database_arns = [
    local.catalog_arn,
    "${local.glue_arn}:database/${aws_glue_catalog_database.lake.name}",
  ]
  table_arn   = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/${var.glue_table_name}"
  ingests_arn = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/${var.glue_table_name}_ingests"
  views_arn   = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/entity_view_*"
  # Says which view holds which key; the publisher writes it.
  columns_arn = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/entity_columns"

  bucket_arn  = "arn:${local.partition}:s3:::${aws_s3_bucket.lake.bucket}"
  objects_arn = { for name, prefix in local.prefixes : name => "${local.bucket_arn}/${prefix}*" }
}

data "aws_iam_policy_document" "glue_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com"]
    }
  }
}

# Lake Formation assumes the definer of a view to read for the view's readers, with their identity as session context.
data "aws_iam_policy_document" "definer_trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:SetContext"]

    principals {
      type        = "Service"
      identifiers = ["glue.amazonaws.com", "lakeformation.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "location_trust" {
  statement {
    actions = ["sts:AssumeRole", "sts:SetContext"]

    principals {
      type        = "Service"
      identifiers = ["lakeformation.amazonaws.com"]
    }
  }
}

# What Glue itself does as the job's role: fetch the script and the shared package, write the logs.
data "aws_iam_policy_document" "run_on_glue" {
  statement {
    sid       = "Scripts"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.scripts]
  }

  statement {
    sid       = "BucketLocation"
    actions   = ["s3:GetBucketLocation"]
    resources = [local.bucket_arn]
  }

  statement {
    sid     = "Logs"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      "arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws-glue/jobs/*",
    ]
  }
}

locals {
  # The name alone, because the definer's policy names the role that it belongs to.
  definer_name = "mydatahub-view-definer${local.suffix}"
}

resource "aws_iam_role" "ingestion" {
  name                 = "mydatahub-ingestion${local.suffix}"
  path                 = local.role_path
  description          = "The job ${local.jobs.ingestion}."
  assume_role_policy   = data.aws_iam_policy_document.glue_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role" "definer" {
  name                 = local.definer_name
  path                 = local.role_path
  description          = "The job ${local.jobs.views} and definer of every view it makes."
  assume_role_policy   = data.aws_iam_policy_document.definer_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role" "reader" {
  name                 = "mydatahub-view-reader${local.suffix}"
  path                 = local.role_path
  description          = "The job ${local.jobs.verify}: reads views like any analyst."
  assume_role_policy   = data.aws_iam_policy_document.glue_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role" "location" {
  name                 = "mydatahub-table-location${local.suffix}"
  path                 = local.role_path
  description          = "Lake Formation: reads and writes ${local.prefixes.iceberg} for those who have grants."
  assume_role_policy   = data.aws_iam_policy_document.location_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role" "optimizer" {
  name                 = "mydatahub-optimizer${local.suffix}"
  path                 = local.role_path
  description          = "Glue's optimizers of ${var.glue_table_name}."
  assume_role_policy   = data.aws_iam_policy_document.glue_trust.json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "ingestion" {
  name   = "ingestion"
  role   = aws_iam_role.ingestion.id
  policy = data.aws_iam_policy_document.ingestion.json
}

resource "aws_iam_role_policy" "definer" {
  name   = "view-definer"
  role   = aws_iam_role.definer.id
  policy = data.aws_iam_policy_document.definer.json
}

resource "aws_iam_role_policy" "reader" {
  name   = "view-reader"
  role   = aws_iam_role.reader.id
  policy = data.aws_iam_policy_document.reader.json
}

resource "aws_iam_role_policy" "location" {
  name   = "table-location"
  role   = aws_iam_role.location.id
  policy = data.aws_iam_policy_document.location.json
}

resource "aws_iam_role_policy" "optimizer" {
  name   = "optimizer"
  role   = aws_iam_role.optimizer.id
  policy = data.aws_iam_policy_document.optimizer.json
}
