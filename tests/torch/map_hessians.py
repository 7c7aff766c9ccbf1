# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads {cases: [{layers, tensors, x, labels, training, v}]}: networks with convolutions, poolings, normalizations
and residual sums, each layer with its sources (-1: the inputs), and a tensor of v for each trained one. Prints for
each case the mean cross-entropy, and its gradient and its Hessian times v by differentiating twice. Layout as in
layers.py."""
import json
import sys

import torch
from torch.nn import functional as F

from gradients_model import ACTIVATIONS
from layers import layer

MAPS = {"channels_last", "conv2d", "max_pool", "average_pool", "global_average_pool", "flatten", "group_norm",
        "layer_norm", "batch_norm"}


def outputs(case, tensors, x):
    values = {-1: x}
    for number, one in enumerate(case["layers"]):
        kind, prefix = one["kind"], one["prefix"] + "."
        h = values[one["sources"][0]]
        if kind == "add":
            h = h + values[one["sources"][1]]
        elif kind == "dense":
            h = F.linear(h, tensors[prefix + "weight"], tensors[prefix + "bias"])
        elif kind in MAPS:
            own = {name[len(prefix):]: t for name, t in tensors.items() if name.startswith(prefix)}
            h = layer({**one, "training": case["training"]}, own, h)
        else:
            h = ACTIVATIONS[kind](h, one.get("values", {}))
        values[number] = h
    return h


def answer(case):
    tensors = {name: torch.tensor(values, dtype=torch.float64) for name, values in case["tensors"].items()}
    names = [name for name in tensors if "running" not in name]
    trained = [tensors[name].requires_grad_() for name in names]
    z = outputs(case, tensors, torch.tensor(case["x"], dtype=torch.float64))
    loss = F.cross_entropy(z, torch.tensor(case["labels"]))
    gradient = torch.autograd.grad(loss, trained, create_graph=True)
    slope = sum((g * torch.tensor(case["v"][name], dtype=torch.float64)).sum() for g, name in zip(gradient, names))
    hessian = torch.autograd.grad(slope, trained)
    values = lambda results: {name: r.tolist() for name, r in zip(names, results)}
    return {"loss": loss.item(), "gradient": values(gradient), "hessian": values(hessian)}


json.dump([answer(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
