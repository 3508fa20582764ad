terraform {
  # use_lockfile needs 1.10.
  required_version = ">= 1.10.0, < 2.0.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }

  # Partial: bucket, key and region come from -backend-config.
  backend "s3" {
    use_lockfile = true
  }
}
