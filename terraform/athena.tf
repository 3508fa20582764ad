resource "aws_athena_workgroup" "lake" {
  name        = "mydatahub${local.suffix}"
  description = "Queries on ${local.database}."
  # The history of queries goes with the workgroup; the results in the bucket stay.
  force_destroy = true

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = local.folder.results

      encryption_configuration {
        encryption_option = "SSE_S3"
      }
    }
  }
}
