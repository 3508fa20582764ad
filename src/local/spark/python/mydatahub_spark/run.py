"""What the gateway tells the launcher about one run: the file `run.json` of the run's folder."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Keys:
    access_key_id: str
    secret_access_key: str
    session_token: str | None


@dataclass(frozen=True)
class Run:
    mode: str  # "job" or "session"
    script: str  # path of the job's script; empty for a session
    arguments: list[str]  # sys.argv after the script
    fine_grained: bool
    role: str  # ARN of the run's role: the definer of views that it creates
    region: str
    account_id: str
    glue_endpoint: str
    s3_endpoint: str
    keys: Keys  # of the job's role
    data_keys: Keys  # for the files of tables

    @classmethod
    def read(cls, path: str) -> "Run":
        told = json.loads(Path(path).read_text("utf-8"))
        return cls(**told | {name: Keys(**told[name]) for name in ("keys", "data_keys")})
