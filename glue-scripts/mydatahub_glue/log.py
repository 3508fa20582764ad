"""The log of a job: standard output, line by line, which Glue sends to /aws-glue/jobs/output."""


def say(line: str) -> None:
    print(line, flush=True)
