output "backend_hcl" {
  description = "Settings of the lakes' backend, for terraform init -backend-config=FILE."
  value       = <<-EOT
    bucket = "${aws_s3_bucket.state.bucket}"
    key    = "${local.state_key}"
    region = "${var.aws_region}"
  EOT
}

output "permissions_boundary_arn" {
  description = "permissions_boundary_arn of every environment's tfvars."
  value       = aws_iam_policy.boundary.arn
}

output "oidc_provider_arn" {
  description = "The account's OIDC provider for GitHub Actions; null without github."
  value       = var.github == null ? null : local.oidc_provider_arn
}

output "plan_role_arns" {
  description = "By environment: the role of GitHub's jobs that plan."
  value       = { for name, role in aws_iam_role.plan : name => role.arn }
}

output "apply_role_arns" {
  description = "By environment: the role of GitHub's jobs that apply; each is a Lake Formation administrator."
  value       = { for name, role in aws_iam_role.apply : name => role.arn }
}

output "administrators" {
  description = "Who was added to Lake Formation's administrators."
  value       = [for administrator in values(local.administrators) : administrator.arn if length(administrator.list) == 0]
}
