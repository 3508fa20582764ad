"""Starts a Glue job or an interactive session on plain PySpark, on behalf of the local lake's gateway."""
