# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks and losses of the engine in PyTorch, for the oracles beside this file. Matrices are lists of rows; a
sample is a row, as in PyTorch."""
import torch
from torch.nn import functional as F

ACTIVATIONS = {
    "identity": lambda a, v: a,
    "tanh": lambda a, v: torch.tanh(a),
    "sigmoid": lambda a, v: torch.sigmoid(a),
    "relu": lambda a, v: F.relu(a),
    "leaky_relu": lambda a, v: F.leaky_relu(a, v["slope"]),
    "gelu": lambda a, v: F.gelu(a),
    "silu": lambda a, v: F.silu(a),
    "softplus": lambda a, v: F.softplus(a, threshold=100),  # 20 by default: 1e-9 away from the function
}

LOSSES = {
    "cross_entropy": lambda z, y: F.cross_entropy(z, torch.tensor(y)),
    "binary_cross_entropy": lambda z, y: F.binary_cross_entropy_with_logits(
        z[:, 0], torch.tensor(y, dtype=torch.float64)),
    # ours is 1/(2N) |z - y|^2; PyTorch's mean divides by the number of outputs, too
    "mean_squared_error": lambda z, y: F.mse_loss(z, torch.tensor(y, dtype=torch.float64)) * z.shape[1] / 2,
}


def forward(layers, tensors, h, training):
    for layer in layers:
        kind, prefix = layer["kind"], layer["prefix"]
        if kind == "dense":
            h = F.linear(h, tensors[prefix + ".weight"], tensors[prefix + ".bias"])
        elif kind == "batch_norm":
            h = F.batch_norm(h, tensors[prefix + ".running_mean"], tensors[prefix + ".running_var"],
                             tensors[prefix + ".weight"], tensors[prefix + ".bias"], training,
                             layer["values"]["momentum"], layer["values"]["epsilon"])
        elif kind == "group_norm":
            h = F.group_norm(h, layer["groups"], tensors[prefix + ".weight"], tensors[prefix + ".bias"],
                             layer["values"]["epsilon"])
        elif kind == "layer_norm":
            h = F.layer_norm(h, h.shape[1:], tensors[prefix + ".weight"], tensors[prefix + ".bias"],
                             layer["values"]["epsilon"])
        else:
            h = ACTIVATIONS[kind](h, layer["values"])
    return h
