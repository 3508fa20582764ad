# The role that GitHub Actions works with the lake's data as. It writes source files and state and starts the workflow.
# It never writes scripts/ or jars/: whoever writes what the jobs run is all their roles at once, the definer included.
# The roles that plan and apply this configuration are made by bootstrap/, out of this configuration's own reach.

locals {
  github = var.github == null ? {} : { data = var.github }
}

module "github_data_trust" {
  source   = "./modules/github_trust"
  for_each = local.github

  repository        = each.value.repository
  owner_id          = each.value.owner_id
  repository_id     = each.value.repository_id
  circumstances     = ["ref:refs/heads/${each.value.branch}", "environment:${each.value.environment}"]
  oidc_provider_arn = coalesce(each.value.oidc_provider_arn, "arn:${local.partition}:iam::${local.account_id}:oidc-provider/token.actions.githubusercontent.com")
}

resource "aws_iam_role" "github_data" {
  for_each = local.github

  name                 = "mydatahub-github-data${local.suffix}"
  path                 = local.role_path
  description          = "GitHub Actions of ${each.value.repository}: sends source files, runs the workflow, reads views and results."
  assume_role_policy   = module.github_data_trust["data"].json
  permissions_boundary = var.permissions_boundary_arn
}

resource "aws_iam_role_policy" "github_data" {
  for_each = local.github

  name   = "github-data"
  role   = aws_iam_role.github_data[each.key].id
  policy = data.aws_iam_policy_document.github_data.json
}

data "aws_iam_policy_document" "github_data" {
  source_policy_documents = [data.aws_iam_policy_document.athena_access.json]

  # upload-data
  statement {
    sid = "SourceFilesAndState"
    actions = [
      "s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:DeleteObject",
      "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
    ]
    resources = [local.objects_arn.raw, local.objects_arn.state]
  }

  statement {
    sid       = "ReadLakeConfig"
    actions   = ["s3:GetObject"]
    resources = [local.objects_arn.config]
  }

  # history and rollback: which snapshots there are. Table metadata holds no value of any row.
  statement {
    sid       = "ReadTableHistory"
    actions   = ["s3:GetObject"]
    resources = ["${local.bucket_arn}/${local.prefixes.iceberg}*.metadata.json"]
  }

  statement {
    # Without it, S3 says "denied" of an object that is missing.
    sid       = "ListSourceFilesAndState"
    actions   = ["s3:ListBucket"]
    resources = [local.bucket_arn]

    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["${local.prefixes.raw}*", "${local.prefixes.state}*", "${local.prefixes.config}*"]
    }
  }

  # Asked of the bucket as a whole, to take up an interrupted upload; it shows names of unfinished uploads and no content.
  statement {
    sid       = "ListUnfinishedUploads"
    actions   = ["s3:ListBucketMultipartUploads"]
    resources = [local.bucket_arn]
  }

  # run-ingestion, wait-for-views
  statement {
    sid       = "RunTheWorkflow"
    actions   = ["glue:StartWorkflowRun", "glue:StopWorkflowRun", "glue:GetWorkflow", "glue:GetWorkflowRun", "glue:GetWorkflowRuns"]
    resources = ["${local.glue_arn}:workflow/${aws_glue_workflow.lake.name}"]
  }

  statement {
    sid       = "FollowTheJobs"
    actions   = ["glue:GetJob", "glue:GetJobRun", "glue:GetJobRuns"]
    resources = [for job in values(local.jobs) : "${local.glue_arn}:job/${job}"]
  }

  # smoke-test asks it for the rows that differ. It runs as the reader of views, which may do less than this role; no
  # other job may be started with arguments of one's own, since --extra-py-files is code.
  statement {
    sid       = "RunTheCheck"
    actions   = ["glue:StartJobRun", "glue:BatchStopJobRun"]
    resources = ["${local.glue_arn}:job/${local.jobs.verify}"]
  }

  statement {
    sid       = "ReadLogsOfJobs"
    actions   = ["logs:GetLogEvents", "logs:FilterLogEvents", "logs:DescribeLogStreams"]
    resources = ["arn:${local.partition}:logs:${var.aws_region}:${local.account_id}:log-group:${local.log_prefix}/*"]
  }
}
