# The most that any role of a lake may ever do, whatever policies an apply gives it. Roles must carry it to be made by the
# apply role, and only this configuration may change it: so an apply cannot make itself, or anybody, an administrator.

locals {
  buckets_arn = [for lake in values(local.lakes) : lake.bucket_arn]
}

data "aws_iam_policy_document" "boundary" {
  #checkov:skip=CKV_AWS_109: A boundary grants nothing: it is the most that policies, which name their resources, can give.
  #checkov:skip=CKV_AWS_111: A boundary grants nothing: it is the most that policies, which name their resources, can give.
  #checkov:skip=CKV_AWS_356: A boundary grants nothing: it is the most that policies, which name their resources, can give.
  statement {
    sid = "ObjectsOfTheLakes"
    actions = [
      "s3:GetObject*", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
      "s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:GetBucketLocation",
    ]
    resources = flatten([for arn in local.buckets_arn : [arn, "${arn}/*"]])
  }

  statement {
    sid = "CatalogJobsAndQueries"
    actions = [
      "glue:Get*", "glue:BatchGet*", "glue:List*", "glue:SearchTables",
      "glue:CreateTable", "glue:UpdateTable", "glue:DeleteTable", "glue:PassConnection",
      "glue:StartJobRun", "glue:BatchStopJobRun", "glue:StartWorkflowRun", "glue:StopWorkflowRun",
      "glue:CreateSession", "glue:RunStatement", "glue:CancelStatement", "glue:StopSession", "glue:DeleteSession",
      "athena:Get*", "athena:BatchGet*", "athena:List*", "athena:StartQueryExecution", "athena:StopQueryExecution",
    ]
    resources = ["*"]
  }

  # What is granted, and by whom, Lake Formation says.
  statement {
    sid = "LakeFormation"
    actions = [
      "lakeformation:GetDataAccess", "lakeformation:GrantPermissions", "lakeformation:RevokePermissions",
      "lakeformation:BatchGrantPermissions", "lakeformation:BatchRevokePermissions", "lakeformation:ListPermissions",
      "lakeformation:GetDataLakePrincipal",
    ]
    resources = ["*"]
  }

  statement {
    sid = "LogsAndMetrics"
    actions = [
      "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents", "logs:AssociateKmsKey",
      "logs:GetLogEvents", "logs:FilterLogEvents", "logs:DescribeLogStreams", "cloudwatch:PutMetricData",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "KeysOfS3"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = ["*"]

    condition {
      test     = "StringLike"
      variable = "kms:ViaService"
      values   = ["s3.*.${data.aws_partition.current.dns_suffix}"]
    }
  }

  statement {
    sid       = "PassRolesOfTheLakes"
    actions   = ["iam:PassRole"]
    resources = ["${local.role_arn}mydatahub-*"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["glue.amazonaws.com", "lakeformation.amazonaws.com"]
    }
  }
}

resource "aws_iam_policy" "boundary" {
  #checkov:skip=CKV_AWS_290: A boundary allows nothing by itself: it is the outline of what policies may allow.
  #checkov:skip=CKV_AWS_355: A boundary allows nothing by itself: it is the outline of what policies may allow.
  #checkov:skip=CKV_AWS_289: A boundary allows nothing by itself: it is the outline of what policies may allow.
  name        = "mydatahub-boundary"
  path        = local.role_path
  description = "The most that any role of a lake may do."
  policy      = data.aws_iam_policy_document.boundary.json
}
