# Who gets what in the catalog, planned and applied with a mocked provider.

mock_provider "aws" {
  source = "./tests/mocks"

  override_resource {
    target = aws_s3_bucket.lake
    values = { arn = "arn:aws:s3:::lake-under-test" }
  }
}

variables {
  s3_bucket_name = "lake-under-test"
  # Nothing is called: provisioners run for real, even under a mocked provider.
  aws_cli = "true"
  # Else the guard would keep the test from clearing up.
  allow_destroy = true
}

run "only_the_iceberg_prefix_is_registered_with_a_role_of_its_own" {
  assert {
    condition     = aws_lakeformation_resource.iceberg.arn == "arn:aws:s3:::lake-under-test/iceberg-data"
    error_message = "Lake Formation must rule the Iceberg prefix and nothing else of the bucket."
  }

  assert {
    condition     = aws_lakeformation_resource.iceberg.role_arn == aws_iam_role.location.arn && !aws_lakeformation_resource.iceberg.use_service_linked_role
    error_message = "The location's role must be its own: neither the service-linked one nor the definer."
  }

  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.location_trust.statement : [for principal in statement.principals : principal.identifiers]])) == toset(["lakeformation.amazonaws.com"])
    error_message = "Nobody but Lake Formation may be the location's role."
  }
}

run "grants_are_explicit_lists_and_never_all" {
  assert {
    # As JSON: a list made by for and one written down are of two types, which are never equal.
    condition = jsonencode({
      for name, grant in aws_lakeformation_permissions.database : name => { principal = grant.principal, permissions = sort(grant.permissions) }
      }) == jsonencode({
      ingestion = { principal = "arn:aws:iam::123456789012:role/mydatahub/ingestion", permissions = ["CREATE_TABLE", "DESCRIBE"] }
      definer   = { principal = "arn:aws:iam::123456789012:role/mydatahub/definer", permissions = ["CREATE_TABLE", "DESCRIBE"] }
      reader    = { principal = "arn:aws:iam::123456789012:role/mydatahub/reader", permissions = ["DESCRIBE"] }
      optimizer = { principal = "arn:aws:iam::123456789012:role/mydatahub/optimizer", permissions = ["DESCRIBE"] }
    })
    error_message = "Somebody has more, or less, on the database than their work needs."
  }

  assert {
    condition     = length(aws_lakeformation_permissions.adopted_table) + length(aws_lakeformation_permissions.adopted_table_select) == 0
    error_message = "The creator of the entity table grants on it; Terraform does so only for a table it adopts."
  }

  assert {
    condition     = jsonencode(local.iam_allowed_principals) == jsonencode([{ Id = "database", Principal = { DataLakePrincipalIdentifier = "IAM_ALLOWED_PRINCIPALS" }, Permissions = ["ALL"], Resource = { Database = { Name = "iceberg_db" } } }])
    error_message = "IAMAllowedPrincipals must go from our database, and from nothing else."
  }
}

run "analysts_read_views_and_the_table_only_when_asked" {
  variables {
    analysts = [
      { principal = "arn:aws:iam::123456789012:role/analyst" },
      { principal = "arn:aws:iam::123456789012:user/ann", views = ["entity_view_penguins"], base_table = true },
    ]
  }

  assert {
    condition = jsonencode(jsondecode(aws_s3_object.lake_config.content).readers) == jsonencode([
      { principal = "arn:aws:iam::123456789012:role/mydatahub/reader", views = ["*"], base_table = false },
      { principal = "arn:aws:iam::123456789012:role/analyst", views = ["*"], base_table = false },
      { principal = "arn:aws:iam::123456789012:user/ann", views = ["entity_view_penguins"], base_table = true },
    ])
    error_message = "The publisher must be told of every analyst."
  }

  assert {
    condition = jsonencode([for grant in jsondecode(aws_s3_object.lake_config.content).table_grants : grant if !contains([aws_iam_role.definer.arn, aws_iam_role.optimizer.arn], grant.principal)]) == jsonencode([
      { principal = "arn:aws:iam::123456789012:user/ann", permissions = ["DESCRIBE", "SELECT"], grantable = false }
    ])
    error_message = "Only who asked for the base table may read it, and may not pass that on."
  }

  assert {
    condition     = aws_lakeformation_permissions.database["arn:aws:iam::123456789012:role/analyst"].permissions == toset(["DESCRIBE"])
    error_message = "An analyst sees the database and changes nothing in it."
  }
}

run "an_adopted_table_gives_the_ingestion_what_a_creator_has" {
  variables {
    adopt_entity_table = true
  }

  assert {
    condition = (
      aws_lakeformation_permissions.adopted_table["entity_data"].permissions == toset(["ALTER", "DELETE", "DESCRIBE", "INSERT"]) &&
      aws_lakeformation_permissions.adopted_table_select["entity_data"].permissions == toset(["SELECT"]) &&
      aws_lakeformation_permissions.adopted_table_select["entity_data"].permissions_with_grant_option == toset(["SELECT"])
    )
    error_message = "Without SELECT with the grant option, the ingestion cannot let the definer read the table."
  }

  assert {
    condition     = join(",", [for entry in local.iam_allowed_principals : entry.Id]) == "database,table"
    error_message = "IAMAllowedPrincipals must go from the adopted table too."
  }
}

run "people_are_named_by_their_arn_and_views_by_their_name" {
  command = plan

  variables {
    analysts                 = [{ principal = "arn:aws:sts::123456789012:assumed-role/analyst/me", views = ["penguins"] }]
    permissions_boundary_arn = "mydatahub-boundary"
    aws_cli                  = ""
  }

  expect_failures = [var.analysts, var.permissions_boundary_arn, var.aws_cli]
}
