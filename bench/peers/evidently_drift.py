"""Judges windows by Evidently's default rules of data drift; `perennial bench drift` calls it.

Usage: evidently_drift.py REFERENCE.csv WINDOWS.csv [--categories A,B] [--small N] [--check]
Columns are numbers but for those named; WINDOWS has a column `window` too. The tests and thresholds are those DataDriftPreset
chooses by itself, called without its plots, which take seconds a window; --check runs the preset on the first window and fails
where it differs. The last line is one JSON object: for the whole reference and for its first N rows, by window, how many
columns have drifted, and how many there are. The preset says that a dataset has drifted when half of its columns have.
"""
import argparse
import json
import time
import warnings

import evidently
import pandas as pd
from evidently import DataDefinition, Dataset, Report
from evidently.legacy.calculations.stattests import get_stattest
from evidently.legacy.core import ColumnType
from evidently.presets import DataDriftPreset

warnings.filterwarnings("ignore")

arguments = argparse.ArgumentParser()
arguments.add_argument("reference")
arguments.add_argument("windows")
arguments.add_argument("--categories", default="")
arguments.add_argument("--small", type=int, default=1000)
arguments.add_argument("--check", action="store_true")
given = arguments.parse_args()

categories = [name for name in given.categories.split(",") if name]
types = {name: "string" for name in categories}
reference = pd.read_csv(given.reference, dtype=types)
windows = pd.read_csv(given.windows, dtype=types)
columns = list(reference.columns)
for table in (reference, windows):
    for name in categories:
        table[name] = table[name].astype(object)


def drifted(before, now):
    """The columns that have drifted."""
    found = []
    for name in columns:
        kind = ColumnType.Categorical if name in categories else ColumnType.Numerical
        a, b = before[name].dropna(), now[name].dropna()
        if get_stattest(a, b, kind, None)(a, b, kind, None).drifted:
            found.append(name)
    return found


parts = [window[columns] for _, window in windows.groupby("window", sort=True)]
if given.check:
    definition = DataDefinition(
        numerical_columns=[name for name in columns if name not in categories], categorical_columns=categories
    )
    tables = [Dataset.from_pandas(table, data_definition=definition) for table in (parts[0], reference)]
    first = Report([DataDriftPreset()]).run(*tables).dict()["metrics"][0]["value"]["count"]
    if first != len(drifted(reference, parts[0])):
        raise SystemExit(f"DataDriftPreset finds {first} columns, its tests {len(drifted(reference, parts[0]))}")

start = time.perf_counter()
whole = [len(drifted(reference, part)) for part in parts]
seconds = time.perf_counter() - start
small = [len(drifted(reference.head(given.small), part)) for part in parts]
print(
    json.dumps(
        {
            "peer": f"evidently {evidently.__version__}",
            "columns": len(columns),
            "whole": whole,
            "small": small,
            "s_per_window": seconds / len(parts),
        }
    )
)
