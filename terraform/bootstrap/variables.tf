variable "aws_region" {
  description = "AWS region of the state bucket and of the lakes, such as eu-central-1."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "aws_region must be the code of a region, such as us-east-1 or eu-central-1."
  }
}

variable "state_bucket_name" {
  description = "Name of the bucket that holds Terraform's state of every environment, unique in all of AWS."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state_bucket_name)) && !startswith(var.state_bucket_name, "xn--") && !endswith(var.state_bucket_name, "-s3alias")
    error_message = "state_bucket_name must have 3 to 63 characters: lower-case letters, digits and hyphens, with a letter or digit at both ends."
  }
}

variable "environments" {
  description = "The lakes of this account, by the name of their Terraform workspace, which is also that of their GitHub environment. Each says what its tfvars say: the bucket, the suffix, and the database when it has another name."
  type = map(object({
    s3_bucket_name     = string
    environment_suffix = optional(string, "")
    glue_database_name = optional(string, "iceberg_db")
  }))
  nullable = false

  validation {
    condition     = length(var.environments) > 0 && alltrue([for name in keys(var.environments) : can(regex("^[A-Za-z0-9_-]{1,32}$", name))])
    error_message = "environments must have at least one, each named by 1 to 32 letters, digits, - and _, such as dev."
  }

  validation {
    condition = (
      alltrue([for lake in values(var.environments) : can(regex("^([a-z][a-z0-9]{0,11})?$", lake.environment_suffix))]) &&
      length(distinct([for lake in values(var.environments) : lake.environment_suffix])) == length(var.environments)
    )
    error_message = "Each environment needs an environment_suffix of its own: 1 to 12 lower-case letters and digits, starting with a letter, or empty for one of them."
  }

  validation {
    condition     = alltrue([for lake in values(var.environments) : can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", lake.s3_bucket_name))])
    error_message = "Each environment's s3_bucket_name must have 3 to 63 characters: lower-case letters, digits and hyphens, with a letter or digit at both ends."
  }
}

variable "github" {
  description = "The repository whose GitHub Actions plan and apply; null for none. The ids are those of `gh api repos/ORG/REPO --jq '.owner.id, .id'`; branch is the one whose commits are planned beside pull requests."
  type = object({
    repository    = string
    owner_id      = string
    repository_id = string
    branch        = optional(string, "main")
  })
  default = null

  validation {
    condition     = var.github == null ? true : can(regex("^[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}$", var.github.repository)) && can(regex("^[A-Za-z0-9._/-]+$", var.github.branch))
    error_message = "github.repository must be ORG/REPO, such as my-org/my-lake, without https:// and .git, and github.branch the name of one branch, without * and ?."
  }

  validation {
    condition     = var.github == null ? true : can(regex("^[0-9]+$", var.github.owner_id)) && can(regex("^[0-9]+$", var.github.repository_id))
    error_message = "github.owner_id and github.repository_id must be GitHub's ids, digits alone: gh api repos/ORG/REPO --jq '.owner.id, .id'."
  }
}

variable "oidc_provider_arn" {
  description = "The account's OIDC provider for GitHub Actions, when there is one: an account can have only one. null makes it."
  type        = string
  default     = null

  validation {
    condition     = var.oidc_provider_arn == null ? true : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:oidc-provider/[A-Za-z0-9./_-]+$", var.oidc_provider_arn))
    error_message = "oidc_provider_arn must be null or the ARN of an OIDC provider, such as arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com."
  }
}

variable "administrators" {
  description = "Further principals that apply Terraform and so must be Lake Formation administrators: ARNs of IAM roles or users. The apply roles made here are added in any case."
  type        = set(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.administrators : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", arn))])
    error_message = "administrators must be ARNs of IAM roles or users, such as arn:aws:iam::123456789012:role/deployer; for someone who assumes a role, the role's (not arn:aws:sts::...:assumed-role/...)."
  }
}

variable "mydatahub" {
  description = "How to call mydatahub, which adds the administrators: the program and its first arguments."
  type        = list(string)
  default     = ["node", "../../bin/mydatahub.js"]
  nullable    = false

  validation {
    condition     = length(var.mydatahub) > 0
    error_message = "mydatahub must name a program, such as [\"node\", \"../../bin/mydatahub.js\"]."
  }
}

variable "tags" {
  description = "Tags on everything that is created, beside Project and ManagedBy."
  type        = map(string)
  default     = {}
  nullable    = false

  validation {
    condition     = length(var.tags) <= 40 && alltrue([for key in keys(var.tags) : !startswith(lower(key), "aws:") && length(key) >= 1 && length(key) <= 128])
    error_message = "tags must be at most 40, with keys of 1 to 128 characters that do not start with aws:, which AWS keeps for itself."
  }
}

variable "allowed_account_ids" {
  description = "Accounts that this configuration may be applied to; any other is refused before a change. null allows all."
  type        = list(string)
  default     = null

  validation {
    condition = var.allowed_account_ids == null ? true : (
      length(var.allowed_account_ids) > 0 && alltrue([for id in var.allowed_account_ids : can(regex("^[0-9]{12}$", id))])
    )
    error_message = "allowed_account_ids must be null or a list of at least one account id of 12 digits, as text."
  }
}

variable "aws_endpoint_url" {
  description = "Endpoint of every AWS service, for an account on this machine. null means AWS."
  type        = string
  default     = null

  validation {
    condition     = var.aws_endpoint_url == null ? true : can(regex("^https?://[^/]+$", var.aws_endpoint_url))
    error_message = "aws_endpoint_url must be null or scheme, host and port without a slash at the end, such as http://127.0.0.1:4566."
  }
}
