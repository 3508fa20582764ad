resource "aws_athena_workgroup" "lake" {
  name        = "mydatahub${local.suffix}"
  description = "Queries on ${local.database}."
  # The history of queries goes with the workgroup; the results in the bucket stay.
  force_destroy = true

  configuration {
    # The client's own result location, encryption and limits do not count. (Reuse of results is for the client to ask
    # for, query by query; Athena refuses it where the table's location is registered with Lake Formation, as here.)
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.athena_bytes_scanned_limit

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location = local.folder.results

      encryption_configuration {
        encryption_option = var.kms_key_arn == null ? "SSE_S3" : "SSE_KMS"
        kms_key_arn       = var.kms_key_arn
      }
    }
  }
}

locals {
  named_queries = {
    "entity-views" = {
      description = "The views of the lake: one for each value of entity1."
      query       = "SHOW VIEWS IN ${local.database} LIKE 'entity_view_.*'"
    }
    "first-rows-of-a-view" = {
      description = "What a view looks like; put the name of yours in place of entity_view_penguins, which comes with the sample data."
      query       = "SELECT * FROM ${local.database}.entity_view_penguins LIMIT 5"
    }
    "rows-by-entity1" = {
      description = "How many rows and entities each value of entity1 has in the entity table."
      query       = "SELECT entity1, count(*) AS row_count, count(DISTINCT (entity2, entity3, entity4)) AS entities FROM ${local.database}.${var.glue_table_name} GROUP BY entity1 ORDER BY entity1"
    }
    "rows-by-source-file" = {
      description = "Which source file, in which content, brought how many rows, and when."
      query       = "SELECT source_file, source_sha256, count(*) AS row_count, max(ingested_at) AS ingested_at FROM ${local.database}.${var.glue_table_name} GROUP BY source_file, source_sha256 ORDER BY source_file"
    }
    "snapshots" = {
      description = "The commits of the entity table."
      query       = "SELECT committed_at, snapshot_id, operation FROM ${local.database}.\"${var.glue_table_name}$snapshots\" ORDER BY committed_at"
    }
  }
}

resource "aws_athena_named_query" "example" {
  for_each    = local.named_queries
  name        = each.key
  description = each.value.description
  workgroup   = aws_athena_workgroup.lake.id
  database    = aws_glue_catalog_database.lake.name
  query       = each.value.query
}
