# Glue's own care for the Iceberg table.

variable "enable_table_optimizers" {
  description = "Whether Glue compacts the entity table, expires its old snapshots and removes files that no snapshot names. The first ingestion makes the table, so leave it false until then, and apply again with true."
  type        = bool
  default     = false
  nullable    = false
}

variable "snapshot_retention_days" {
  description = "Days for which the table can be read as it was. Older snapshots are expired by the optimizer."
  type        = number
  default     = 5
  nullable    = false

  validation {
    condition     = var.snapshot_retention_days >= 1 && var.snapshot_retention_days <= 3650 && floor(var.snapshot_retention_days) == var.snapshot_retention_days
    error_message = "snapshot_retention_days must be a whole number from 1 to 3650."
  }
}

variable "snapshots_to_keep" {
  description = "Snapshots that are kept however old they are."
  type        = number
  default     = 1
  nullable    = false

  validation {
    condition     = var.snapshots_to_keep >= 1 && var.snapshots_to_keep <= 10000 && floor(var.snapshots_to_keep) == var.snapshots_to_keep
    error_message = "snapshots_to_keep must be a whole number from 1 to 10000."
  }
}

variable "orphan_file_retention_days" {
  description = "Days after which a file that no snapshot names is removed. It must be longer than the longest run of a job, whose files are not yet named."
  type        = number
  default     = 3
  nullable    = false

  validation {
    condition     = var.orphan_file_retention_days >= 3 && var.orphan_file_retention_days <= 3650 && floor(var.orphan_file_retention_days) == var.orphan_file_retention_days
    error_message = "orphan_file_retention_days must be a whole number from 3 to 3650: less could take the files of a run under way."
  }
}
