"""Golden values out of PyTorch, float64: every symbol of the notes for a few small networks.

    python test/golden/make_golden.py

writes src/oracles/golden.json, which `verify` and the tests read. Gradients are autograd's, of the mean
cross-entropy that torch.nn.functional.cross_entropy computes from the logits. Needs torch (a CPU build is enough).
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F

OUT = Path(__file__).resolve().parents[2] / "src" / "oracles" / "golden.json"


def network(name, N, D, H, C, seed, draw):
    """Runs one network forward and backward; returns every symbol as a list of rows."""
    generator = torch.Generator().manual_seed(seed)

    def normal(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    X, W1, b1, W2, b2 = draw(normal, N, D, H, C)
    classes = torch.randint(0, C, (N,), generator=generator)
    Y = F.one_hot(classes, C).to(torch.float64)
    for leaf in (W1, b1, W2, b2):
        leaf.requires_grad_(True)

    Z1 = X @ W1 + b1
    A1 = torch.relu(Z1)
    Z2 = A1 @ W2 + b2
    A2 = torch.softmax(Z2, dim=1)
    for inner in (Z1, A1, Z2):
        inner.retain_grad()
    F.cross_entropy(Z2, classes).backward()

    free = A2.detach().clone().requires_grad_(True)  # E5 to E7: the loss as a function of the probabilities alone
    L = F.nll_loss(torch.log(free), classes, reduction="none").reshape(N, 1)
    loss = F.nll_loss(torch.log(free), classes)
    loss.backward()
    a = A2[:1].detach()  # E8: the Jacobian of the first sample
    J = torch.autograd.functional.jacobian(lambda z: torch.softmax(z, dim=0), Z2[0].detach())
    z = Z1.detach().clone().requires_grad_(True)  # E14
    torch.relu(z).sum().backward()

    symbols = {
        "X": X, "Y": Y, "W1": W1, "b1": b1, "W2": W2, "b2": b2,
        "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "L": L, "loss": loss.reshape(1, 1),
        "dA2": free.grad, "a": a, "J": J, "dZ2": Z2.grad, "dW2": W2.grad, "db2": b2.grad,
        "dA1": A1.grad, "reluPrime": z.grad, "dZ1": Z1.grad, "dW1": W1.grad, "db1": b1.grad,
    }  # fmt: skip
    return {"name": name, "symbols": {key: value.detach().tolist() for key, value in symbols.items()}}


def random(normal, N, D, H, C):
    return normal(N, D), normal(D, H), normal(1, H), normal(H, C), normal(1, C)


def dyadic(normal, N, D, H, C):
    """Halves and whole numbers, so that pre-activations come out as exactly 0 here and there."""
    X, W1, b1, W2, b2 = random(normal, N, D, H, C)
    return tuple(torch.round(2 * value) / 2 for value in (X, W1, b1, W2, b2))


def saturated(normal, N, D, H, C):
    X, W1, b1, W2, b2 = random(normal, N, D, H, C)
    return X, W1, b1, 6 * W2, b2


if __name__ == "__main__":
    networks = [
        network("random", 5, 4, 6, 3, 1, random),
        network("one sample", 1, 3, 5, 4, 2, random),
        network("pre-activations of exactly 0", 6, 3, 7, 4, 3, dyadic),
        network("saturated softmax", 4, 5, 6, 3, 4, saturated),
    ]
    kinks = sum(z == 0 for row in networks[2]["symbols"]["Z1"] for z in row)
    assert kinks >= 2, f"only {kinks} pre-activations are exactly 0: choose another seed"
    golden = {"torch": torch.__version__.split("+")[0], "dtype": "float64", "networks": networks}
    OUT.write_text(json.dumps(golden) + "\n")
    print(f"{OUT.name}: {len(networks)} networks, {kinks} pre-activations of exactly 0, torch {golden['torch']}")
