"""A contestant's side of the conversation: see contestant.mjs."""

import json
import statistics
import sys
import time

import numpy as np

CHECKED = 4


def read_problem(request):
    """The problem's arrays, float64, by name."""
    n, d, h, c = (request[name] for name in "NDHC")
    numbers = np.fromfile(request["file"])
    shapes = {"X": (n, d), "Y": (n, c), "W1": (d, h), "b1": (1, h), "W2": (h, c), "b2": (1, c)}
    problem, taken = {}, 0
    for name, shape in shapes.items():
        count = shape[0] * shape[1]
        problem[name] = numbers[taken : taken + count].reshape(shape).copy()
        taken += count
    return problem


def contest(make_step, learn=None):
    """Answers until standard input ends. make_step(problem, learning_rate) returns a step, which returns the loss."""
    step = None
    for line in sys.stdin:
        request = json.loads(line)
        answer = {}
        if request["do"] == "load":
            step = make_step(read_problem(request), request["learningRate"])
            answer = {"losses": [float(step()) for _ in range(CHECKED)]}
        elif request["do"] == "time":
            answer = {"microseconds": timed(step, request["seconds"])}
        elif request["do"] == "memory":
            answer = {"bytes": resident_bytes()}
        elif request["do"] == "learn" and learn:
            answer = learn(request)
        print(json.dumps(answer), flush=True)


def timed(step, seconds):
    """The median time of a step, in microseconds, as contestant.mjs takes it."""
    times, batch = [], 1
    start = began = time.perf_counter()
    while True:
        for _ in range(batch):
            step()
        now = time.perf_counter()
        times.append(1e6 * (now - began) / batch)
        if now - start >= seconds:
            return statistics.median(times)
        if now - began < 0.05 * seconds:
            batch *= 2
            times.clear()
        began = time.perf_counter()


def resident_bytes():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096
