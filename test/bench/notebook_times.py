"""Runs the notebooks of a folder from top to bottom, and says how long each took: one line of JSON in, one out."""

import json
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def seconds(path):
    notebook = nbformat.read(path, as_version=4)
    start = time.perf_counter()
    NotebookClient(
        notebook, timeout=600, allow_errors=True, resources={"metadata": {"path": str(path.parent)}}
    ).execute()
    return time.perf_counter() - start


for line in sys.stdin:
    paths = sorted(Path(json.loads(line)["folder"]).glob("*.ipynb"))
    print(json.dumps({"notebooks": [{"name": path.stem, "seconds": seconds(path)} for path in paths]}), flush=True)
