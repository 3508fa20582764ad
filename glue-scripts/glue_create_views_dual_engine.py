"""Glue job `create-views-dual-engine`: one pivoted view per entity1, in Athena's and in Spark's dialect.

Plain Spark, running as the role that defines the views. One scan of the entity table finds the entity1 values and
their keys; Athena creates or alters each view and the Glue API gives it the SPARK dialect. A view never exists
without its ATHENA dialect, and is never dropped to be refreshed: its grants would go with it.

Arguments: --JOB_NAME, --bucket, --state_prefix, --database, --table, --catalog (the Spark catalog that holds the
table), --workgroup (Athena's), --definer_arn, --account_id, --region.

Reads and writes state/names.json (before any view) and state/views.json (after all).
"""

from concurrent.futures import ThreadPoolExecutor

import boto3
from pyspark.sql import SparkSession

from mydatahub_glue.arguments import required
from mydatahub_glue.athena import PATIENT, athena_client
from mydatahub_glue.catalog_view import BaseTable, entity_views
from mydatahub_glue.pivot import view_sql
from mydatahub_glue.published_names import remember_names
from mydatahub_glue.publisher import Outcome, Publication, Publisher, WantedView
from mydatahub_glue.state import read_state, write_state
from mydatahub_glue.view_source import current_snapshot, keys_by_entity1

# Athena takes 20 DDL statements at a time in an account; others want their share.
VIEWS_AT_ONCE = 8
OPTIONS = (
    *("JOB_NAME", "bucket", "state_prefix", "database", "table", "catalog"),
    *("workgroup", "definer_arn", "account_id", "region"),
)
OUTCOMES: tuple[Outcome, ...] = ("created", "updated", "unchanged", "failed")


def summary(publications: list[Publication], kept: list[str]) -> str:
    lines = ["SUMMARY"]
    for outcome in OUTCOMES:
        names = sorted(p.view.name for p in publications if p.outcome == outcome)
        lines.append(f"  {outcome}: {len(names)}{': ' + ', '.join(names) if names else ''}")
    if kept:
        lines.append(f"  kept, without rows now: {len(kept)}: {', '.join(kept)}")
    return "\n".join(lines)


def main() -> None:
    options = required(*OPTIONS)
    bucket, database, table = options["bucket"], options["database"], options["table"]
    spark = SparkSession.builder.getOrCreate()
    s3, glue = boto3.client("s3"), boto3.client("glue", config=PATIENT)

    name = f"{options['catalog']}.{database}.{table}"
    snapshot = current_snapshot(spark, name)
    keys = keys_by_entity1(spark, name, snapshot)
    print(f"{name} at snapshot {snapshot}: {len(keys)} entity1 values, {sum(map(len, keys.values()))} keys")

    names = remember_names(s3, bucket, options["state_prefix"] + "names.json", keys)
    state_key = options["state_prefix"] + "views.json"
    state = read_state(s3, bucket, state_key)
    published = (state.content or {}).get("views", {})
    wanted = [
        WantedView(
            name=names.views[entity1],
            entity1=entity1,
            sql=view_sql(database, table, entity1, {key: names.columns[entity1][key] for key in keys[entity1]}),
            published_hash=published.get(names.views[entity1], {}).get("hash"),
        )
        for entity1 in sorted(keys)
    ]

    region, account = options["region"], options["account_id"]
    partition = options["definer_arn"].split(":")[1]
    base = BaseTable(
        database=database,
        table_arn=f"arn:{partition}:glue:{region}:{account}:table/{database}/{table}",
        definer_arn=options["definer_arn"],
    )
    publisher = Publisher(athena_client(), glue, options["workgroup"], base)
    found = entity_views(glue, database)
    publications: list[Publication] = []
    with ThreadPoolExecutor(VIEWS_AT_ONCE) as pool:
        for publication in pool.map(lambda view: publisher.publish(view, found.get(view.name)), wanted):
            publications.append(publication)
            if publication.log:
                print("\n  ".join([f"{database}.{publication.view.name}", *publication.log]), flush=True)

    good = [p.view for p in publications if p.outcome != "failed"]
    views = {v.name: {"entity1": v.entity1, "columns": list(v.sql.columns), "hash": v.sql.hash} for v in good}
    write_state(s3, state, {"snapshot_id": snapshot, "views": views})
    kept = sorted(set(found) - {view.name for view in wanted})
    print(summary(publications, kept), flush=True)
    failed = sorted(p.view.name for p in publications if p.outcome == "failed")
    if failed:
        raise RuntimeError(f"{len(failed)} of {len(wanted)} views failed: {', '.join(failed)}; the log says why")


if __name__ == "__main__":
    main()
