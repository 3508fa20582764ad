# The jobs, the workflow that chains them, and Athena.

variable "iceberg_runtime" {
  description = "Iceberg of the ingestion job: jars = the pinned files of jars/pom.xml, managed = the one that Glue brings."
  type        = string
  default     = "jars"
  nullable    = false

  validation {
    condition     = contains(["jars", "managed"], var.iceberg_runtime)
    error_message = "iceberg_runtime must be jars or managed."
  }
}

variable "view_strategy" {
  description = "Which dialect a view gets first: athena-first (no view is ever without ATHENA, Spark is used only where Glue's API refuses) or spark-first (every SPARK dialect by Spark itself, then ATHENA)."
  type        = string
  default     = "athena-first"
  nullable    = false

  validation {
    condition     = contains(["athena-first", "spark-first"], var.view_strategy)
    error_message = "view_strategy must be athena-first or spark-first."
  }
}

variable "view_form" {
  description = "How the views are defined: chunked = maps of keys by range (quick with many keys), case = MAX(CASE ...) for each key, auto = the quicker one by the number of keys. All give the same rows."
  type        = string
  default     = "auto"
  nullable    = false

  validation {
    condition     = contains(["auto", "chunked", "case"], var.view_form)
    error_message = "view_form must be auto, chunked or case."
  }
}

variable "views_without_data" {
  description = "What becomes of a view when no row of its entity1 is left: keep = it stays, empty, mark = it stays and its description says so, drop = it is deleted with its grants."
  type        = string
  default     = "keep"
  nullable    = false

  validation {
    condition     = contains(["keep", "mark", "drop"], var.views_without_data)
    error_message = "views_without_data must be keep, mark or drop."
  }
}

variable "job_timeout_minutes" {
  description = "Minutes after which Glue stops a run of any of the jobs."
  type        = number
  default     = 60
  nullable    = false

  validation {
    condition     = var.job_timeout_minutes >= 1 && var.job_timeout_minutes <= 10080 && floor(var.job_timeout_minutes) == var.job_timeout_minutes
    error_message = "job_timeout_minutes must be a whole number from 1 to 10080 (7 days, the most that Glue allows)."
  }
}

variable "job_max_retries" {
  description = "How often Glue starts a run again after it failed. With 0 a run waits in a queue when the account's quotas are used up, which Glue does only for jobs without retries. A run that failed over a broken file would fail again."
  type        = number
  default     = 0
  nullable    = false

  validation {
    condition     = var.job_max_retries >= 0 && var.job_max_retries <= 10 && floor(var.job_max_retries) == var.job_max_retries
    error_message = "job_max_retries must be a whole number from 0 to 10."
  }
}

variable "glue_worker_type" {
  description = "Size of a worker of the jobs: G.1X has 4 vCPU and 16 GB, each further G. twice the one before."
  type        = string
  default     = "G.1X"
  nullable    = false

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.glue_worker_type)
    error_message = "glue_worker_type must be G.1X, G.2X, G.4X or G.8X."
  }
}

variable "ingestion_max_workers" {
  description = "Most workers of the ingestion; Glue takes as many of them as a run has work for, and bills those."
  type        = number
  default     = 10
  nullable    = false

  validation {
    condition     = var.ingestion_max_workers >= 2 && var.ingestion_max_workers <= 299 && floor(var.ingestion_max_workers) == var.ingestion_max_workers
    error_message = "ingestion_max_workers must be a whole number from 2 to 299: one for the driver, one for the work."
  }
}

variable "views_max_workers" {
  description = "Most workers of the job that publishes the views. It is busy with waiting for Athena, not with data."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.views_max_workers >= 2 && var.views_max_workers <= 299 && floor(var.views_max_workers) == var.views_max_workers
    error_message = "views_max_workers must be a whole number from 2 to 299: one for the driver, one for the work."
  }
}

variable "verify_max_workers" {
  description = "Most workers of the job that reads every view as a reader."
  type        = number
  default     = 4
  nullable    = false

  validation {
    condition     = var.verify_max_workers >= 4 && var.verify_max_workers <= 299 && floor(var.verify_max_workers) == var.verify_max_workers
    error_message = "verify_max_workers must be a whole number from 4 to 299: fine-grained access control needs two drivers and two executors."
  }
}

variable "ingestion_schedule" {
  description = "When the workflow starts by itself, in UTC, such as cron(15 3 * * ? *) for 03:15 each day. null: only when asked to (run-ingestion, which works with a schedule as well)."
  type        = string
  default     = null

  validation {
    condition = var.ingestion_schedule == null ? true : (
      can(regex("^cron\\(([0-9*,/-]+) ([0-9*,/-]+) ([0-9*?,/LW-]+) ([0-9A-Z*,/-]+) ([0-9A-Z*?,/L#-]+) ([0-9*,/-]+)\\)$", var.ingestion_schedule)) &&
      length(regexall(" \\?", var.ingestion_schedule)) == 1
    )
    error_message = "ingestion_schedule must be null or cron(minutes hours day-of-month month day-of-week year) in UTC, with ? for either day-of-month or day-of-week, such as cron(15 3 * * ? *) or cron(0 6 ? * MON-FRI *)."
  }
}

variable "log_retention_days" {
  description = "Days for which the logs of the jobs and the record of their runs are kept."
  type        = number
  default     = 365
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days must be one that CloudWatch knows: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653."
  }
}

variable "athena_bytes_scanned_limit" {
  description = "Bytes after which Athena cancels a query of the workgroup; 100 GiB, the default, cost about half a dollar."
  type        = number
  default     = 107374182400
  nullable    = false

  validation {
    condition     = var.athena_bytes_scanned_limit >= 10000000 && floor(var.athena_bytes_scanned_limit) == var.athena_bytes_scanned_limit
    error_message = "athena_bytes_scanned_limit must be a whole number of at least 10000000 (10 MB, the least that Athena allows)."
  }
}
