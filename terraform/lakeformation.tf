# Who may see and do what in the catalog. Lake Formation decides, IAM alone opens nothing: see
# docs/lake-formation-permissions.md. Whoever applies this must be a Lake Formation administrator: see bootstrap/.
#
# Terraform grants on the database. It cannot grant on the entity table, which the ingestion job makes, nor on the
# views, which the publisher makes; a grant on "all tables" would open the table to readers of views. So the creators
# grant: the ingestion job to the principals of `table_grants`, the publisher to those of `readers`, both of
# config/lake.json, and both take back what they granted and is no longer wanted.

# The Iceberg prefix alone: registering more would take the bucket's other folders from IAM.
resource "aws_lakeformation_resource" "iceberg" {
  arn                     = "${local.bucket_arn}/${trimsuffix(local.prefixes.iceberg, "/")}"
  role_arn                = aws_iam_role.location.arn
  use_service_linked_role = false
  hybrid_access_enabled   = false

  depends_on = [aws_iam_role_policy.location]
}

locals {
  # Views are wanted by the check from Spark, by each analyst, and by GitHub's smoke test, which also asks the entity
  # table which views there should be, and at which snapshot. base_table: the entity table as well.
  readers = concat(
    [{ principal = aws_iam_role.reader.arn, views = ["*"], base_table = false }],
    [for role in aws_iam_role.github_data : { principal = role.arn, views = ["*"], base_table = true }],
    [for analyst in var.analysts : { principal = analyst.principal, views = analyst.views, base_table = analyst.base_table }],
  )

  # Carried out by the ingestion job, which as the table's creator holds everything on it with the grant option.
  table_grants = concat(
    [
      # Whoever defines a view must be able to grant what the view reads.
      { principal = aws_iam_role.definer.arn, permissions = ["DESCRIBE", "SELECT"], grantable = true },
      { principal = aws_iam_role.optimizer.arn, permissions = ["ALTER", "DELETE", "DESCRIBE", "INSERT"], grantable = false },
    ],
    [
      for reader in local.readers :
      { principal = reader.principal, permissions = ["DESCRIBE", "SELECT"], grantable = false } if reader.base_table
    ],
  )

  database_grants = merge(
    {
      ingestion = { principal = aws_iam_role.ingestion.arn, permissions = ["CREATE_TABLE", "DESCRIBE"] }
      definer   = { principal = aws_iam_role.definer.arn, permissions = ["CREATE_TABLE", "DESCRIBE"] }
      reader    = { principal = aws_iam_role.reader.arn, permissions = ["DESCRIBE"] }
      optimizer = { principal = aws_iam_role.optimizer.arn, permissions = ["DESCRIBE"] }
    },
    { for key, role in aws_iam_role.github_data : "github_${key}" => { principal = role.arn, permissions = ["DESCRIBE"] } },
    # Whoever applies this makes the database and so holds everything on it: a grant beside that would never be in step.
    {
      for analyst in var.analysts : analyst.principal => { principal = analyst.principal, permissions = ["DESCRIBE"] }
      if analyst.principal != data.aws_caller_identity.current.arn
    },
  )
}

resource "aws_lakeformation_permissions" "database" {
  for_each = local.database_grants

  principal   = each.value.principal
  permissions = each.value.permissions

  database {
    name = aws_glue_catalog_database.lake.name
  }
}

# A new database carries the account's default: everything for IAMAllowedPrincipals, on itself and on every new table.
# Under it Lake Formation refuses views and its grants decide nothing. The AWS provider can neither send an empty default
# nor take back a grant that it did not make, so the AWS CLI does, as whoever applies this, without a shell.
resource "terraform_data" "tables_without_iam_allowed_principals" {
  # Terraform's own update of the database would bring the default back.
  triggers_replace = {
    database    = aws_glue_catalog_database.lake.id
    description = aws_glue_catalog_database.lake.description
    location    = aws_glue_catalog_database.lake.location_uri
  }

  provisioner "local-exec" {
    interpreter = [var.aws_cli, "glue", "update-database", "--region", var.aws_region, "--name", aws_glue_catalog_database.lake.name, "--database-input"]
    command = jsonencode({
      Name                          = aws_glue_catalog_database.lake.name
      Description                   = aws_glue_catalog_database.lake.description
      LocationUri                   = aws_glue_catalog_database.lake.location_uri
      CreateTableDefaultPermissions = []
    })
  }
}

resource "terraform_data" "without_iam_allowed_principals" {
  triggers_replace = {
    database = aws_glue_catalog_database.lake.id
    revoked  = local.iam_allowed_principals
  }

  provisioner "local-exec" {
    # The batch form succeeds, too, when there is nothing to take back.
    interpreter = [var.aws_cli, "lakeformation", "batch-revoke-permissions", "--region", var.aws_region, "--entries"]
    command     = jsonencode(local.iam_allowed_principals)
  }
}

locals {
  iam_allowed_principals = concat(
    [{
      Id          = "database"
      Principal   = { DataLakePrincipalIdentifier = "IAM_ALLOWED_PRINCIPALS" }
      Permissions = ["ALL"]
      Resource    = { Database = { Name = aws_glue_catalog_database.lake.name } }
    }],
    [for table in local.adopted : {
      Id          = "table"
      Principal   = { DataLakePrincipalIdentifier = "IAM_ALLOWED_PRINCIPALS" }
      Permissions = ["ALL"]
      Resource    = { Table = { DatabaseName = aws_glue_catalog_database.lake.name, Name = table } }
    }],
  )
}

# A table that something else made: the ingestion role gets what its creator would have had.
locals {
  adopted = var.adopt_entity_table ? toset([var.glue_table_name]) : toset([])
}

resource "aws_lakeformation_permissions" "adopted_table" {
  for_each = local.adopted

  principal                     = aws_iam_role.ingestion.arn
  permissions                   = ["ALTER", "DELETE", "DESCRIBE", "INSERT"]
  permissions_with_grant_option = ["ALTER", "DELETE", "DESCRIBE", "INSERT"]

  table {
    database_name = aws_glue_catalog_database.lake.name
    name          = each.value
  }
}

# Apart, since Lake Formation answers SELECT as a permission on all columns: one list of both would never be in step.
resource "aws_lakeformation_permissions" "adopted_table_select" {
  for_each = local.adopted

  principal                     = aws_iam_role.ingestion.arn
  permissions                   = ["SELECT"]
  permissions_with_grant_option = ["SELECT"]

  table_with_columns {
    database_name = aws_glue_catalog_database.lake.name
    name          = each.value
    wildcard      = true
  }
}
