"""Times implicit's alternating least squares; `perennial bench offers` calls it.

Usage: implicit_als.py INTERACTIONS.parquet OUT.parquet [--rounds N]
INTERACTIONS has the columns customer and product (numbers from 0). OUT gets customer, product, rank (1 is best): ten
products that each customer has never bought. The last line is one JSON object of seconds, a value a round.
"""
import argparse
import json
import os
import time

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as implicit asks for: its threads are its own

import implicit
import numpy as np
import pandas as pd
import scipy.sparse as sp
from implicit.als import AlternatingLeastSquares

arguments = argparse.ArgumentParser()
arguments.add_argument("interactions")
arguments.add_argument("out")
arguments.add_argument("--rounds", type=int, default=3)
given = arguments.parse_args()

rows = pd.read_parquet(given.interactions)
owned = sp.csr_matrix((np.ones(len(rows), np.float32), (rows["customer"], rows["product"])))
customers = np.flatnonzero(np.diff(owned.indptr))
fit, recommend = [], []
for _ in range(given.rounds):
    model = AlternatingLeastSquares(factors=64, regularization=0.05, iterations=15, random_state=1, num_threads=2)
    start = time.perf_counter()
    model.fit(owned * 10, show_progress=False)
    fit.append(time.perf_counter() - start)
    start = time.perf_counter()
    ids, _ = model.recommend(customers, owned[customers], N=10, filter_already_liked_items=True)
    recommend.append(time.perf_counter() - start)

lists = pd.DataFrame({"customer": np.repeat(customers, 10), "product": ids.ravel(), "rank": np.tile(np.arange(1, 11), len(customers))})
lists[lists["product"] >= 0].to_parquet(given.out, index=False)
print(json.dumps({"peer": f"implicit {implicit.__version__}", "fit_s": fit, "recommend_s": recommend, "customers": len(customers)}))
