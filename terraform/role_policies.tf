# What each role may do: its own work and nothing beside it.

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

  # CopyObject reads the source file, and its tags.
  statement {
    sid       = "Quarantine"
    actions   = ["s3:PutObject", "s3:PutObjectTagging", "s3:AbortMultipartUpload"]
    resources = [local.objects_arn.quarantine]
  }

  statement {
    sid       = "CopyToQuarantine"
    actions   = ["s3:GetObjectTagging"]
    resources = [local.objects_arn.raw]
  }

  statement {
    sid       = "Run"
    actions   = ["glue:GetWorkflowRunProperties"]
    resources = ["${local.glue_arn}:workflow/${aws_glue_workflow.lake.name}"]
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = [for name in ["raw", "iceberg", "jars", "state", "config"] : "${local.prefixes[name]}*"]
    }
  }

  statement {
    sid       = "Catalog"
    actions   = ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable"]
    resources = concat(local.database_arns, [local.table_arn, local.ingests_arn])
  }

  # Which principals get what on the table that this role creates: see lakeformation.tf.
  statement {
    sid       = "ReadLakeConfig"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.config]
  }

  # Knows no resource: Lake Formation itself lets a role grant only what it holds with the grant option.
  statement {
    sid       = "GrantOnItsTable"
    actions   = ["lakeformation:GrantPermissions", "lakeformation:RevokePermissions"]
    resources = ["*"]
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
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = [for name in ["iceberg", "state", "results", "config"] : "${local.prefixes[name]}*"]
    }
  }

  statement {
    sid = "ReadCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables", "glue:GetTableVersion",
      "glue:GetTableVersions", "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition",
    ]
    resources = concat(local.database_arns, ["${local.glue_arn}:database/default", local.table_arn, local.views_arn, local.columns_arn])
  }

  statement {
    sid       = "WriteViews"
    actions   = ["glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable"]
    resources = concat(local.database_arns, [local.views_arn, local.columns_arn])
  }

  statement {
    sid       = "WriteTableOfColumns"
    actions   = ["s3:PutObject", "s3:DeleteObject"]
    resources = ["${local.bucket_arn}/${local.prefixes.iceberg}${aws_glue_catalog_database.lake.name}/entity_columns/*"]
  }

  statement {
    sid = "PublishThroughAthena"
    actions = [
      "athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution",
      "athena:BatchGetQueryExecution", "athena:GetQueryResults", "athena:GetWorkGroup",
    ]
    resources = [aws_athena_workgroup.lake.arn]
  }

  statement {
    sid       = "ReadLakeConfig"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.config]
  }

  # None of them knows a resource: Lake Formation itself lets a role grant only what it holds with the grant option,
  # which for the definer are its own views.
  statement {
    sid = "LakeFormation"
    actions = [
      "lakeformation:GetDataAccess", "lakeformation:GrantPermissions", "lakeformation:RevokePermissions",
      "lakeformation:BatchGrantPermissions", "lakeformation:BatchRevokePermissions",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "RunSparkDialectJob"
    actions   = ["glue:StartJobRun", "glue:GetJobRun", "glue:BatchStopJobRun"]
    resources = ["${local.glue_arn}:job/${local.jobs.spark_dialect}"]
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
      "${local.bucket_arn}/${local.prefixes.state}verified.json",
      "${local.bucket_arn}/${local.prefixes.state}rows/*",
    ]
  }

  statement {
    sid       = "ListState"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefixes.state}*"]
    }
  }

  statement {
    sid       = "ReadCatalog"
    actions   = ["glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables"]
    resources = concat(local.database_arns, ["${local.glue_arn}:database/default", local.table_arn, local.views_arn, local.columns_arn])
  }

  statement {
    sid       = "LakeFormation"
    actions   = ["lakeformation:GetDataAccess"]
    resources = ["*"]
  }
}

# Lake Formation reads and writes the registered prefix as this role and lends each reader what its grants allow.
data "aws_iam_policy_document" "location" {
  statement {
    sid       = "Objects"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"]
    resources = [local.objects_arn.iceberg]
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefixes.iceberg}*"]
    }
  }
}

# The optimizers reach the table's files only through Lake Formation.
data "aws_iam_policy_document" "optimizer" {
  statement {
    sid       = "Catalog"
    actions   = ["glue:GetTable", "glue:UpdateTable"]
    resources = concat(local.database_arns, [local.table_arn])
  }

  statement {
    sid       = "LakeFormation"
    actions   = ["lakeformation:GetDataAccess"]
    resources = ["*"]
  }

  statement {
    sid     = "Logs"
    actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"]
    resources = [
      for kind in ["compaction", "retention", "orphan-file-deletion"] :
      "arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:/aws-glue/iceberg-${kind}/logs:*"
    ]
  }
}
