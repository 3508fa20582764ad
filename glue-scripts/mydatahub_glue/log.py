"""The log of a job: standard output, line by line, which Glue sends to the log group <prefix>/output."""


def say(line: str) -> None:
    print(line, flush=True)
