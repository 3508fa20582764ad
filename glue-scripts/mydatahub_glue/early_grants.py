"""Grants on views that are ready, sent while others are not: they take no time of their own."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor

from mydatahub_glue.view_grants import BATCHES_AT_ONCE, MOST_ENTRIES, Pair, ViewGrants

_Ready = tuple[str, frozenset[str], Callable[[], None]]


class EarlyGrants:
    """Views gather until there are as many grants as one call takes."""

    def __init__(self, grants: ViewGrants) -> None:
        self._grants = grants
        self._pool = ThreadPoolExecutor(BATCHES_AT_ONCE)
        self._lock = threading.Lock()
        self._waiting: list[_Ready] = []
        self._sent: list[Future[set[Pair]]] = []

    def add(self, view: str, principals: Iterable[str], then: Callable[[], None]) -> None:
        """Called by many threads. `then`: what follows when the grants were made, or were refused."""
        whom = frozenset(principals)
        if not whom:
            then()
            return
        with self._lock:
            self._waiting.append((view, whom, then))
            if sum(len(some) for _, some, _ in self._waiting) >= MOST_ENTRIES:
                self._send()

    def end(self) -> set[Pair]:
        """What was granted. A refused one is not in it: it is asked for again, and its reason told, with the others."""
        with self._lock:
            if self._waiting:
                self._send()
        with self._pool:
            return {pair for batch in self._sent for pair in batch.result()}

    def _send(self) -> None:
        views, self._waiting = self._waiting, []
        self._sent.append(self._pool.submit(self._grant, views))

    def _grant(self, views: list[_Ready]) -> set[Pair]:
        pairs = sorted((view, who) for view, whom, _ in views for who in whom)
        granted = set(pairs) - self._grants.grant(pairs).keys()
        for _, _, then in views:
            then()
        return granted
