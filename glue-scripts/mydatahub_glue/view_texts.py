"""state/view-sql/NAME.json: both texts of a view as it was published, for whoever wants to read them.

AWS does not give the text of ATHENA back: GetTable leaves it out
(https://github.com/hashicorp/terraform-provider-aws/issues/49156), and SHOW CREATE VIEW is for the definer and
administrators of Lake Formation (https://docs.aws.amazon.com/athena/latest/ug/show-create-view.html).
"""

from typing import TYPE_CHECKING

from mydatahub_glue.state import VERSION, state_text
from mydatahub_glue.wanted_views import WantedView

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class ViewTexts:
    """`state_prefix` ends in `/`."""

    def __init__(self, s3: "S3Client", bucket: str, state_prefix: str) -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = f"{state_prefix}view-sql/"

    def keep(self, view: WantedView) -> None:
        """Called by many threads. Nobody else writes the object: a job has one run at a time."""
        content = {"version": VERSION, "hash": view.sql.hash, "athena": view.sql.athena, "spark": view.sql.spark}
        self._s3.put_object(
            Bucket=self._bucket,
            Key=f"{self._prefix}{view.name}.json",
            Body=state_text(content).encode(),
            ContentType="application/json",
        )
