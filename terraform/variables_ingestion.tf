# How source files get into the entity table: docs/ingestion.md.

variable "ingestion_mode" {
  description = "What happens to the rows of a file that changed: sync = its new content replaces them, append = they stay beside the new ones."
  type        = string
  default     = "sync"
  nullable    = false

  validation {
    condition     = contains(["sync", "append"], var.ingestion_mode)
    error_message = "ingestion_mode must be sync or append."
  }
}

variable "removed_files" {
  description = "What happens when a file is removed from the repository: keep = object and rows stay, remove = both go."
  type        = string
  default     = "keep"
  nullable    = false

  validation {
    condition     = contains(["keep", "remove"], var.removed_files)
    error_message = "removed_files must be keep or remove."
  }

  validation {
    condition     = !(var.removed_files == "remove" && var.ingestion_mode == "append")
    error_message = "removed_files = \"remove\" needs ingestion_mode = \"sync\": in append mode no row is ever taken out."
  }
}

variable "bad_files" {
  description = "What happens to an object that breaks the contract of source files: refuse = the run stops, quarantine = it is put aside with a report and the others are ingested."
  type        = string
  default     = "refuse"
  nullable    = false

  validation {
    condition     = contains(["refuse", "quarantine"], var.bad_files)
    error_message = "bad_files must be refuse or quarantine."
  }
}

variable "additional_columns" {
  description = "What happens to columns after the six of the contract: refuse = the file breaks it, merge = the table gets them, as texts."
  type        = string
  default     = "refuse"
  nullable    = false

  validation {
    condition     = contains(["refuse", "merge"], var.additional_columns)
    error_message = "additional_columns must be refuse or merge."
  }
}
