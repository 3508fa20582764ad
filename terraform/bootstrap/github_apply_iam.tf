# What an apply may do in IAM.

locals {
  # Roles and policies that only this configuration may touch.
  out_of_reach = concat(
    [
      aws_iam_policy.boundary.arn, "${local.role_arn}mydatahub-github-plan*", "${local.role_arn}mydatahub-github-apply*",
      "arn:${local.partition}:iam::${local.account_id}:policy${local.role_path}mydatahub-github-apply*",
    ],
    compact([local.oidc_provider_arn]),
  )
}

data "aws_iam_policy_document" "apply_iam" {
  for_each = local.github_lakes

  statement {
    sid       = "Read"
    actions   = ["iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRoleTags", "iam:ListInstanceProfilesForRole"]
    resources = ["${local.role_arn}*"]
  }

  statement {
    sid       = "ReadPolicies"
    actions   = ["iam:GetPolicy", "iam:GetPolicyVersion", "iam:ListPolicyVersions", "iam:ListPolicyTags", "iam:ListEntitiesForPolicy"]
    resources = ["arn:${local.partition}:iam::${local.account_id}:policy${local.role_path}*"]
  }

  # Without the boundary on a role, none of this may be done to it, and the boundary may not be taken off.
  statement {
    sid = "RolesWithTheBoundary"
    actions = [
      "iam:CreateRole", "iam:PutRolePermissionsBoundary",
      "iam:PutRolePolicy", "iam:DeleteRolePolicy", "iam:AttachRolePolicy", "iam:DetachRolePolicy",
    ]
    resources = ["${local.role_arn}mydatahub-*${each.value.suffix}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PermissionsBoundary"
      values   = [aws_iam_policy.boundary.arn]
    }
  }

  # IAM knows no boundary for these. A role that somebody else made under the path could be trusted to others, within what
  # that role may do: so roles with a life of their own do not belong there.
  statement {
    sid       = "Roles"
    actions   = ["iam:UpdateRole", "iam:UpdateAssumeRolePolicy", "iam:DeleteRole", "iam:TagRole", "iam:UntagRole"]
    resources = ["${local.role_arn}mydatahub-*${each.value.suffix}"]
  }

  statement {
    sid       = "Policies"
    actions   = ["iam:CreatePolicy", "iam:DeletePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicyVersion", "iam:TagPolicy", "iam:UntagPolicy"]
    resources = ["arn:${local.partition}:iam::${local.account_id}:policy${local.role_path}mydatahub-*${each.value.suffix}"]
  }

  statement {
    sid       = "PassRolesToTheirServices"
    actions   = ["iam:PassRole"]
    resources = ["${local.role_arn}mydatahub-*${each.value.suffix}"]

    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["glue.amazonaws.com", "lakeformation.amazonaws.com"]
    }
  }

  statement {
    sid       = "NothingOfTheBootstrap"
    effect    = "Deny"
    resources = local.out_of_reach

    actions = [
      "iam:Create*", "iam:Delete*", "iam:Put*", "iam:Update*", "iam:Attach*", "iam:Detach*", "iam:Set*", "iam:Tag*", "iam:Untag*",
      "iam:Add*", "iam:Remove*", "iam:PassRole",
    ]
  }
}
