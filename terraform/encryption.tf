# With a key of one's own, whoever reads or writes objects needs it as well.

data "aws_iam_policy_document" "use_key" {
  count = var.kms_key_arn == null ? 0 : 1

  statement {
    sid       = "UseKeyOfTheBucket"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    # Only through S3: the key may guard other things too.
    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${var.aws_region}.${data.aws_partition.current.dns_suffix}"]
    }
  }
}

resource "aws_iam_role_policy" "use_key" {
  for_each = var.kms_key_arn == null ? {} : {
    ingestion = aws_iam_role.ingestion.id
    definer   = aws_iam_role.definer.id
    reader    = aws_iam_role.reader.id
    location  = aws_iam_role.location.id
  }
  name   = "use-key"
  role   = each.value
  policy = data.aws_iam_policy_document.use_key[0].json
}
