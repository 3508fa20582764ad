# What the lake is called, where it is, and whose it is.

variable "aws_region" {
  description = "AWS region of the lake, such as eu-central-1."
  type        = string
  default     = "us-east-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.aws_region))
    error_message = "aws_region must be the code of a region, such as us-east-1 or eu-central-1."
  }
}

variable "s3_bucket_name" {
  description = "Name of the data bucket, unique in all of AWS. Terraform creates it."
  type        = string
  nullable    = false

  validation {
    condition = (
      can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.s3_bucket_name)) &&
      !startswith(var.s3_bucket_name, "xn--") &&
      !endswith(var.s3_bucket_name, "-s3alias")
    )
    error_message = "s3_bucket_name must have 3 to 63 characters: lower-case letters, digits and hyphens, with a letter or digit at both ends. Dots are not allowed because TLS certificates do not cover them; xn-- at the start and -s3alias at the end are reserved by S3."
  }
}

variable "glue_database_name" {
  description = "Glue database of the entity table and its views. The environment's suffix is appended."
  type        = string
  default     = "iceberg_db"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,199}$", var.glue_database_name))
    error_message = "glue_database_name must have 1 to 200 characters: lower-case letters, digits and _, not starting with a digit."
  }
}

variable "glue_table_name" {
  description = "The entity table: the narrow Iceberg table that the ingestion job writes."
  type        = string
  default     = "entity_data"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z_][a-z0-9_]{0,199}$", var.glue_table_name)) && !startswith(var.glue_table_name, "entity_view_")
    error_message = "glue_table_name must have 1 to 200 characters: lower-case letters, digits and _, not starting with a digit, and not with entity_view_ (the names of the views)."
  }
}

variable "csv_data_prefix" {
  description = "Folder of the bucket that holds the source files."
  type        = string
  default     = "raw-data/"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9][A-Za-z0-9._-]*/)+$", var.csv_data_prefix))
    error_message = "csv_data_prefix must be a folder such as raw-data/: letters, digits, . _ - and /, no / at the start and one at the end."
  }

  validation {
    condition = alltrue([
      for other in [var.iceberg_data_prefix, "jars/", "scripts/", "config/", "state/", "athena-results/", "quarantine/"] :
      !startswith(var.csv_data_prefix, other) && !startswith(other, var.csv_data_prefix)
    ])
    error_message = "csv_data_prefix must lie outside iceberg_data_prefix and outside jars/, scripts/, config/, state/, athena-results/ and quarantine/."
  }
}

variable "iceberg_data_prefix" {
  description = "Folder of the bucket that holds the Iceberg table's data and metadata."
  type        = string
  default     = "iceberg-data/"
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9][A-Za-z0-9._-]*/)+$", var.iceberg_data_prefix))
    error_message = "iceberg_data_prefix must be a folder such as iceberg-data/: letters, digits, . _ - and /, no / at the start and one at the end."
  }

  validation {
    condition = alltrue([
      for other in ["jars/", "scripts/", "config/", "state/", "athena-results/", "quarantine/"] :
      !startswith(var.iceberg_data_prefix, other) && !startswith(other, var.iceberg_data_prefix)
    ])
    error_message = "iceberg_data_prefix must lie outside jars/, scripts/, config/, state/, athena-results/ and quarantine/."
  }
}

variable "environment_suffix" {
  description = "Keeps several environments in one account apart: appended to every name as -<suffix> (to the database as _<suffix>). Empty for the only one."
  type        = string
  default     = ""
  nullable    = false

  validation {
    condition     = can(regex("^([a-z][a-z0-9]{0,11})?$", var.environment_suffix))
    error_message = "environment_suffix must be empty or have 1 to 12 lower-case letters and digits, starting with a letter, such as dev."
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
  description = "Endpoint of every AWS service, for a lake on this machine. null means AWS."
  type        = string
  default     = null

  validation {
    condition     = var.aws_endpoint_url == null ? true : can(regex("^https?://[^/]+$", var.aws_endpoint_url))
    error_message = "aws_endpoint_url must be null or scheme, host and port without a slash at the end, such as http://127.0.0.1:4566."
  }
}
