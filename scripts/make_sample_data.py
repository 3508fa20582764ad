# /// script
# requires-python = ">=3.10"
# dependencies = ["palmerpenguins==0.1.4", "vega_datasets==0.9.0", "pandas<3", "setuptools<81"]
# ///
"""Makes the sample files in data/ from two public data sets, in the narrow shape.

    uv run --script scripts/make_sample_data.py data

Missing measurements get no row: a missing (entity, key) pair is what NULL is in the view.
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
from palmerpenguins import load_penguins
from vega_datasets import data as vega

HEADER = ["entity1", "entity2", "entity3", "entity4", "key", "value"]
Row = tuple[str, str, str, str, str, str]


def text(value: object) -> str:
    """A number without a fraction is written as an integer; everything else as it is."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def penguins() -> Iterator[Row]:
    """entity2 species, entity3 island, entity4 number of the penguin in the data set."""
    frame = load_penguins()
    keys = ["bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g", "sex", "year"]
    for number, record in enumerate(frame.to_dict("records"), start=1):
        for key in keys:
            if not pd.isna(record[key]):
                identity = ("penguins", record["species"], record["island"], f"{number:03d}")
                yield (*identity, key, text(record[key]))


def seattle_weather() -> Iterator[Row]:
    """entity2 place, entity3 year, entity4 date."""
    for record in vega.seattle_weather().to_dict("records"):
        day = pd.Timestamp(record["date"]).date()
        for key in ["precipitation", "temp_max", "temp_min", "wind", "weather"]:
            yield ("seattle_weather", "Seattle", str(day.year), day.isoformat(), key, str(record[key]))


def write(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


def main() -> None:
    folder = Path(sys.argv[1])
    write(folder / "penguins.csv", penguins())
    write(folder / "seattle_weather.csv", seattle_weather())


if __name__ == "__main__":
    main()
