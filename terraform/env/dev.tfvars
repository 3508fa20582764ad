# The environment "dev". Put in a bucket name of your own (unique in all of AWS), your region and your account,
# then apply with -var-file=env/dev.tfvars.
s3_bucket_name      = "replace-me-mydatahub-dev"
aws_region          = "us-east-1"
environment_suffix  = "dev"
allowed_account_ids = ["000000000000"]
tags                = { Environment = "dev" }
