"""Runs the statements of an interactive session one after another, in one namespace."""

import ast
import contextlib
import io
import os
import queue
import signal
import sys
import threading
from typing import Any

from pyspark.sql import SparkSession

from mydatahub_spark import failure, preparation
from mydatahub_spark.channel import Channel
from mydatahub_spark.run import Run

STATEMENT = "<statement>"


class Statements:
    """The statement that runs and those that wait. Cancels arrive at any moment, on another thread."""

    def __init__(self) -> None:
        self.waiting: queue.Queue[tuple[int, str]] = queue.Queue()
        self.lock = threading.Lock()
        self.running: int | None = None
        self.cancelled: set[int] = set()

    def receive(self, message: dict[str, Any]) -> None:
        number = int(message["id"])
        if message["action"] == "run":
            self.waiting.put((number, str(message["code"])))
            return
        with self.lock:
            self.cancelled.add(number)
            if self.running == number:
                # PySpark's handler of this signal cancels the Spark jobs too.
                os.kill(os.getpid(), signal.SIGINT)


def execute(run: Run) -> int:
    statements = Statements()
    channel = Channel(statements.receive)
    try:
        spark = SparkSession.builder.getOrCreate()
    except Exception as error:
        channel.send("failed", message=failure.message(error))
        return 1
    namespace: dict[str, Any] = {"__name__": "__main__", "spark": spark, "sc": spark.sparkContext}
    channel.send("running")
    while True:
        number, code = statements.waiting.get()
        with statements.lock:
            skipped = number in statements.cancelled
            statements.running = None if skipped else number
        if skipped:
            channel.send("statement-cancelled", id=number)
            continue
        channel.send("statement-running", id=number)
        _answer(channel, statements, number, code, spark, namespace)


def _answer(
    channel: Channel,
    statements: Statements,
    number: int,
    code: str,
    spark: SparkSession,
    namespace: dict[str, Any],
) -> None:
    printed = io.StringIO()
    error: BaseException | None = None
    try:
        try:
            with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
                preparation.refresh_views(spark)
                _run(code, namespace)
        except (KeyboardInterrupt, Exception, SystemExit) as raised:
            error = raised
        finally:
            with statements.lock:
                statements.running = None
    except KeyboardInterrupt as late:  # the cancel came while the statement was ending
        error = late
    text = printed.getvalue()
    sys.stdout.write(text)
    sys.stdout.flush()
    if number in statements.cancelled:
        channel.send("statement-cancelled", id=number, text=text)
    elif error is None:
        channel.send("statement-done", id=number, text=text)
    else:
        channel.send(
            "statement-failed",
            id=number,
            text=text,
            name=type(error).__name__,
            value=failure.message(error).removeprefix(f"{type(error).__name__}: "),
            traceback=failure.trace(error, STATEMENT).splitlines(keepends=True),
        )


def _run(code: str, namespace: dict[str, Any]) -> None:
    """Executes a statement; the value of a last expression is shown, as at a Python prompt."""
    tree = ast.parse(code, STATEMENT)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr):
        tree.body.pop()
    exec(compile(tree, STATEMENT, "exec"), namespace)
    if isinstance(last, ast.Expr):
        value = eval(compile(ast.Expression(last.value), STATEMENT, "eval"), namespace)
        if value is not None:
            print(repr(value))
