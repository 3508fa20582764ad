"""The wheel of sqlglot that comes with the Glue scripts: the one that the tests run with, and enough by itself."""

import hashlib
import subprocess
import sys

from conftest import REPOSITORY, SCRIPTS


def test_the_wheel_is_the_pinned_one_and_carries_an_expression_without_any_other_package() -> None:
    [wheel] = SCRIPTS.glob("*.whl")
    name, version, *tags = wheel.stem.split("-")
    assert (name, tags) == ("sqlglot", ["py3", "none", "any"])
    # Terraform names it: the configuration is applied where the Glue scripts are not beside it, too.
    assert wheel.name in (REPOSITORY / "terraform" / "views_dual_engine_job.tf").read_text(encoding="utf-8")
    pinned = (REPOSITORY / "requirements.txt").read_text(encoding="utf-8").partition(f"\nsqlglot=={version} ")[2]
    hashes = pinned.partition("\nsympy")[0]
    assert hashlib.sha256(wheel.read_bytes()).hexdigest() in hashes
    code = (
        f"import sys; sys.path[:0] = [{str(wheel)!r}, {str(SCRIPTS)!r}]; import sqlglot; "
        "from mydatahub_glue.expressions import carried; print(sqlglot.__file__, carried('a / 2').spark)"
    )
    # Isolated and without site-packages, which may have another version.
    found = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.startswith(f"{wheel}/sqlglot/__init__.py CAST(TRY_CAST(")
