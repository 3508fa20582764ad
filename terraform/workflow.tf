# One run of the workflow is one pass of the chain. On AWS a conditional trigger fires only for a job that a trigger
# started: a bare StartJobRun of the ingestion does not start the views.

resource "aws_glue_workflow" "lake" {
  name                = "data-lake${local.suffix}"
  description         = "CSV to Iceberg, then the views, then their check."
  max_concurrent_runs = 1
}

# A workflow has one start trigger. StartWorkflowRun starts it on demand, whichever type it is of.
resource "aws_glue_trigger" "start" {
  name          = "data-lake-start${local.suffix}"
  type          = var.ingestion_schedule == null ? "ON_DEMAND" : "SCHEDULED"
  schedule      = var.ingestion_schedule
  workflow_name = aws_glue_workflow.lake.name
  # With true, the provider calls StartTrigger after it made an on-demand trigger, which would run the chain at every
  # first apply. A scheduled one with true only begins to wait for its time.
  enabled = var.ingestion_schedule != null

  actions {
    job_name = aws_glue_job.ingestion.name
  }
}

resource "aws_glue_trigger" "views" {
  name          = "data-lake-views-after-ingestion${local.suffix}"
  type          = "CONDITIONAL"
  workflow_name = aws_glue_workflow.lake.name

  predicate {
    conditions {
      job_name = aws_glue_job.ingestion.name
      state    = "SUCCEEDED"
    }
  }

  actions {
    job_name = aws_glue_job.views.name
  }
}

resource "aws_glue_trigger" "verify" {
  name          = "data-lake-verify-after-views${local.suffix}"
  type          = "CONDITIONAL"
  workflow_name = aws_glue_workflow.lake.name

  predicate {
    conditions {
      job_name = aws_glue_job.views.name
      state    = "SUCCEEDED"
    }
  }

  actions {
    job_name = aws_glue_job.verify.name
  }
}
