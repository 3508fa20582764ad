# Who is told what, and what it may cost.

variable "enable_alarms" {
  description = "Whether alarms watch the jobs: on a run that failed, and on a lake that is no longer fresh."
  type        = bool
  default     = true
  nullable    = false
}

variable "alarm_emails" {
  description = "Addresses that get the alarms and the warnings of the budget. AWS asks each of them for consent by mail first."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", address))])
    error_message = "alarm_emails must be a list of mail addresses, such as [\"data-team@example.org\"]."
  }
}

variable "freshness_hours" {
  description = "Hours without a successful run of the ingestion after which the alarm on freshness goes off. null: no such alarm. Without a schedule it means hours without a push."
  type        = number
  default     = 168

  validation {
    condition     = var.freshness_hours == null ? true : var.freshness_hours >= 1 && var.freshness_hours <= 168 && floor(var.freshness_hours) == var.freshness_hours
    error_message = "freshness_hours must be null or a whole number from 1 to 168 (7 days, the longest that CloudWatch looks back)."
  }
}

variable "monthly_budget_usd" {
  description = "US dollars a month for Glue, Athena and S3 of the whole account; a warning goes out at 80 % spent and at 100 % foreseen. null: no budget."
  type        = number
  default     = null

  validation {
    condition     = var.monthly_budget_usd == null ? true : var.monthly_budget_usd >= 1
    error_message = "monthly_budget_usd must be null or a number of at least 1."
  }
}

variable "enable_dashboard" {
  description = "Whether CloudWatch gets a dashboard of the lake."
  type        = bool
  default     = true
  nullable    = false
}
