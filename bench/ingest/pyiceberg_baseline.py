"""PyIceberg and pyarrow's CSV reader write the same source files into one Iceberg table of this machine, with no check.

Usage: pyiceberg_baseline.py FOLDER WAREHOUSE. Prints the rows and the processor seconds, start-up not counted.
"""

import json
import sys
import time
from pathlib import Path

import pyarrow as pa
from pyarrow import csv
from pyiceberg.catalog.sql import SqlCatalog

folder, warehouse = Path(sys.argv[1]), Path(sys.argv[2])
columns = ["entity1", "entity2", "entity3", "entity4", "key", "value"]
catalog = SqlCatalog("bench", uri=f"sqlite:///{warehouse}/catalog.db", warehouse=f"file://{warehouse}")
catalog.create_namespace("bench")
started = time.process_time()
types = csv.ConvertOptions(column_types={column: pa.string() for column in columns})
table = pa.concat_tables(csv.read_csv(file, convert_options=types) for file in sorted(folder.rglob("*.csv")))
catalog.create_table("bench.entity_data", table.schema).append(table)
print(json.dumps({"rows": table.num_rows, "cpu_s": round(time.process_time() - started, 2)}))
