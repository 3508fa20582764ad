# Plans, from pull requests and the branch: reads what is made and its state, and no data. It takes no lock of the state
# (terraform plan -lock=false), since a lock is a write.

locals {
  github_lakes = var.github == null ? {} : local.lakes
}

module "plan_trust" {
  source   = "../modules/github_trust"
  for_each = local.github_lakes

  repository        = var.github.repository
  owner_id          = var.github.owner_id
  repository_id     = var.github.repository_id
  circumstances     = ["pull_request", "ref:refs/heads/${var.github.branch}"]
  oidc_provider_arn = local.oidc_provider_arn
}

resource "aws_iam_role" "plan" {
  for_each = local.github_lakes

  name               = "mydatahub-github-plan${each.value.suffix}"
  path               = local.role_path
  description        = "GitHub Actions of ${var.github.repository}: plans the lake ${each.key}."
  assume_role_policy = module.plan_trust[each.key].json
}

data "aws_iam_policy_document" "plan" {
  #checkov:skip=CKV_AWS_356: What stands on * are lists, and reads that know no resource in IAM.
  for_each = local.github_lakes

  statement {
    sid       = "ReadState"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.state.arn}/${local.state_key}", "${aws_s3_bucket.state.arn}/${each.value.state_key}"]
  }

  # Terraform finds its workspaces by listing.
  statement {
    sid       = "ListStates"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }

  statement {
    sid       = "HowTheBucketIsSet"
    actions   = local.read_bucket
    resources = [each.value.bucket_arn]
  }

  # The objects that Terraform itself writes; they hold names.
  statement {
    sid       = "ObjectsOfTerraform"
    actions   = ["s3:GetObject", "s3:GetObjectTagging"]
    resources = ["${each.value.bucket_arn}/config/lake.json", "${each.value.bucket_arn}/*/"]
  }

  statement {
    sid       = "RolesOfTheLake"
    actions   = ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRoleTags"]
    resources = ["${local.role_arn}*"]
  }

  statement {
    sid       = "PoliciesOfTheLake"
    actions   = ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:ListPolicyTags"]
    resources = ["arn:${local.partition}:iam::${local.account_id}:policy${local.role_path}*"]
  }

  statement {
    sid = "DefinitionsInGlue"
    actions = [
      "glue:GetDatabase", "glue:GetTable", "glue:GetTableOptimizer", "glue:GetJob", "glue:GetTrigger", "glue:GetWorkflow",
      "glue:GetConnection", "glue:GetTags",
    ]
    resources = local.glue_of[each.key]
  }

  statement {
    sid = "DefinitionsInAthena"
    actions = [
      "athena:GetWorkGroup", "athena:GetNamedQuery", "athena:ListNamedQueries", "athena:ListTagsForResource",
    ]
    resources = ["arn:${local.partition}:athena:${var.aws_region}:${local.account_id}:workgroup/mydatahub${each.value.suffix}"]
  }

  # None of these can be held to a resource; they tell what is set and granted, never what is in it.
  statement {
    sid = "WhatIsGrantedAndWatched"
    actions = [
      "lakeformation:DescribeResource", "lakeformation:ListResources", "lakeformation:ListPermissions",
      "lakeformation:GetDataLakeSettings", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
      "cloudwatch:DescribeAlarms", "budgets:ViewBudget", "budgets:ListTagsForResource", "kms:DescribeKey",
    ]
    resources = ["*"]
  }

  statement {
    sid       = "Watching"
    actions   = local.read_watching
    resources = local.watching_of[each.key]
  }
}

resource "aws_iam_role_policy" "plan" {
  for_each = local.github_lakes

  name   = "github-plan"
  role   = aws_iam_role.plan[each.key].id
  policy = data.aws_iam_policy_document.plan[each.key].json
}
