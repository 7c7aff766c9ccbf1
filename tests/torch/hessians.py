# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads {cases: [{layers, tensors, x, loss, targets, training, v}]}, v a tensor for each trained one, and prints for
each case the Hessian of the mean loss times v by differentiating twice, and the loss's Gauss-Newton matrix times v
from the Jacobian of the outputs. Layout as in gradients.py."""
import json
import sys

import torch
from torch.autograd.functional import jvp

from gradients_model import LOSSES, forward


def answer(case):
    tensors = {name: torch.tensor(values, dtype=torch.float64) for name, values in case["tensors"].items()}
    names = [name for name in tensors if "running" not in name]
    v = tuple(torch.tensor(case["v"][name], dtype=torch.float64) for name in names)
    x = torch.tensor(case["x"], dtype=torch.float64)
    loss = lambda z: LOSSES[case["loss"]](z, case["targets"])

    def outputs(*trained):
        # running statistics move in a pass in training mode: give each pass its own
        kept = {name: t.clone() for name, t in tensors.items() if "running" in name}
        return forward(case["layers"], dict(zip(names, trained), **kept), x, case["training"])

    trained = tuple(tensors[name].requires_grad_() for name in names)
    gradient = torch.autograd.grad(loss(outputs(*trained)), trained, create_graph=True)
    slope = sum((g * d).sum() for g, d in zip(gradient, v))
    hessian = torch.autograd.grad(slope, trained, allow_unused=True, retain_graph=True)

    z, z_dot = jvp(outputs, trained, v)
    z = z.detach().requires_grad_()
    dz, = torch.autograd.grad(loss(z), z, create_graph=True)
    hz, = torch.autograd.grad(dz, z, z_dot.detach())
    gauss_newton = torch.autograd.grad(outputs(*trained), trained, hz, allow_unused=True)

    def values(result):
        return {name: (torch.zeros_like(t) if r is None else r).tolist()
                for name, t, r in zip(names, trained, result)}
    return {"hessian": values(hessian), "gauss_newton": values(gauss_newton)}


json.dump([answer(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
