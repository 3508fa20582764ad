"""Puts the launcher and the awsglue stand-in on the import path."""

import sys
from pathlib import Path

SPARK = Path(__file__).parents[4] / "src" / "local" / "spark"
sys.path[:0] = [str(SPARK / "python"), str(SPARK / "stand-in")]
