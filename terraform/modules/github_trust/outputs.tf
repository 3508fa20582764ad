output "json" {
  description = "The trust policy."
  value       = data.aws_iam_policy_document.trust.json
}

output "subjects" {
  description = "Every subject that is admitted."
  value       = local.subjects
}
