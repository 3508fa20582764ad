# The environment "prod". Put in names of your own (buckets are unique in all of AWS), your region and your account, then
# apply in the workspace prod with -var-file=env/prod.tfvars: docs/environments.md.
s3_bucket_name      = "replace-me-mydatahub-prod"
aws_region          = "us-east-1"
environment_suffix  = "prod"
allowed_account_ids = ["000000000000"]
tags                = { Environment = "prod" }

# With bootstrap/: its output permissions_boundary_arn, and the repository.
# permissions_boundary_arn = "arn:aws:iam::000000000000:policy/mydatahub/mydatahub-boundary"
# github = {
#   repository    = "replace-me/my-lake"
#   owner_id      = "0"
#   repository_id = "0"
#   environment   = "prod"
# }

# Who reads the views.
# analysts = [{ principal = "arn:aws:iam::000000000000:role/analyst" }]

# Each day at 03:15 UTC, and whenever it is asked to. Fresh is what succeeded within a day and a little.
ingestion_schedule = "cron(15 3 * * ? *)"
freshness_hours    = 26

# Who is told, and from how much on.
# alarm_emails       = ["data-team@example.org"]
# monthly_budget_usd = 100

# Once the first ingestion has made the table (docs: README.md, step 6).
# enable_table_optimizers = true
