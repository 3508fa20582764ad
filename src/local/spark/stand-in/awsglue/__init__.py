"""Stand-in for the package that AWS Glue brings: the parts that plain Spark scripts use, and nothing else."""
