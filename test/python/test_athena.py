"""Statements in Athena: as many at once as an account may have, asked for when they should be over."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from fake_aws import error
from mydatahub_glue.athena import STATEMENTS_AT_ONCE, Athena
from mydatahub_glue.backoff import Backoff


class CountingAthena:
    """Refuses what goes beyond 20 statements, as Athena does; a statement is over at the third question."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked: dict[str, int] = {}
        self.active = 0
        self.most = 0
        self.started = 0
        self.refused = 0

    def start_query_execution(self, **_: Any) -> dict[str, str]:
        with self.lock:
            if self.active == STATEMENTS_AT_ONCE:
                self.refused += 1
                raise error("TooManyRequestsException")
            self.active += 1
            self.started += 1
            self.most = max(self.most, self.active)
            self.asked[str(self.started)] = 0
            return {"QueryExecutionId": str(self.started)}

    def get_query_execution(self, *, QueryExecutionId: str) -> dict[str, Any]:
        with self.lock:
            self.asked[QueryExecutionId] += 1
            over = self.asked[QueryExecutionId] == 3
            self.active -= over
        return {"QueryExecution": {"Status": {"State": "SUCCEEDED" if over else "RUNNING"}}}


def test_as_many_statements_run_as_an_account_may_have() -> None:
    counting = CountingAthena()
    client: Any = counting
    athena = Athena(client, "lake", "iceberg_db", Backoff(sleep=lambda _: None))
    with ThreadPoolExecutor(3 * STATEMENTS_AT_ONCE) as pool:
        list(pool.map(athena.run, ["SELECT 1"] * 200))
    assert (counting.started, counting.refused, counting.active) == (200, 0, 0)
    assert counting.most <= STATEMENTS_AT_ONCE
