# How the bucket keeps what is in it, and what protects it.

variable "kms_key_arn" {
  description = "Key that encrypts objects and query results: the ARN of a symmetric KMS key in the lake's region, whose policy lets this account's IAM policies decide. null means SSE-S3. The key that objects were written with must be kept as long as they are."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_arn == null ? true : can(regex("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$", var.kms_key_arn))
    error_message = "kms_key_arn must be null or the ARN of a key (not of an alias, whose key may change), such as arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab."
  }

  validation {
    condition     = var.kms_key_arn == null ? true : try(split(":", var.kms_key_arn)[3], "") == var.aws_region
    error_message = "kms_key_arn must be a key in aws_region: S3 uses no key of another region."
  }
}

variable "enable_lifecycle" {
  description = "Whether the bucket gets its lifecycle rules. The provider waits 55 s after writing them, so the local lake leaves them out."
  type        = bool
  default     = true
  nullable    = false
}

variable "raw_data_transition_days" {
  description = "Days after which source files move to STANDARD_IA, which is cheaper to keep and dearer to read. null leaves them where they are."
  type        = number
  default     = 30

  validation {
    condition     = var.raw_data_transition_days == null ? true : var.raw_data_transition_days >= 30 && var.raw_data_transition_days <= 3650 && floor(var.raw_data_transition_days) == var.raw_data_transition_days
    error_message = "raw_data_transition_days must be null or a whole number from 30 to 3650: STANDARD_IA takes no object younger than 30 days."
  }
}

variable "athena_results_days" {
  description = "Days after which results of queries are removed."
  type        = number
  default     = 14
  nullable    = false

  validation {
    condition     = var.athena_results_days >= 1 && var.athena_results_days <= 3650 && floor(var.athena_results_days) == var.athena_results_days
    error_message = "athena_results_days must be a whole number from 1 to 3650."
  }
}

variable "noncurrent_version_days" {
  description = "Days for which an overwritten or deleted object can be brought back; its old version is then removed."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = var.noncurrent_version_days >= 1 && var.noncurrent_version_days <= 3650 && floor(var.noncurrent_version_days) == var.noncurrent_version_days
    error_message = "noncurrent_version_days must be a whole number from 1 to 3650."
  }
}

variable "incomplete_upload_days" {
  description = "Days after which the parts of an unfinished upload are removed."
  type        = number
  default     = 7
  nullable    = false

  validation {
    condition     = var.incomplete_upload_days >= 1 && var.incomplete_upload_days <= 365 && floor(var.incomplete_upload_days) == var.incomplete_upload_days
    error_message = "incomplete_upload_days must be a whole number from 1 to 365."
  }
}

variable "allow_destroy" {
  description = "Whether the bucket, the database or the table may be destroyed or replaced by others. It has to be applied as true before such a change; and the bucket must be empty, since Terraform never empties it."
  type        = bool
  default     = false
  nullable    = false
}
