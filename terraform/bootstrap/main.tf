# What must be there before a lake can be applied, made once for an account by one of its administrators: where the state
# is kept, who may plan and apply from GitHub, the boundary of every role that an apply makes, and Lake Formation's
# administrators. An apply of a lake has no permission on any of it. Steps: docs/environments.md.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

locals {
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  role_path  = "/mydatahub/"
  issuer     = "token.actions.githubusercontent.com"

  # What each environment's names are, as ../main.tf makes them.
  lakes = {
    for name, lake in var.environments : name => merge(lake, {
      suffix     = lake.environment_suffix == "" ? "" : "-${lake.environment_suffix}"
      database   = "${lake.glue_database_name}${lake.environment_suffix == "" ? "" : "_${lake.environment_suffix}"}"
      bucket_arn = "arn:${local.partition}:s3:::${lake.s3_bucket_name}"
      # Where Terraform's S3 backend keeps the state of a workspace.
      state_key = "env:/${name}/${local.state_key}"
    })
  }
  state_key = "lake.tfstate"

  glue_arn = "arn:${local.partition}:glue:${var.aws_region}:${local.account_id}"
  role_arn = "arn:${local.partition}:iam::${local.account_id}:role${local.role_path}"
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.github != null && var.oidc_provider_arn == null ? 1 : 0

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  oidc_provider_arn = var.oidc_provider_arn != null ? var.oidc_provider_arn : one(aws_iam_openid_connect_provider.github[*].arn)
}
