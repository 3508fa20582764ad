provider "aws" {
  region              = var.aws_region
  allowed_account_ids = var.allowed_account_ids
  s3_use_path_style   = var.aws_endpoint_url != null

  # An endpoint of one's own has no throttling to wait out: fail soon instead of after 25 tries.
  max_retries = var.aws_endpoint_url == null ? null : 4

  # Every service that a resource or data source here calls. Without its endpoint a service would be asked at AWS.
  dynamic "endpoints" {
    for_each = var.aws_endpoint_url == null ? [] : [var.aws_endpoint_url]
    content {
      iam = endpoints.value
      s3  = endpoints.value
      sts = endpoints.value
    }
  }

  default_tags {
    tags = merge({ Project = "mydatahub", ManagedBy = "terraform" }, var.tags)
  }
}
