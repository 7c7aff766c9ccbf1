# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads {cases: [{layers, tensors, x, loss, targets}]} and prints, for each case, the loss, the gradient of every
trained tensor, the running statistics after the pass, and the outputs in evaluation mode. Matrices are lists of
rows; a sample is a row, as in PyTorch."""
import json
import sys

import torch

from gradients_model import LOSSES, forward


def answer(case):
    tensors = {name: torch.tensor(values, dtype=torch.float64) for name, values in case["tensors"].items()}
    trained = {name: t.requires_grad_() for name, t in tensors.items() if not "running" in name}
    x = torch.tensor(case["x"], dtype=torch.float64)
    loss = LOSSES[case["loss"]](forward(case["layers"], tensors, x, True), case["targets"])
    loss.backward()
    with torch.no_grad():
        outputs = forward(case["layers"], tensors, x, False)
    return {"loss": loss.item(), "gradients": {name: t.grad.tolist() for name, t in trained.items()},
            "buffers": {name: t.tolist() for name, t in tensors.items() if "running" in name},
            "outputs": outputs.tolist()}


json.dump([answer(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
