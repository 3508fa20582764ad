# Glue's own care for the Iceberg table, on a schedule of its own: small files into larger ones, old snapshots and what no
# snapshot names away. An optimizer needs its table, and the table is made by the first ingestion: one made by Terraform would
# lose its columns or its metadata at the next change of either.


resource "aws_glue_catalog_table_optimizer" "entity_table" {
  for_each      = var.enable_table_optimizers ? toset(["compaction", "retention", "orphan_file_deletion"]) : toset([])
  catalog_id    = local.account_id
  database_name = aws_glue_catalog_database.lake.name
  table_name    = var.glue_table_name
  type          = each.key

  configuration {
    role_arn = aws_iam_role.optimizer.arn
    enabled  = true

    dynamic "retention_configuration" {
      for_each = each.key == "retention" ? [each.key] : []
      content {
        iceberg_configuration {
          snapshot_retention_period_in_days = var.snapshot_retention_days
          number_of_snapshots_to_retain     = var.snapshots_to_keep
          clean_expired_files               = true
        }
      }
    }

    dynamic "orphan_file_deletion_configuration" {
      for_each = each.key == "orphan_file_deletion" ? [each.key] : []
      content {
        iceberg_configuration {
          orphan_file_retention_period_in_days = var.orphan_file_retention_days
          location                             = "${aws_glue_catalog_database.lake.location_uri}/${var.glue_table_name}"
        }
      }
    }
  }

  # Glue tries the role when it is told of it.
  depends_on = [aws_iam_role_policy.optimizer]
}
