# Applies, from jobs of the environment that GitHub guards: makes, changes and removes what belongs to one lake. Of IAM it
# writes under the lakes' path alone, roles only with the boundary on them, and nothing of what this configuration made.

module "apply_trust" {
  source   = "../modules/github_trust"
  for_each = local.github_lakes

  repository        = var.github.repository
  owner_id          = var.github.owner_id
  repository_id     = var.github.repository_id
  circumstances     = ["environment:${each.key}"]
  oidc_provider_arn = local.oidc_provider_arn
}

resource "aws_iam_role" "apply" {
  for_each = local.github_lakes

  name               = "mydatahub-github-apply${each.value.suffix}"
  path               = local.role_path
  description        = "GitHub Actions of ${var.github.repository}: applies the lake ${each.key}."
  assume_role_policy = module.apply_trust[each.key].json
}

# In two documents, since a role's policies of its own may have 10,240 characters together, a managed one 6,144.
resource "aws_iam_policy" "apply" {
  for_each = local.github_lakes

  name        = "mydatahub-github-apply${each.value.suffix}"
  path        = local.role_path
  description = "What the lake ${each.key} consists of, beside IAM."
  policy      = data.aws_iam_policy_document.apply[each.key].json
}

resource "aws_iam_role_policy_attachment" "apply" {
  for_each = local.github_lakes

  role       = aws_iam_role.apply[each.key].name
  policy_arn = aws_iam_policy.apply[each.key].arn
}

resource "aws_iam_role_policy" "apply_iam" {
  for_each = local.github_lakes

  name   = "github-apply-iam"
  role   = aws_iam_role.apply[each.key].id
  policy = data.aws_iam_policy_document.apply_iam[each.key].json
}

data "aws_iam_policy_document" "apply" {
  #checkov:skip=CKV_AWS_356: What stands on * are lists, what knows no resource in IAM (Lake Formation, resource policies of logs) and kms:CreateKey, whose key has no name yet.
  for_each = local.github_lakes

  statement {
    sid     = "StateAndItsLock"
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = [
      "${aws_s3_bucket.state.arn}/${local.state_key}", "${aws_s3_bucket.state.arn}/${each.value.state_key}",
      "${aws_s3_bucket.state.arn}/${each.value.state_key}.tflock",
    ]
  }

  statement {
    sid       = "Unlock"
    actions   = ["s3:DeleteObject"]
    resources = ["${aws_s3_bucket.state.arn}/${each.value.state_key}.tflock"]
  }

  statement {
    sid       = "ListStates"
    actions   = ["s3:ListBucket"]
    resources = [aws_s3_bucket.state.arn]
  }

  # A bucket and its settings; what is in raw-data/, iceberg-data/ and state/ it neither reads nor writes.
  statement {
    sid = "Bucket"
    actions = concat(local.read_bucket, [
      "s3:ListBucketMultipartUploads", "s3:ListBucketVersions", "s3:CreateBucket", "s3:DeleteBucket", "s3:PutBucket*", "s3:DeleteBucketPolicy",
      "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
    ])
    resources = [each.value.bucket_arn]
  }

  # Also upload-assets: JARs, scripts and the logic of views.
  statement {
    sid     = "AssetsAndConfiguration"
    actions = ["s3:GetObject*", "s3:PutObject*", "s3:DeleteObject*", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"]
    resources = [
      "${each.value.bucket_arn}/scripts/*", "${each.value.bucket_arn}/jars/*", "${each.value.bucket_arn}/config/*",
      # The folders themselves, as empty objects.
      "${each.value.bucket_arn}/*/",
    ]
  }

  statement {
    sid = "Glue"
    actions = [
      "glue:GetDatabase*", "glue:CreateDatabase", "glue:UpdateDatabase", "glue:DeleteDatabase",
      "glue:GetTable*", "glue:*TableOptimizer",
      "glue:GetJob*", "glue:CreateJob", "glue:UpdateJob", "glue:DeleteJob",
      "glue:GetTrigger*", "glue:CreateTrigger", "glue:UpdateTrigger", "glue:DeleteTrigger", "glue:StartTrigger", "glue:StopTrigger",
      "glue:GetWorkflow*", "glue:CreateWorkflow", "glue:UpdateWorkflow", "glue:DeleteWorkflow",
      "glue:GetConnection*", "glue:CreateConnection", "glue:UpdateConnection", "glue:DeleteConnection",
      "glue:GetTags", "glue:TagResource", "glue:UntagResource",
    ]
    resources = local.glue_of[each.key]
  }

  statement {
    sid = "Athena"
    actions = [
      "athena:*WorkGroup", "athena:*NamedQuery", "athena:ListNamedQueries",
      "athena:ListTagsForResource", "athena:TagResource", "athena:UntagResource",
    ]
    resources = ["arn:${local.partition}:athena:${var.aws_region}:${local.account_id}:workgroup/mydatahub${each.value.suffix}"]
  }

  # Lake Formation knows no resources of IAM. Not among them: PutDataLakeSettings, which names the administrators.
  statement {
    sid = "LakeFormation"
    actions = [
      "lakeformation:RegisterResource", "lakeformation:UpdateResource", "lakeformation:DeregisterResource",
      "lakeformation:DescribeResource", "lakeformation:ListResources", "lakeformation:GetDataLakeSettings",
      "lakeformation:GrantPermissions", "lakeformation:RevokePermissions", "lakeformation:ListPermissions",
      "lakeformation:BatchGrantPermissions", "lakeformation:BatchRevokePermissions",
    ]
    resources = ["*"]
  }

  statement {
    sid = "Watching"
    actions = concat(local.read_watching, [
      "logs:CreateLogGroup", "logs:DeleteLogGroup", "logs:PutRetentionPolicy", "logs:DeleteRetentionPolicy",
      "logs:TagResource", "logs:UntagResource",
      "events:PutRule", "events:DeleteRule", "events:PutTargets", "events:RemoveTargets", "events:TagResource", "events:UntagResource",
      "sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:Unsubscribe",
      "sns:SetSubscriptionAttributes", "sns:TagResource", "sns:UntagResource",
      "cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms", "cloudwatch:TagResource", "cloudwatch:UntagResource",
      "cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards",
    ])
    resources = local.watching_of[each.key]
  }

  # Known to no resource, or named only once they are made.
  statement {
    sid = "WatchingWithoutNames"
    actions = [
      "logs:DescribeLogGroups", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy", "logs:DeleteResourcePolicy",
      "cloudwatch:DescribeAlarms", "kms:CreateKey", "kms:TagResource",
    ]
    resources = ["*"]
  }

  # The topic's key, which carries the tags of the provider.
  statement {
    sid       = "KeyOfTheTopic"
    actions   = ["kms:EnableKeyRotation", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:UntagResource"]
    resources = ["arn:${local.partition}:kms:${var.aws_region}:${local.account_id}:key/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/Project"
      values   = ["mydatahub"]
    }
  }

  statement {
    sid       = "Budget"
    actions   = ["budgets:ViewBudget", "budgets:ModifyBudget", "budgets:ListTagsForResource", "budgets:TagResource", "budgets:UntagResource"]
    resources = ["arn:${local.partition}:budgets::${local.account_id}:budget/mydatahub${each.value.suffix}"]
  }
}
