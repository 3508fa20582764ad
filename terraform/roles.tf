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
  table_arn = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/${var.glue_table_name}"
  views_arn = "${local.glue_arn}:table/${aws_glue_catalog_database.lake.name}/entity_view_*"

  objects_arn = { for name, prefix in local.prefixes : name => "${aws_s3_bucket.lake.arn}/${prefix}*" }
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
    resources = [aws_s3_bucket.lake.arn]
  }

  statement {
    sid     = "Logs"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      "arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws-glue/jobs/*",
    ]
  }
}

data "aws_iam_policy_document" "ingestion" {
  source_policy_documents = [data.aws_iam_policy_document.run_on_glue.json]

  statement {
    sid       = "ReadSourceFilesAndJars"
    actions   = ["s3:GetObject", "s3:GetObjectVersion"]
    resources = [local.objects_arn.raw, local.objects_arn.jars]
  }

  statement {
    sid       = "WriteTable"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"]
    resources = [local.objects_arn.iceberg]
  }

  statement {
    sid       = "State"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [local.objects_arn.state]
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.lake.arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = [for name in ["raw", "iceberg", "jars", "state"] : "${local.prefixes[name]}*"]
    }
  }

  statement {
    sid       = "Catalog"
    actions   = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable"]
    resources = concat(local.database_arns, [local.table_arn])
  }
}

data "aws_iam_policy_document" "definer" {
  source_policy_documents = [data.aws_iam_policy_document.run_on_glue.json]

  statement {
    sid       = "ReadTable"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.iceberg]
  }

  statement {
    sid       = "State"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = [local.objects_arn.state]
  }

  statement {
    sid       = "AthenaResults"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = [local.objects_arn.results]
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.lake.arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = [for name in ["iceberg", "state", "results"] : "${local.prefixes[name]}*"]
    }
  }

  statement {
    sid = "ReadCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables", "glue:GetTableVersion",
      "glue:GetTableVersions", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition",
    ]
    resources = concat(local.database_arns, [local.table_arn, local.views_arn])
  }

  statement {
    sid       = "WriteViews"
    actions   = ["glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"]
    resources = concat(local.database_arns, [local.views_arn])
  }

  statement {
    sid = "PublishThroughAthena"
    actions = [
      "athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution",
      "athena:BatchGetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup",
    ]
    resources = [aws_athena_workgroup.lake.arn]
  }

  # GetDataAccess knows no resource.
  statement {
    sid       = "LakeFormation"
    actions   = ["lakeformation:GetDataAccess"]
    resources = ["*"]
  }

  # Whoever makes a view with a definer passes the definer's role on.
  statement {
    sid       = "PassItselfAsDefiner"
    actions   = ["iam:PassRole"]
    resources = ["arn:${local.partition}:iam::${local.account_id}:role${local.role_path}${local.definer_name}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["glue.amazonaws.com", "lakeformation.amazonaws.com"]
    }
  }
}

# A reader has no access to the table's files: Lake Formation lends it the definer's for what a view shows.
data "aws_iam_policy_document" "reader" {
  source_policy_documents = [data.aws_iam_policy_document.run_on_glue.json]

  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.state]
  }

  statement {
    sid     = "WriteResult"
    actions = ["s3:PutObject"]
    resources = [
      "${aws_s3_bucket.lake.arn}/${local.prefixes.state}verified.json",
      "${aws_s3_bucket.lake.arn}/${local.prefixes.state}rows/*",
    ]
  }

  statement {
    sid       = "ListState"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.lake.arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefixes.state}*"]
    }
  }

  statement {
    sid       = "ReadCatalog"
    actions   = ["glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"]
    resources = concat(local.database_arns, ["${local.glue_arn}:database/default", local.table_arn, local.views_arn])
  }

  statement {
    sid       = "LakeFormation"
    actions   = ["lakeformation:GetDataAccess"]
    resources = ["*"]
  }
}

locals {
  # The name alone, because the definer's policy names the role that it belongs to.
  definer_name = "mydatahub-view-definer${local.suffix}"
}

resource "aws_iam_role" "ingestion" {
  name               = "mydatahub-ingestion${local.suffix}"
  path               = local.role_path
  description        = "The job ${local.jobs.ingestion}."
  assume_role_policy = data.aws_iam_policy_document.glue_trust.json
}

resource "aws_iam_role" "definer" {
  name               = local.definer_name
  path               = local.role_path
  description        = "The job ${local.jobs.views} and definer of every view it makes."
  assume_role_policy = data.aws_iam_policy_document.definer_trust.json
}

resource "aws_iam_role" "reader" {
  name               = "mydatahub-view-reader${local.suffix}"
  path               = local.role_path
  description        = "The job ${local.jobs.verify}: reads views like any analyst."
  assume_role_policy = data.aws_iam_policy_document.glue_trust.json
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
