variable "github" {
  description = "The repository whose GitHub Actions work with this lake; null for none. The ids are those of `gh api repos/ORG/REPO --jq '.owner.id, .id'`. environment is the GitHub environment of this lake, branch the one that data is pushed to. oidc_provider_arn is the account's provider for GitHub, when it is not GitHub's usual one."
  type = object({
    repository        = string
    owner_id          = string
    repository_id     = string
    environment       = string
    branch            = optional(string, "main")
    oidc_provider_arn = optional(string)
  })
  default = null

  validation {
    condition     = var.github == null ? true : can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.github.repository))
    error_message = "github.repository must be ORG/REPO, such as my-org/my-lake, without https:// and .git."
  }

  validation {
    condition     = var.github == null ? true : can(regex("^[0-9]+$", var.github.owner_id)) && can(regex("^[0-9]+$", var.github.repository_id))
    error_message = "github.owner_id and github.repository_id must be GitHub's ids, digits alone: gh api repos/ORG/REPO --jq '.owner.id, .id'."
  }

  validation {
    condition     = var.github == null ? true : can(regex("^[A-Za-z0-9_-]+$", var.github.environment)) && can(regex("^[A-Za-z0-9._/-]+$", var.github.branch))
    error_message = "github.environment and github.branch must be the name of one environment and of one branch, without * and ?: a pattern would admit others."
  }

  validation {
    condition     = var.github == null ? true : var.github.oidc_provider_arn == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[A-Za-z0-9./_-]+$", var.github.oidc_provider_arn))
    error_message = "github.oidc_provider_arn must be null or the ARN of an OIDC provider, such as arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com."
  }
}
