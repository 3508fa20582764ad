"""The log of a job: standard output, line by line, which Glue sends to the log group <prefix>/output."""


def say(line: str) -> None:
    print(line, flush=True)


def counted(count: int, noun: str) -> str:
    """`1 file`, `2,345 files`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
