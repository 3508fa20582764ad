# One page on the lake: runs, their errors, queries, size.

locals {
  dashboard_widgets = [
    {
      title = "Runs of the jobs, by how they ended"
      metrics = [
        for name in ["ingested", "failed"] :
        ["AWS/Events", "Invocations", "RuleName", "mydatahub-${name}${local.suffix}", { label = local.watched_ends[name].description }]
      ]
      stat   = "Sum"
      period = 3600
    },
    {
      title = "Athena: bytes scanned"
      metrics = [
        ["AWS/Athena", "ProcessedBytes", "WorkGroup", aws_athena_workgroup.lake.name],
      ]
      stat   = "Sum"
      period = 3600
    },
    {
      title = "Athena: seconds a query, the slowest tenth"
      metrics = [
        [{ expression = "m1 / 1000", label = "seconds", id = "e1" }],
        ["AWS/Athena", "TotalExecutionTime", "WorkGroup", aws_athena_workgroup.lake.name, { id = "m1", visible = false }],
      ]
      stat   = "p90"
      period = 3600
    },
    {
      title = "Size of the bucket, old versions included"
      metrics = [
        ["AWS/S3", "BucketSizeBytes", "BucketName", aws_s3_bucket.lake.bucket, "StorageType", "StandardStorage"],
        ["AWS/S3", "BucketSizeBytes", "BucketName", aws_s3_bucket.lake.bucket, "StorageType", "StandardIAStorage"],
      ]
      stat   = "Average"
      period = 86400
    },
  ]
}

resource "aws_cloudwatch_dashboard" "lake" {
  count          = var.enable_dashboard ? 1 : 0
  dashboard_name = "mydatahub${local.suffix}"
  dashboard_body = jsonencode({
    widgets = concat(
      [for index, widget in local.dashboard_widgets : {
        type       = "metric"
        x          = 12 * (index % 2)
        y          = 6 * floor(index / 2)
        width      = 12
        height     = 6
        properties = merge(widget, { region = var.aws_region, view = "timeSeries" })
      }],
      [{
        type   = "log"
        x      = 0
        y      = 12
        width  = 24
        height = 6
        properties = {
          title  = "What the jobs said last"
          region = var.aws_region
          view   = "table"
          query  = "SOURCE '${local.log_prefix}/output' | fields @timestamp, @logStream, @message | sort @timestamp desc | limit 50"
        }
      }],
    )
  })
}
