# The environment "dev". Put in names of your own (buckets are unique in all of AWS), your region and your account, then
# apply in the workspace dev with -var-file=env/dev.tfvars: docs/environments.md.
s3_bucket_name      = "replace-me-mydatahub-dev"
aws_region          = "us-east-1"
environment_suffix  = "dev"
allowed_account_ids = ["000000000000"]
tags                = { Environment = "dev" }

# With bootstrap/: its output permissions_boundary_arn, and the repository.
# permissions_boundary_arn = "arn:aws:iam::000000000000:policy/mydatahub/mydatahub-boundary"
# github = {
#   repository    = "replace-me/my-lake"
#   owner_id      = "0"
#   repository_id = "0"
#   environment   = "dev"
# }

# Who reads the views.
# analysts = [{ principal = "arn:aws:iam::000000000000:role/analyst" }]

# What is tried out here is not kept for long, and nobody need be woken.
log_retention_days      = 30
noncurrent_version_days = 14
freshness_hours         = null

# Once the first ingestion has made the table (docs: README.md, step 6).
# enable_table_optimizers = true
