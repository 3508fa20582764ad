# Who of GitHub Actions may take a role: jobs of one repository, in the circumstances that are named.
#
# GitHub names a repository in its tokens in one of two forms, and the repository's settings say which: by names alone,
# or by names and ids (the default for repositories made or renamed since 2026-07-15). Both are listed, each in full: a
# wildcard in place of the ids would admit whoever takes the names after they were given up.
# https://docs.github.com/en/actions/reference/security/oidc

locals {
  owner = split("/", var.repository)[0]
  name  = split("/", var.repository)[1]

  repositories = [
    "repo:${var.repository}",
    "repo:${local.owner}@${var.owner_id}/${local.name}@${var.repository_id}",
  ]
  subjects = [for pair in setproduct(local.repositories, var.circumstances) : "${pair[0]}:${pair[1]}"]
  issuer   = "token.actions.githubusercontent.com"
}

data "aws_iam_policy_document" "trust" {
  #checkov:skip=CKV_AWS_358: Every subject is written in full and compared by StringEquals; the check does not see values that come through a module.
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.oidc_provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = local.subjects
    }
  }
}
