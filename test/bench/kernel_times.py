"""Starts a kernel, runs small cells in it, and says how long that took: one line of JSON in, one out."""

import json
import statistics
import sys
import time

import psutil
from jupyter_client.manager import start_new_kernel

CELLS = 30
# Longer than this project's kernel waits before it gives memory back.
IDLE_SECONDS = 4


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
        used = memory(manager, "rss")
        if request["idle"]:
            time.sleep(IDLE_SECONDS)
        idle, share = memory(manager, "rss"), memory(manager, "pss")
        imported = after_import(client, manager, request)
        session = long_session(client, manager, request)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    return {
        **{"ready": ready, "firstResult": first_result, "cell": statistics.median(latencies)},
        **{"bytes": used, "idleBytes": idle, "idleShare": share},
        **imported,
        **session,
    }


def after_import(client, manager, request):
    """What it takes to import the project's source, and the memory then and some seconds later."""
    if request["imports"] is None:
        return {"import": None, "importedBytes": None, "importedIdleBytes": None}
    began = time.perf_counter()
    run(client, request["imports"])
    took, used = time.perf_counter() - began, memory(manager, "rss")
    if request["idle"]:
        time.sleep(IDLE_SECONDS)
    return {"import": took, "importedBytes": used, "importedIdleBytes": memory(manager, "rss")}


def long_session(client, manager, request):
    """What a cell that uses the last one costs the processor, in ms: about the 30th of a session, and about the 2,000th."""
    if request["chain"] is None:
        return {"early": None, "late": None}
    run(client, request["chain"].replace("v_%", "0").replace("#", "0"))
    cost = {}
    for name, begin, end in [("early", 1, 50), ("", 50, 1950), ("late", 1950, 2000)]:
        before = processor(manager)
        for k in range(begin, end):
            run(client, request["chain"].replace("%", str(k - 1)).replace("#", str(k)))
        cost[name] = 1000 * (processor(manager) - before) / (end - begin)
    return {"early": cost["early"], "late": cost["late"]}


def processor(manager):
    process = psutil.Process(manager.provisioner.pid)
    times = [member.cpu_times() for member in [process, *process.children(recursive=True)]]
    return sum(each.user + each.system for each in times)


def memory(manager, kind):
    """All resident memory ("rss"), or with its part in what processes share ("pss"): None where no system tells that."""
    process = psutil.Process(manager.provisioner.pid)
    parts = [getattr(member.memory_full_info(), kind, None) for member in [process, *process.children(recursive=True)]]
    return None if None in parts else sum(parts)


def run(client, code):
    """Until the reply is there and the kernel is idle again."""
    client.execute_interactive(code, timeout=120, output_hook=lambda message: None)


for line in sys.stdin:
    print(json.dumps(times(json.loads(line))), flush=True)
