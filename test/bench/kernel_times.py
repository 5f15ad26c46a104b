"""Starts a kernel, runs small cells in it, and says how long that took: one line of JSON in, one out."""

import json
import statistics
import sys
import time

import psutil
from jupyter_client.manager import start_new_kernel

CELLS = 30


def times(request):
    start = time.perf_counter()
    manager, client = start_new_kernel(kernel_name=request["spec"], cwd=request["folder"], startup_timeout=120)
    ready = time.perf_counter() - start
    try:
        cells = [request["cells"].replace("#", str(k)) for k in range(CELLS + 1)]
        run(client, cells[0])
        first_result = time.perf_counter() - start
        latencies = []
        for cell in cells[1:]:
            began = time.perf_counter()
            run(client, cell)
            latencies.append(1000 * (time.perf_counter() - began))
        process = psutil.Process(manager.provisioner.pid)
        members = [process, *process.children(recursive=True)]
        used = sum(member.memory_info().rss for member in members)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return {"ready": ready, "firstResult": first_result, "cell": statistics.median(latencies), "bytes": used}


def run(client, code):
    """Until the reply is there and the kernel is idle again."""
    client.execute_interactive(code, timeout=120, output_hook=lambda message: None)


for line in sys.stdin:
    print(json.dumps(times(json.loads(line))), flush=True)
