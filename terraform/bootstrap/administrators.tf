# Granting in Lake Formation needs its administrators, which are one list for the whole account and region, beside settings
# that all its users share. Terraform's own resource for them writes the list and the settings anew, so it would remove
# everybody whom this configuration does not know. `mydatahub administrators` reads them, adds to the list, writes all of
# it back and looks again; on destroy it takes out exactly whom it is told.

locals {
  # By keys that are known before the roles are made.
  administrators = merge(
    { for name, role in aws_iam_role.apply : "apply-${name}" => role.arn },
    { for arn in var.administrators : arn => arn },
  )
}

resource "terraform_data" "administrator" {
  for_each = local.administrators

  input            = { arn = each.value, region = var.aws_region, mydatahub = var.mydatahub }
  triggers_replace = each.value

  provisioner "local-exec" {
    interpreter = concat(self.input.mydatahub, ["administrators", "--region", self.input.region, "--add"])
    command     = self.input.arn
  }

  provisioner "local-exec" {
    when        = destroy
    interpreter = concat(self.input.mydatahub, ["administrators", "--region", self.input.region, "--remove"])
    command     = self.input.arn
  }
}
