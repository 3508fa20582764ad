"""What the Glue jobs of the data lake share; shipped to AWS Glue 5.1 by `--extra-py-files`."""
