# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads {cases: [{kind, in, out, ..., x, w, x_dot, tensors, v, training}]}: a layer of feature maps, a batch x (a row
a sample), the loss sum(w y^2) / 2 of its outputs y, and a direction (x_dot, v). Prints for each case y, the loss's
gradient and its Hessian times the direction, for x and each trained tensor. Maps lie channels last, and so do the
taps of a convolution's weights, [out, (ky, kx, channel)]."""
import json
import sys

import torch
from torch.nn import functional as F


def to_map(rows, shape):
    channels, height, width = shape
    return rows.reshape(-1, height, width, channels).permute(0, 3, 1, 2)


def to_rows(maps):
    return maps.permute(0, 2, 3, 1).reshape(maps.shape[0], -1)


def layer(case, t, x):
    kind = case["kind"]
    if kind == "channels_last":
        return to_rows(x.reshape(-1, *case["out"]))
    h = to_map(x, case["in"])
    if kind == "conv2d":
        outputs = t["weight"].shape[0]
        weight = t["weight"].reshape(outputs, *case["kernel"], -1).permute(0, 3, 1, 2)
        h = F.conv2d(h, weight, t["bias"], case["stride"], case["padding"], groups=case["groups"])
    elif kind == "max_pool":
        h = F.max_pool2d(h, case["kernel"], case["stride"], case["padding"])
    elif kind == "average_pool":
        h = F.avg_pool2d(h, case["kernel"], case["stride"], case["padding"])
    elif kind == "global_average_pool":
        h = F.adaptive_avg_pool2d(h, 1)
    elif kind == "flatten":
        return torch.flatten(h, 1)
    elif kind == "group_norm":
        h = F.group_norm(h, case["groups"], t["weight"], t["bias"], case["epsilon"])
    elif kind == "layer_norm" and case["in"][1:] == [1, 1]:
        return F.layer_norm(x, x.shape[1:], t["weight"], t["bias"], case["epsilon"])
    elif kind == "layer_norm":
        h = F.group_norm(h, 1, t["weight"], t["bias"], case["epsilon"])
    elif kind == "batch_norm":
        h = F.batch_norm(h, t["running_mean"].clone(), t["running_var"].clone(), t["weight"], t["bias"],
                         case["training"], case["momentum"], case["epsilon"])
    else:
        raise ValueError(kind)
    return to_rows(h)


def answer(case):
    tensor = lambda values: torch.tensor(values, dtype=torch.float64)
    t = {name: tensor(values) for name, values in case["tensors"].items()}
    names = [name for name in t if "running" not in name]
    t["x"] = tensor(case["x"])
    moving = [t[name].requires_grad_() for name in ["x", *names]]
    direction = [tensor(case["x_dot"]), *(tensor(case["v"][name]) for name in names)]
    y = layer(case, t, t["x"])
    loss = (tensor(case["w"]) * y * y).sum() / 2
    gradient = torch.autograd.grad(loss, moving, create_graph=True)
    slope = sum((g * d).sum() for g, d in zip(gradient, direction))
    hessian = torch.autograd.grad(slope, moving)
    values = lambda results: {name: r.tolist() for name, r in zip(["x", *names], results)}
    return {"y": y.tolist(), "gradient": values(gradient), "hessian": values(hessian)}


if __name__ == "__main__":
    json.dump([answer(case) for case in json.load(sys.stdin)["cases"]], sys.stdout)
