# The lake on this machine. Bucket, endpoint and account are told by the command that applies it.
aws_region       = "us-east-1"
enable_lifecycle = false
tags             = { Environment = "local" }
