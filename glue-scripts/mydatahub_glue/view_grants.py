"""SELECT and DESCRIBE on views for their readers, in Lake Formation.

The definer made the views, so it may grant them without being a Lake Formation administrator. Views are granted one by
one: a grant on all tables of the database would include the entity table.
"""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from botocore.exceptions import ClientError

from mydatahub_glue.backoff import TRANSIENT, Backoff, is_transient, words
from mydatahub_glue.log import say

PERMISSIONS = ["SELECT", "DESCRIBE"]
# https://docs.aws.amazon.com/lake-formation/latest/APIReference/API_BatchGrantPermissions.html
MOST_ENTRIES = 20
# Lake Formation documents no rate. A change meets ConcurrentModificationException where another one of the same
# principal and resource is under way, which other views are not; few calls at once keep clear of throttling.
# https://docs.aws.amazon.com/lake-formation/latest/dg/troubleshooting.html
BATCHES_AT_ONCE = 4
_ATTEMPTS = 6
# Lake Formation may hear of a view a moment after Glue has made it.
_LATER = (*TRANSIENT, "EntityNotFoundException")

Pair = tuple[str, str]  # view, principal


class LakeFormation(Protocol):
    """The two calls of boto3's client that are used here."""

    def batch_grant_permissions(self, *, Entries: list[dict[str, Any]]) -> Any: ...
    def batch_revoke_permissions(self, *, Entries: list[dict[str, Any]]) -> Any: ...


@dataclass
class Granted:
    """`grants`: view -> principals that were granted it by this job, now or earlier. `failed`: view -> why."""

    grants: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)


class ViewGrants:
    """Grants on the views of one database."""

    def __init__(self, client: LakeFormation, catalog_id: str, database: str, backoff: Backoff | None = None) -> None:
        self._client = client
        self._catalog_id = catalog_id
        self._database = database
        self._backoff = backoff or Backoff()

    def bring(
        self,
        before: Mapping[str, Iterable[str]],
        wanted: Mapping[str, set[str]],
        ready: Iterable[str],
        fresh: Iterable[str],
        early: Collection[Pair] = (),
    ) -> Granted:
        """Grants what is wanted and not there, revokes what was granted by this job and is wanted no more.

        `before`: view -> principals, as an earlier run left it; `wanted`: the same for every view of the catalog;
        `ready`: the views that readers may have now; `fresh`: those whose earlier grants are not to be relied on;
        `early`: what this run has granted already.
        """
        fresh, ready, early = set(fresh), set(ready), set(early)
        held = {(view, who) for view, whom in before.items() if view in wanted for who in whom} | early
        wish = {(view, who) for view, whom in wanted.items() for who in whom}
        asked = {pair for pair in wish if pair[0] in ready and (pair not in held or pair[0] in fresh)}
        to_grant = sorted(asked - early)
        to_revoke = sorted(held - wish)
        granted = Granted()
        refused = self.grant(to_grant)
        kept = self._all("REVOKE", to_revoke)
        for (view, who), reason in sorted({**refused, **kept}.items()):
            verb = "granted to" if (view, who) in refused else "revoked from"
            told = f"{', '.join(PERMISSIONS)} was not {verb} {who}: {reason}. {_CURE}"
            granted.failed[view] = f"{granted.failed[view]}\n{told}" if view in granted.failed else told
            say(f"FAILED {self._database}.{view}: {told}")
        revoked = set(to_revoke) - kept.keys()
        for view, who in sorted((held | set(to_grant)) - refused.keys() - revoked):
            granted.grants.setdefault(view, []).append(who)
        if to_grant or to_revoke or early:
            done = f"{len(early) + len(to_grant) - len(refused)} granted, {len(to_revoke) - len(kept)} revoked"
            say(f"Readers: {done}, {len(refused) + len(kept)} failed")
        return granted

    def grant(self, pairs: Collection[Pair]) -> dict[Pair, str]:
        """What was refused, and why. May be called by several threads at once."""
        return self._all("GRANT", sorted(pairs))

    def _all(self, what: Literal["GRANT", "REVOKE"], pairs: list[Pair]) -> dict[Pair, str]:
        """What failed, and why."""
        batches = [pairs[start : start + MOST_ENTRIES] for start in range(0, len(pairs), MOST_ENTRIES)]
        failed: dict[Pair, str] = {}
        with ThreadPoolExecutor(BATCHES_AT_ONCE) as pool:
            for refused in pool.map(lambda batch: self._batch(what, batch), batches):
                failed |= refused
        return failed

    def _batch(self, what: Literal["GRANT", "REVOKE"], pairs: list[Pair]) -> dict[Pair, str]:
        failed: dict[Pair, str] = {}
        for attempt in range(1, _ATTEMPTS + 1):
            entries = [self._entry(number, pair) for number, pair in enumerate(pairs)]
            send = self._client.batch_grant_permissions if what == "GRANT" else self._client.batch_revoke_permissions
            try:
                failures = send(Entries=entries).get("Failures") or []
            except ClientError as error:
                if not is_transient(error) or attempt == _ATTEMPTS:
                    return failed | dict.fromkeys(pairs, words(error))
            else:
                again = []
                for failure in failures:
                    pair = pairs[int(failure["RequestEntry"]["Id"])]
                    code = failure.get("Error", {}).get("ErrorCode", "")
                    message = failure.get("Error", {}).get("ErrorMessage", "")
                    if what == "REVOKE" and _is_gone(code, message):
                        continue
                    if code in _LATER and attempt < _ATTEMPTS:
                        again.append(pair)
                    else:
                        failed[pair] = f"{code}: {message}"
                pairs = again
            if not pairs:
                break
            self._backoff.wait(attempt)
        return failed

    def _entry(self, number: int, pair: Pair) -> dict[str, Any]:
        view, principal = pair
        table = {"CatalogId": self._catalog_id, "DatabaseName": self._database, "Name": view}
        return {
            "Id": str(number),
            "Principal": {"DataLakePrincipalIdentifier": principal},
            "Resource": {"Table": table},
            "Permissions": PERMISSIONS,
        }


_CURE = (
    "To cure it: check that the principal exists (Terraform's list of analysts), and that this job's role may call "
    "lakeformation:BatchGrantPermissions and BatchRevokePermissions and is the one that made the view; then "
    "npx mydatahub run-ingestion."
)


def _is_gone(code: str, message: str) -> bool:
    """Somebody has revoked it, or dropped the view or the principal: what was wanted."""
    return code == "EntityNotFoundException" or (
        code == "InvalidInputException" and "no permissions revoked" in message.lower()
    )
