"""PyTorch with autograd, its cross_entropy and its SGD. Arguments: float32 or float64, and the number of threads."""

import sys
import time

import numpy as np
import torch
from contestant import contest

DTYPE = getattr(torch, sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))
torch.set_default_dtype(DTYPE)


def make_step(problem, learning_rate):
    X = torch.tensor(problem["X"], dtype=DTYPE)
    labels = torch.tensor(problem["Y"].argmax(axis=1))
    W1, b1, W2, b2 = parameters = [
        torch.tensor(problem[name], dtype=DTYPE, requires_grad=True) for name in ("W1", "b1", "W2", "b2")
    ]
    optimizer = torch.optim.SGD(parameters, lr=learning_rate)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(torch.relu(X @ W1 + b1) @ W2 + b2, labels)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def samples(files, request):
    skip_pixels, skip_labels = files["skip"]
    labels = np.fromfile(files["labels"], dtype=np.uint8, offset=skip_labels)
    pixels = np.fromfile(files["pixels"], dtype=np.uint8, offset=skip_pixels).reshape(len(labels), -1)
    return torch.tensor(pixels, dtype=DTYPE) / request["ink"], torch.tensor(labels, dtype=torch.long)


loaded = {}


def learn(request):
    """The run of learn.ts: the same network, the same batches, both parts measured after every epoch."""
    key = request["training"]["pixels"]
    if key not in loaded:
        loaded.clear()
        loaded[key] = samples(request["training"], request), samples(request["test"], request)
    (X, labels), (test_X, test_labels) = loaded[key]
    start = time.perf_counter()
    torch.manual_seed(request["seed"])
    model = torch.nn.Sequential(
        torch.nn.Linear(request["inputs"], request["hidden"]),
        torch.nn.ReLU(),
        torch.nn.Linear(request["hidden"], 10),
    )
    for layer in (model[0], model[2]):
        torch.nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
        torch.nn.init.zeros_(layer.bias)
    optimizer = torch.optim.SGD(model.parameters(), lr=request["learningRate"])

    def measure(inputs, targets):
        with torch.no_grad():
            logits = model(inputs)
            loss = torch.nn.functional.cross_entropy(logits, targets).item()
            return loss, (logits.argmax(dim=1) == targets).double().mean().item()

    epochs = 0
    measure(X, labels)
    accuracy = measure(test_X, test_labels)[1]
    while accuracy < request["accuracy"] and epochs < request["epochs"]:
        for rows in torch.randperm(len(X)).split(request["batchSize"]):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(X[rows]), labels[rows]).backward()
            optimizer.step()
        epochs += 1
        measure(X, labels)
        accuracy = measure(test_X, test_labels)[1]
    return {"seconds": time.perf_counter() - start, "epochs": epochs, "accuracy": accuracy}


contest(make_step, learn)
