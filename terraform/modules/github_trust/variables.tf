variable "repository" {
  description = "ORG/REPO."
  type        = string
}

variable "owner_id" {
  description = "GitHub's id of ORG."
  type        = string
}

variable "repository_id" {
  description = "GitHub's id of REPO."
  type        = string
}

variable "circumstances" {
  description = "What follows the repository in the subject: pull_request, ref:refs/heads/BRANCH, environment:NAME."
  type        = list(string)
}

variable "oidc_provider_arn" {
  description = "The account's OIDC provider for GitHub Actions."
  type        = string
}
