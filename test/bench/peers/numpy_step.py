"""NumPy: the equations as one writes them. Arguments: float32 or float64."""

import sys

import numpy as np
from contestant import contest


def make_step(problem, learning_rate):
    X, Y, W1, b1, W2, b2 = (problem[name].astype(sys.argv[1]) for name in ("X", "Y", "W1", "b1", "W2", "b2"))
    n = len(X)

    def step():
        nonlocal W1, b1, W2, b2
        Z1 = X @ W1 + b1
        A1 = np.maximum(Z1, 0)
        Z2 = A1 @ W2 + b2
        shifted = Z2 - Z2.max(axis=1, keepdims=True)
        exps = np.exp(shifted)
        sums = exps.sum(axis=1, keepdims=True)
        loss = (np.log(sums).sum() - (shifted * Y).sum()) / n
        dZ2 = (exps / sums - Y) / n
        dW2 = A1.T @ dZ2
        db2 = dZ2.sum(axis=0, keepdims=True)
        dZ1 = (dZ2 @ W2.T) * (Z1 > 0)
        dW1 = X.T @ dZ1
        db1 = dZ1.sum(axis=0, keepdims=True)
        W1 -= learning_rate * dW1
        b1 -= learning_rate * db1
        W2 -= learning_rate * dW2
        b2 -= learning_rate * db2
        return loss

    return step


contest(make_step)
