# What an analyst's role or user needs of IAM to ask Athena: to be attached by whoever owns that role or user. It opens no
# data: that is for the grants of Lake Formation to do, which follow `analysts`.

data "aws_iam_policy_document" "athena_access" {
  source_policy_documents = data.aws_iam_policy_document.use_key[*].json

  statement {
    sid = "UseTheWorkgroup"
    actions = [
      "athena:GetWorkGroup", "athena:StartQueryExecution", "athena:StopQueryExecution", "athena:GetQueryExecution",
      "athena:BatchGetQueryExecution", "athena:ListQueryExecutions", "athena:GetQueryResults", "athena:GetQueryResultsStream",
      "athena:GetNamedQuery", "athena:BatchGetNamedQuery", "athena:ListNamedQueries",
      "athena:GetPreparedStatement", "athena:ListPreparedStatements",
    ]
    resources = ["arn:${local.partition}:athena:${var.aws_region}:${local.account_id}:workgroup/${aws_athena_workgroup.lake.name}"]
  }

  statement {
    sid       = "ResultsOfQueries"
    actions   = ["s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = [local.objects_arn.results]
  }

  statement {
    sid       = "ListResults"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefixes.results}*"]
    }
  }

  statement {
    sid       = "LocationOfResults"
    actions   = ["s3:GetBucketLocation"]
    resources = [local.bucket_arn]
  }

  # Of these, Lake Formation shows each caller only what is granted.
  statement {
    sid = "AskTheCatalog"
    actions = [
      "glue:GetDatabase", "glue:GetDatabases", "glue:GetTable", "glue:GetTables",
      "glue:GetPartition", "glue:GetPartitions", "glue:BatchGetPartition",
    ]
    resources = concat(local.database_arns, ["${local.glue_arn}:database/default", local.table_arn, local.views_arn, local.columns_arn])
  }

  # Knows no resource: Lake Formation lends what is granted.
  statement {
    sid       = "BorrowWhatIsGranted"
    actions   = ["lakeformation:GetDataAccess"]
    resources = ["*"]
  }
}

resource "aws_iam_policy" "athena_access" {
  name        = "mydatahub-athena-access${local.suffix}"
  path        = local.role_path
  description = "Queries in the workgroup ${aws_athena_workgroup.lake.name}. What they may read, Lake Formation says."
  policy      = data.aws_iam_policy_document.athena_access.json
}
