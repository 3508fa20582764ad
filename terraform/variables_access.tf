# Who works with the lake, and what holds whoever applies it.

variable "analysts" {
  description = "Who reads the views: ARNs of IAM roles or users, each with the names of views (or [\"*\"] for all that there are and will be), and base_table = true for whoever must read the entity table itself."
  type = list(object({
    principal  = string
    views      = optional(list(string), ["*"])
    base_table = optional(bool, false)
  }))
  default  = []
  nullable = false

  validation {
    condition     = alltrue([for analyst in var.analysts : can(regex("^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[A-Za-z0-9+=,.@_/-]+$", analyst.principal))])
    error_message = "Each analyst's principal must be the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/analyst; for someone who assumes a role, the role's (not arn:aws:sts::...:assumed-role/...)."
  }

  validation {
    condition     = length(distinct([for analyst in var.analysts : analyst.principal])) == length(var.analysts)
    error_message = "Each principal may be in analysts once: put all its views into one entry."
  }

  validation {
    condition     = alltrue(flatten([for analyst in var.analysts : [for view in analyst.views : view == "*" || can(regex("^entity_view_[a-z0-9_]{1,243}$", view))]]))
    error_message = "Each of an analyst's views must be the full name of a view, such as entity_view_penguins, or * for all."
  }
}

variable "permissions_boundary_arn" {
  description = "Policy that bounds every role made here. Needed when the apply role of bootstrap/ applies, which may make no role without it; null for none."
  type        = string
  default     = null

  validation {
    condition     = var.permissions_boundary_arn == null ? true : can(regex("^arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn must be null or the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/mydatahub/mydatahub-boundary."
  }
}

variable "adopt_entity_table" {
  description = "true when the entity table exists and something else than this lake's ingestion job made it: the ingestion role is then granted what a table's creator holds, and IAMAllowedPrincipals is taken off the table."
  type        = bool
  default     = false
  nullable    = false
}

variable "aws_cli" {
  description = "The AWS CLI, by name or path. It does the one thing that the AWS provider cannot: take IAMAllowedPrincipals off the database."
  type        = string
  default     = "aws"
  nullable    = false

  validation {
    condition     = length(trimspace(var.aws_cli)) > 0
    error_message = "aws_cli must be the name or the path of the AWS CLI, such as aws or /usr/local/bin/aws."
  }
}
