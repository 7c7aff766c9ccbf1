# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads {start, gradients, methods: {key: {parameter: value}}} and prints {key: [theta after each step]}."""
import json
import sys

import torch

# Our keys and parameters -> torch's.
MAKERS = {
    "sgd": lambda p, v: torch.optim.SGD(p, lr=v["learning_rate"]),
    "momentum": lambda p, v: torch.optim.SGD(p, lr=v["learning_rate"], momentum=v["momentum"]),
    "nesterov": lambda p, v: torch.optim.SGD(p, lr=v["learning_rate"], momentum=v["momentum"], nesterov=True),
    "adagrad": lambda p, v: torch.optim.Adagrad(p, lr=v["learning_rate"], eps=v["epsilon"]),
    "rmsprop": lambda p, v: torch.optim.RMSprop(p, lr=v["learning_rate"], alpha=v["alpha"], eps=v["epsilon"]),
    "adam": lambda p, v: torch.optim.Adam(
        p, lr=v["learning_rate"], betas=(v["beta1"], v["beta2"]), eps=v["epsilon"]),
    "adamw": lambda p, v: torch.optim.AdamW(
        p, lr=v["learning_rate"], betas=(v["beta1"], v["beta2"]), eps=v["epsilon"],
        weight_decay=v["weight_decay"]),
}


def trajectory(make, values, start, gradients):
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theta], values)
    thetas = []
    for gradient in gradients:
        theta.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        thetas.append(theta.tolist())
    return thetas


task = json.load(sys.stdin)
json.dump({key: trajectory(MAKERS[key], values, task["start"], task["gradients"])
           for key, values in task["methods"].items()}, sys.stdout)
