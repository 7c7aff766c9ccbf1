#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the runs of a Kappascope experiment with PyTorch, from the same weights on the same mini-batches.

Written by `kappascope-cli export torch EXPERIMENT --out DIR`; reads the files beside it:
  experiment.json           the experiment, defaults filled in
  data.safetensors          train.x, train.y, test.x, test.y
  initial/RUN.safetensors   the start weights of each run
  batches.safetensors       indices [steps, batch] of the samples of each step; one row for all steps where
                            every mini-batch is the whole training set in its own order
  augmented.safetensors     x [steps, batch, ...], the inputs of each step, where images were changed at random
Needs only PyTorch and NumPy. Prints `run,step,train_loss` (the loss of each step's mini-batch, before the
update) and writes the same to losses.csv. `--check history.csv` compares with what Kappascope measured.
"""
import argparse
import csv
import json
import math
import pathlib
import sys

import numpy as np
import torch

FOLDER = pathlib.Path(__file__).resolve().parent


# --- files ---

def read_safetensors(path):
    """Tensors by name, and the metadata. Format: 8 bytes header length, JSON header, raw little-endian data."""
    types = {"F64": np.float64, "F32": np.float32, "I64": np.int64, "U8": np.uint8}
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    header = json.loads(data[8:8 + length])
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin:8 + length + end], dtype=types[entry["dtype"]])
        tensors[name] = torch.from_numpy(array.reshape(entry["shape"]).copy())
    return tensors, metadata


def method(spec):
    """Name and parameters of a method, which the experiment gives as a name or as an object."""
    if isinstance(spec, str):
        return spec, {}
    return spec["method"], spec


def choose(table, name, kind):
    if name not in table:
        sys.exit(f"train.py does not know the {kind} '{name}'")
    return table[name]


# --- the network ---

ACTIVATIONS = {
    "identity": lambda p: lambda a: a,
    "tanh": lambda p: torch.tanh,
    "sigmoid": lambda p: torch.sigmoid,
    "relu": lambda p: torch.relu,
    "leaky_relu": lambda p: lambda a: torch.nn.functional.leaky_relu(a, p["slope"]),
    "gelu": lambda p: torch.nn.functional.gelu,
    "silu": lambda p: torch.nn.functional.silu,
    "softplus": lambda p: softplus,
}


def over(x, values):
    """A number for each channel, where x is [N, features] or [N, channels, height, width]."""
    return values.reshape(1, -1, *[1] * (x.dim() - 2))


def moments(x):
    """Mean and biased variance of each channel, over samples and positions."""
    axes = [axis for axis in range(x.dim()) if axis != 1]
    mean = x.mean(axes)
    return mean, ((x - over(x, mean)) ** 2).mean(axes)


def batch_norm(x, weight, bias, p):
    """Written out because torch.nn.BatchNorm refuses mini-batches of one sample."""
    mean, variance = moments(x)
    return (x - over(x, mean)) / torch.sqrt(over(x, variance) + p["epsilon"]) * over(x, weight) + over(x, bias)


def group_norm(x, weight, bias, p):
    """With the largest number of groups that divides the channels and leaves a group more than one value."""
    channels, groups = x.shape[1], min(p["groups"], x.shape[1])
    while groups > 1 and (channels % groups or x[0].numel() // groups < 2):
        groups -= 1
    return torch.nn.functional.group_norm(x, groups, weight, bias, p["epsilon"])


def layer_norm(x, weight, bias, p):
    return torch.nn.functional.group_norm(x, 1, weight, bias, p["epsilon"])


NORMALIZATIONS = {"none": None, "batch_norm": batch_norm, "group_norm": group_norm, "layer_norm": layer_norm}


def layers_of(model):
    """The list of layers, that of a model with 'hidden' widths too; activations are (name, parameters)."""
    if "layers" in model:
        return model["layers"]
    layers = ["flatten"]
    name, parameters = method(model["activation"])
    for units in model["hidden"]:
        layers += [{"type": "dense", "units": units}, {**parameters, "type": "activation", "function": name}]
    return layers


def window(p):
    """Kernel, stride and padding of a pooling layer; a stride of 0 is the kernel, in either direction."""
    kernel, stride = ([p[key]] * 2 if isinstance(p[key], int) else p[key] for key in ("kernel", "stride"))
    return kernel, [step or size for step, size in zip(stride, kernel)], p["padding"]


class Network:
    """The layers of an experiment, a dense one for the outputs behind them, with normalizations between them."""

    def __init__(self, tensors, model, normalization):
        name, self.normalization = method(normalization)
        self.normalize_with = choose(NORMALIZATIONS, name, "normalization")
        self.tensors = {key: tensor.clone().requires_grad_(True) for key, tensor in tensors.items()
                        if key.endswith((".weight", ".bias"))}
        self.depth = sum(key.startswith("layers.") and key.endswith(".weight") for key in tensors)
        self.layers = layers_of(model)
        self.inputs = [None] * self.depth  # what each layer with weights received
        self.patches = [0] * self.depth    # how often its weights act on a mini-batch
        self.next = 0                      # the number of the next of them

    def weight(self, layer):
        return self.tensors[f"layers.{layer}.weight"]

    def bias(self, layer):
        return self.tensors[f"layers.{layer}.bias"]

    def normalize(self, x, *names):
        """With the first of the named normalizations that there is."""
        name = next(name for name in names if f"normalizations.{name}.weight" in self.tensors)
        return self.normalize_with(x, self.tensors[f"normalizations.{name}.weight"],
                                   self.tensors[f"normalizations.{name}.bias"], self.normalization)

    def placed(self, place):
        return self.normalize_with is not None and self.normalization["placement"] == place

    def weigh(self, x, apply):
        """A layer with weights: apply(x, weight, bias), and what stands around it."""
        layer, self.next = self.next, self.next + 1
        if layer == 0 and self.normalize_with is not None and self.normalization.get("normalize_inputs"):
            x = self.normalize(x, "input", 0)
        self.inputs[layer] = x.detach()
        x = apply(x, self.weight(layer), self.bias(layer))
        self.patches[layer] = x.numel() // x.shape[1]
        return self.normalize(x, layer) if self.placed("pre") and layer < self.depth - 1 else x

    def convolve(self, x, stride, padding, groups):
        return self.weigh(x, lambda x, weight, bias: torch.nn.functional.conv2d(
            x, weight, bias, stride, padding, 1, groups))

    def dense(self, x):
        return self.weigh(x, lambda x, weight, bias: x @ weight.T + bias)

    def activate(self, x, name, parameters):
        x = choose(ACTIVATIONS, name, "activation")(parameters)(x)
        return self.normalize(x, min(self.next, self.depth - 1)) if self.placed("post") else x

    def block(self, x, spec):
        branch = self.run(x, spec["layers"])
        if spec["shortcut"] == "identity":
            return branch + x
        if x.dim() == 2:
            return branch + self.dense(x)
        stride = [-(-before // after) for before, after in zip(x.shape[2:], branch.shape[2:])]
        return branch + self.convolve(x, stride, 0, 1)

    def layer(self, x, spec):
        kind, p = (spec, {}) if isinstance(spec, str) else (spec["type"], spec)
        if kind in ACTIVATIONS:
            return self.activate(x, kind, p)
        if kind == "activation":
            return self.activate(x, p["function"], p)
        if kind == "conv2d":
            return self.convolve(x, p["stride"], p["padding"], p["groups"])
        if kind == "dense":
            return self.dense(x)
        if kind == "max_pool":
            return torch.nn.functional.max_pool2d(x, *window(p))
        if kind == "average_pool":
            return torch.nn.functional.avg_pool2d(x, *window(p))
        if kind == "global_average_pool":
            return x.mean((2, 3))
        if kind == "flatten":
            return x.flatten(1)
        if kind == "residual":
            return self.block(x, p)
        sys.exit(f"train.py does not know the layer '{kind}'")

    def run(self, x, layers):
        for spec in layers:
            x = self.layer(x, spec)
        return x

    def __call__(self, x):
        self.next = 0
        return self.dense(self.run(x, self.layers))


# --- losses ---

def signed_or_one_hot(labels, classes, outputs):
    """Targets of the squared error for classes: -1/+1 of one output for two classes, else 0/1 of one each."""
    if outputs.shape[1] == 1:
        return (2.0 * labels - 1.0).to(outputs.dtype)[:, None]
    return torch.nn.functional.one_hot(labels, classes).to(outputs.dtype)


def squared_error(outputs, targets, classes):
    if targets.dtype == torch.int64:
        targets = signed_or_one_hot(targets, classes, outputs)
    return ((outputs - targets) ** 2).sum(1).mean() / 2


def softplus(a):
    """log(1 + e^a). torch's own is linear above 20, 2e-9 off, and its logaddexp is 0 below -37."""
    return -torch.nn.functional.logsigmoid(-a)


# torch's own cross-entropies lose all digits of losses below 1e-16: they take them from 1 + e^m. These do not.

def cross_entropy(z, labels, classes):
    """Mean of log(1 + e^m), where m is the logarithm of the others' share over the right class's."""
    right = torch.nn.functional.one_hot(labels, classes).to(torch.bool)
    return softplus(z.masked_fill(right, -math.inf).logsumexp(1) - z[right]).mean()


def binary_cross_entropy(z, labels, classes):
    """Mean of log(1 + e^m) with m = z for class 0 and m = -z for class 1."""
    return softplus(z[:, 0] * (1.0 - 2.0 * labels).to(z.dtype)).mean()


LOSSES = {
    "cross_entropy": cross_entropy,
    "binary_cross_entropy": binary_cross_entropy,
    "mean_squared_error": squared_error,
}


# --- preconditioners: Lange, Helfrich, Ye, JMLR 23(72), 2022, Algorithms 1 and 2 ---

class RunningStatistics:
    """Mean and variance of what a layer receives, by feature or channel: steps 1 and 2 of Algorithm 1."""

    def __init__(self, features, parameters, dtype):
        self.rho = parameters["rho"]
        self.total = parameters.get("variance", "total") == "total"
        self.start = parameters["start"]
        self.seen = 0
        self.mean = torch.zeros(features, dtype=dtype)
        self.variance = torch.ones(features, dtype=dtype)

    def weight(self):
        """Of the next mini-batch."""
        self.seen += 1
        if self.start == "first_batch" and self.seen == 1:
            return 1.0
        if self.start == "bias_corrected":
            return (1 - self.rho) / (1 - self.rho ** self.seen)
        return 1 - self.rho

    def observe(self, h):
        mean, variance = moments(h)
        take = self.weight()
        if self.total:  # the exact variance of the weighted mixture
            variance = variance + (1 - take) * (mean - self.mean) ** 2
        self.mean = (1 - take) * self.mean + take * mean
        self.variance = (1 - take) * self.variance + take * variance


class InputPreconditioner:
    """G <- P P^T G of one layer, P = (1/q) [[1, -mu^T], [0, I]] diag(1, 1/sigma~): steps 3 to 5.

    Every weight takes the statistics of the channel that it sees.
    """

    def __init__(self, parameters, centre, scale):
        self.statistics = None
        self.parameters, self.centre, self.scale = parameters, centre, scale

    def of_weights(self, weight, channels, values):
        """A number for each channel as one for each weight."""
        channels_of_group = weight.shape[1]
        groups = channels // channels_of_group
        values = values.reshape(groups, 1, channels_of_group)
        values = values.expand(groups, weight.shape[0] // groups, channels_of_group)
        return values.reshape(weight.shape[0], channels_of_group, *[1] * (weight.dim() - 2))

    def apply(self, weight, bias, h, patches):
        if self.statistics is None:
            self.statistics = RunningStatistics(h.shape[1], self.parameters, weight.dtype)
        self.statistics.observe(h)
        mean, variance = self.statistics.mean, self.statistics.variance
        samples = patches if self.parameters["q_counts"] == "patches" else h.shape[0]
        q2 = max(weight[0].numel() / samples, 1.0)
        divisor = torch.ones_like(variance)
        if self.scale:
            divisor = variance + self.parameters["epsilon1"] * variance.max() + self.parameters["epsilon2"]
        if not self.centre:
            mean = torch.zeros_like(mean)
        mean = self.of_weights(weight, h.shape[1], mean)
        divisor = self.of_weights(weight, h.shape[1], divisor)
        column = bias.grad.reshape(-1, *[1] * (weight.dim() - 1))
        gradient = (weight.grad - column * mean) / (q2 * divisor)
        bias.grad = bias.grad / q2 - (gradient * mean).flatten(1).sum(1)
        weight.grad = gradient


PRECONDITIONERS = {"none": None, "bnp": (True, True), "centering": (True, False), "scaling": (False, True)}


def make_preconditioners(spec, network):
    name, parameters = method(spec)
    kind = choose(PRECONDITIONERS, name, "preconditioner")
    if kind is None:
        return {}
    layers = parameters["layers"] or range(network.depth)
    return {int(layer): InputPreconditioner(parameters, *kind)
            for layer in layers if int(layer) < network.depth}


# --- optimizers and schedules ---

OPTIMIZERS = {
    "sgd": lambda t, p: torch.optim.SGD(t, lr=1),
    "momentum": lambda t, p: torch.optim.SGD(t, lr=1, momentum=p["momentum"]),
    "nesterov": lambda t, p: torch.optim.SGD(t, lr=1, momentum=p["momentum"], nesterov=True),
    "adagrad": lambda t, p: torch.optim.Adagrad(t, lr=1, eps=p["epsilon"]),
    "rmsprop": lambda t, p: torch.optim.RMSprop(t, lr=1, alpha=p["alpha"], eps=p["epsilon"]),
    "adam": lambda t, p: torch.optim.Adam(t, lr=1, betas=(p["beta1"], p["beta2"]), eps=p["epsilon"]),
    "adamw": lambda t, p: torch.optim.AdamW(t, lr=1, betas=(p["beta1"], p["beta2"]), eps=p["epsilon"],
                                            weight_decay=p["weight_decay"]),
}


def half_cosine(step, steps, floor):
    return floor + (1 - floor) * (1 + math.cos(math.pi * min(step, steps) / steps)) / 2


def warmup(step, p):
    if step < p["steps"]:
        return (step + 1) / p["steps"]
    return 1.0 if p["then"] == "constant" else half_cosine(step - p["steps"], p["decay_steps"], p["floor"])


SCHEDULES = {
    "constant": lambda step, p: 1.0,
    "step": lambda step, p: p["factor"] ** (step // p["every"]),
    "cosine": lambda step, p: half_cosine(step, p["steps"], p["floor"]),
    "warmup": warmup,
}


# --- training ---

class Run:
    def __init__(self, experiment, spec, tensors, data, classes):
        self.name = spec["name"]
        model = experiment["model"]
        self.network = Network(tensors, model, spec["normalization"])
        self.l2, self.l2_first = model["l2"], model["l2_before_preconditioner"]
        self.loss = choose(LOSSES, method(experiment["loss"])[0], "loss")
        self.preconditioners = make_preconditioners(spec["preconditioner"], self.network)
        name, parameters = method(spec["optimizer"])
        self.optimizer = choose(OPTIMIZERS, name, "optimizer")(list(self.network.tensors.values()), parameters)
        self.rate = parameters.get("learning_rate", experiment["learning_rate"])
        name, self.schedule_parameters = method(parameters.get("schedule", "constant"))
        self.schedule = choose(SCHEDULES, name, "schedule")
        self.data, self.classes = data, classes

    def add_penalty(self):
        """The gradient of l2/2 |W|^2, which is no part of the loss that is reported."""
        if self.l2 > 0:
            for layer in range(self.network.depth):
                weight = self.network.weight(layer)
                weight.grad = weight.grad + self.l2 * weight.detach()

    def step(self, number, samples):
        """Trains one step; returns the loss of its mini-batch before the update."""
        self.optimizer.zero_grad()
        augmented = self.data.get("augmented.x")
        outputs = self.network(self.data["train.x"][samples] if augmented is None else augmented[number])
        loss = self.loss(outputs, self.data["train.y"][samples], self.classes)
        loss.backward()
        if self.l2_first:
            self.add_penalty()
        for layer, preconditioner in self.preconditioners.items():
            preconditioner.apply(self.network.weight(layer), self.network.bias(layer), self.network.inputs[layer],
                                 self.network.patches[layer])
        if not self.l2_first:
            self.add_penalty()
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate * self.schedule(number, self.schedule_parameters)
        self.optimizer.step()
        return loss.item()


class Batches:
    """The samples of each step, by its number: indices, or a slice where each batch is the whole set.

    A slice is a view; indices would copy all the data in every step.
    """

    def __init__(self, path):
        tensors, about = read_safetensors(path)
        self.rows, self.steps = tensors["indices"], int(about["steps"])
        whole = torch.equal(self.rows[0], torch.arange(self.rows.shape[1]))
        self.view = slice(self.rows.shape[1]) if len(self.rows) == 1 and whole else None

    def __len__(self):
        return self.steps

    def __getitem__(self, step):
        return self.rows[step] if self.view is None else self.view


def load(only):
    """The runs (those named in `only`, or all) and the mini-batches."""
    experiment = json.loads((FOLDER / "experiment.json").read_text(encoding="utf-8"))
    torch.set_default_dtype(torch.float64 if experiment["precision"] == "float64" else torch.float32)
    data, about = read_safetensors(FOLDER / "data.safetensors")
    if (FOLDER / "augmented.safetensors").exists():
        data["augmented.x"] = read_safetensors(FOLDER / "augmented.safetensors")[0]["x"]
    starts = {}
    for path in sorted((FOLDER / "initial").glob("*.safetensors")):
        tensors, metadata = read_safetensors(path)
        starts[metadata["run"]] = tensors
    runs = [Run(experiment, spec, starts[spec["name"]], data, int(about["classes"]))
            for spec in experiment["runs"] if not only or spec["name"] in only]
    return runs, Batches(FOLDER / "batches.safetensors")


def train(run, batches, steps, writers):
    """Losses of the run's steps, written as they come; ends early when one is not finite."""
    losses = []
    for number in range(steps):
        losses.append(run.step(number, batches[number]))
        for writer in writers:
            writer.writerow([run.name, number, repr(losses[-1])])
        if not math.isfinite(losses[-1]):
            break
    return losses


# --- comparison ---

def differences(here, there):
    """Relative, of each step that both have."""
    def difference(a, b):
        same = a == b or (math.isnan(a) and math.isnan(b))
        return 0.0 if same else abs(a - b) / max(abs(b), sys.float_info.min)
    return list(map(difference, here, there))


def read_history(path):
    """The train_loss of each run in a history.csv of Kappascope, by step."""
    losses = {}
    with open(path, newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["metric"] == "train_loss":
                losses.setdefault(row["run"], []).append(float(row["value"]))
    return losses


def rounding_differences(name, batches, steps, losses):
    """How far the run's losses move, at each step, when its start weights move by one unit in the last place."""
    twin = load([name])[0][0]
    with torch.no_grad():
        for tensor in twin.network.tensors.values():
            tensor *= 1 + torch.finfo(tensor.dtype).eps
    return differences(train(twin, batches, steps, []), losses)


def beyond_rounding(found, rounding, tolerance):
    """The first step at which more differs than rounding errors have grown to by then; None for none."""
    largest = 0.0
    for step, difference in enumerate(found):
        largest = max(largest, rounding[step] if step < len(rounding) else math.inf)
        if difference > max(tolerance, 100 * largest):
            return step
    return None


def check(path, losses, batches, tolerance):
    """Compares with Kappascope's history; true when all agree.

    A run that trains beyond its stable learning rate is chaotic: it amplifies rounding errors, and no two
    programs agree on it for long. For a run that differs, a twin from weights that are a rounding error away
    tells how far it may, step by step: before errors have grown, such a run must agree like any other.
    """
    history = read_history(path)
    good = True
    for run, here in losses.items():
        there = history.get(run, [])
        if not there:
            print(f"{run}: not in {path}", file=sys.stderr)
            good = False
            continue
        found = differences(here, there)
        largest = max(found, default=0.0)
        text = f"{run}: {min(len(here), len(there))} steps, largest relative difference {largest:.3g}"
        if largest > tolerance:
            rounding = rounding_differences(run, batches, len(here), here)
            text += f"; a rounding error in its start weights makes {max(rounding):.3g}"
            step = beyond_rounding(found, rounding, tolerance)
            if step is not None:
                text += f", but not the {found[step]:.3g} at step {step}"
                good = False
        print(text, file=sys.stderr)
    return good


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--steps", type=int, help="steps to train; left out: all that were exported")
    parser.add_argument("--run", action="append", default=[], help="train this run only; may be repeated")
    parser.add_argument("--out", default=str(FOLDER / "losses.csv"), help="where the losses go as well")
    parser.add_argument("--check", metavar="HISTORY", help="compare with this history.csv of Kappascope")
    parser.add_argument("--tolerance", type=float, default=1e-9, help="relative, for --check")
    arguments = parser.parse_args()

    runs, batches = load(arguments.run)
    if not runs:
        parser.error("there is no such run")
    steps = min(arguments.steps or len(batches), len(batches))
    losses = {}
    with open(arguments.out, "w", newline="", encoding="utf-8") as file:
        writers = [csv.writer(file, lineterminator="\n"), csv.writer(sys.stdout, lineterminator="\n")]
        for writer in writers:
            writer.writerow(["run", "step", "train_loss"])
        for run in runs:
            losses[run.name] = train(run, batches, steps, writers)
    if arguments.check and not check(arguments.check, losses, batches, arguments.tolerance):
        sys.exit("the losses differ")


if __name__ == "__main__":
    main()
