# Granting in Lake Formation needs its administrators, which are one list for the whole account and region, beside settings
# that all its users share. Terraform's own resource for them writes the list and the settings anew, so it would remove
# everybody whom this configuration does not know. `mydatahub administrators` reads them, adds to the list, writes all of
# it back and looks again; on destroy it takes out exactly whom it is told.

locals {
  # By keys that are known before the roles are made. Who only plans sees the permissions of others, which Lake Formation
  # shows to nobody else, as a read-only administrator.
  administrators = merge(
    { for name, role in aws_iam_role.apply : "apply-${name}" => { arn = role.arn, list = [] } },
    { for name, role in aws_iam_role.plan : "plan-${name}" => { arn = role.arn, list = ["--read-only"] } },
    { for arn in var.administrators : arn => { arn = arn, list = [] } },
  )
}

resource "terraform_data" "administrator" {
  for_each = local.administrators

  input            = merge(each.value, { region = var.aws_region, mydatahub = var.mydatahub })
  triggers_replace = each.value

  provisioner "local-exec" {
    interpreter = concat(self.input.mydatahub, ["administrators", "--region", self.input.region], self.input.list, ["--add"])
    command     = self.input.arn
  }

  provisioner "local-exec" {
    when        = destroy
    interpreter = concat(self.input.mydatahub, ["administrators", "--region", self.input.region], self.input.list, ["--remove"])
    command     = self.input.arn
  }
}
