# What all environments share. Terraform reads this file by itself; env/<environment>.tfvars comes after it and wins.
tags = {}
