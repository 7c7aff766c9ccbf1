#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast PyTorch trains the cases of engine_benchmark, and multiplies by a Hessian, in turn with ours, as a table of
ratios.

    peers.py build/benchmarks/engine_benchmark [--rounds 3] [--only REGEX] [--readme README.md]

Every round runs PyTorch as it comes, PyTorch tuned to processors with AVX-512, and our program, one after the
other; the best round of each counts, and of PyTorch the better configuration. A step is what our trainer does:
gather the mini-batch, forward, loss (kept), backward, plain SGD. A product with the Hessian is, for both, one of many at
the same point: what depends on the point alone is there already (PyTorch keeps the graph of its gradient). Ours is in
float64, as everywhere in the program; PyTorch's in float32 stands below the table. Rows on MNIST train on
its first images, where './dev data mnist' has fetched them, the others on noise. Rows of two threads need a machine
that does nothing else.
"""

import argparse
import datetime
import json
import os
import re
import subprocess
import sys
import time

WIDTHS = {"2-8-8-8-1": [2, 8, 8, 8, 1], "2-64-64-2": [2, 64, 64, 2], "784-100-100-100-10": [784, 100, 100, 100, 10]}
SAMPLES = 600
PRODUCT = "Hessian product, 2-64-64-2 ReLU, full batch 500, float64"
PRODUCT_ROW = "hessian_product/2-64-64-2 ReLU, 500 samples"
SECONDS = 0.4  # of each measurement
CONFIGURATIONS = {
    "default": {},
    "tuned": {"OPENBLAS_CORETYPE": "Cooperlake", "ATEN_CPU_CAPABILITY": "avx512"},
}
BEGIN, END = "<!-- speed: written by ./dev bench --peers -->\n", "<!-- end of speed -->"


def parse(name):
    """What the name of a row says: '784-100-100-100-10 ReLU on MNIST, batch 60, BN, 2 threads'."""
    network, *rest = name.split(", ")
    widths, activation = network.split(" ")[:2]
    threads = next((int(word.split(" ")[0]) for word in rest if word.endswith("threads")), 1)
    return WIDTHS[widths], activation, int(rest[0].split(" ")[1]), "BN" in rest, "float64" in rest, threads


# --- PyTorch, in a process of its own ---


def first_of_mnist(count, dtype):
    """The images that ours trains on, from where './dev data mnist' has put them."""
    import torch

    folder = os.path.join(os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share"), "kappascope/mnist")
    with open(os.path.join(folder, "train-images-idx3-ubyte"), "rb") as images:
        pixels = images.read(16 + 784 * count)[16:]
    with open(os.path.join(folder, "train-labels-idx1-ubyte"), "rb") as labels:
        classes = labels.read(8 + count)[8:]
    x = torch.frombuffer(bytearray(pixels), dtype=torch.uint8).reshape(count, 784).to(dtype) / 255
    return x, torch.frombuffer(bytearray(classes), dtype=torch.uint8).long()


def trainer(name):
    """A function that makes one step."""
    import torch

    widths, activation, batch, batch_norm, in_double, threads = parse(name)
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    dtype = torch.float64 if in_double else torch.float32
    layers = []
    for inputs, outputs in zip(widths[:-2], widths[1:-1]):
        layers += [torch.nn.Linear(inputs, outputs), {"tanh": torch.nn.Tanh, "ReLU": torch.nn.ReLU}[activation]()]
        if batch_norm:
            layers.append(torch.nn.BatchNorm1d(outputs))
    network = torch.nn.Sequential(*layers, torch.nn.Linear(widths[-2], widths[-1])).to(dtype)
    parameters = list(network.parameters())
    x = torch.rand(SAMPLES, widths[0], dtype=dtype)
    if "MNIST" in name:
        x, y = first_of_mnist(SAMPLES, dtype)
        loss_of = torch.nn.functional.cross_entropy
    elif widths[-1] == 1:
        y = torch.randint(0, 2, (SAMPLES, 1)).to(dtype)
        loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    else:
        y = torch.randint(0, widths[-1], (SAMPLES,))
        loss_of = torch.nn.functional.cross_entropy
    order, place, losses = torch.randperm(SAMPLES), 0, []

    def step():
        nonlocal order, place
        if place + batch > SAMPLES:
            order, place = torch.randperm(SAMPLES), 0
        chosen = order[place : place + batch]
        place += batch
        loss = loss_of(network(x[chosen]), y[chosen])
        # The cheapest of the usual ways: no .grad to clear, all tensors in one call.
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            torch._foreach_add_(parameters, gradients, alpha=-1e-3)
        losses.append(loss.item())

    return step


def multiplier(name):
    """A function that makes one product with the Hessian."""
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)
    dtype = torch.float64 if "float64" in name else torch.float32
    network = torch.nn.Sequential(torch.nn.Linear(2, 64), torch.nn.ReLU(), torch.nn.Linear(64, 64), torch.nn.ReLU(),
                                  torch.nn.Linear(64, 2)).to(dtype)
    parameters = list(network.parameters())
    x, y = torch.randn(500, 2, dtype=dtype), torch.randint(0, 2, (500,))
    loss = torch.nn.functional.cross_entropy(network(x), y)
    gradient = torch.autograd.grad(loss, parameters, create_graph=True)
    vector = [torch.randn_like(parameter) for parameter in parameters]
    return lambda: torch.autograd.grad(gradient, parameters, vector, retain_graph=True)


def steps_per_second(name):
    # One thread: of processor time, so that other programs on the machine disturb less.
    product = name.startswith("Hessian")
    clock = time.process_time if product or parse(name)[-1] == 1 else time.perf_counter
    step = multiplier(name) if product else trainer(name)
    for _ in range(50):
        step()
    steps, begun = 0, clock()
    while clock() - begun < SECONDS:
        for _ in range(20):
            step()
        steps += 20
    return steps / (clock() - begun)


# --- both, in turn ---


def run_peer_of(script, names, environment):
    command = [sys.executable, script, "--measure", *names]
    out = subprocess.run(command, env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(out.stdout)


def run_ours(program, only):
    """The rows of the machine, and those of steps and products that `only` finds in their name in the table."""
    def name_of(row):
        return row.replace("/real_time", "").replace("/manual_time", "")

    listed = subprocess.run([program, "--benchmark_list_tests"], check=True, stdout=subprocess.PIPE, text=True).stdout
    wanted = [row for row in listed.splitlines() if row.startswith("machine/")
              or (row.startswith("step/") and re.search(only, name_of(row).removeprefix("step/")))
              or (row.startswith(PRODUCT_ROW) and re.search(only, PRODUCT))]
    command = [program, f"--benchmark_filter=^({'|'.join(wanted)})$", "--benchmark_format=json", "--benchmark_min_time=0.3"]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return {name_of(row["name"]): row for row in json.loads(out.stdout)["benchmarks"]}


def haste(row):
    """What makes a rate by the clock one by processor time, for rows of one thread."""
    name = row["name"]
    several = "2 threads" in name or "threads:2" in name
    return 1 if several else row["real_time"] / row["cpu_time"]


def better(best, rows, figure):
    for name, row in rows.items():
        best[name] = max(best.get(name, 0), figure(row))


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = re.search(r"model name\s*: (.*)", info.read())
    return f"{model.group(1) if model else 'unknown processor'}, {os.cpu_count()} cores"


def measure(program, rounds, only):
    ours, theirs, machine, gradients = {}, {}, {}, float("inf")
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
        rows = run_ours(program, only)
        steps = {name.removeprefix("step/"): row for name, row in rows.items() if name.startswith("step/")}
        better(ours, steps, lambda row: row["items_per_second"] * haste(row))
        better(machine, {n: r for n, r in rows.items() if n.startswith("machine/")},
               lambda row: row["flops"] * haste(row) if "flops" in row else row["bytes_per_second"])
        operations = {name: row["flops"] / row["items_per_second"] for name, row in steps.items()}
        peers = [name for name in steps if "BNP" not in name]  # which PyTorch does not have
        if product := rows.get(PRODUCT_ROW):
            better(ours, {PRODUCT: product}, lambda row: 1e9 / row["real_time"])  # which is processor time
            operations[PRODUCT] = product["operations"]
            gradients = min(gradients, product["gradients"])
            peers += [PRODUCT, PRODUCT.replace("float64", "float32")]
        if not peers:
            sys.exit(f"--only {only}: finds no row that PyTorch has")
        for configuration in CONFIGURATIONS.values():
            better(theirs, run_peer_of(__file__, peers, configuration), lambda rate: rate)
    return ours, theirs, machine, operations, gradients


def table(ours, theirs, machine, operations, gradients):
    def peak(name):
        precision = "float64" if "float64" in name else "float32"
        threads = 1 if name == PRODUCT else parse(name)[-1]
        return machine[f"machine/multiply_add/{precision}/threads:{threads}"]

    lines = [f"{processor()}; {datetime.date.today()}; steps per second (one thread: of processor time), best of each.", "",
             "| case (float32 unless said, SGD; steps or products a second) | Kappascope | PyTorch | ratio | of the multiply-add peak |",
             "|---|---:|---:|---:|---:|"]
    for name, rate in ours.items():
        peer = theirs.get(name)
        # On images many multiply-adds are left out: those that are made are not known here.
        share = "-" if "MNIST" in name else f"{100 * rate * operations[name] / peak(name):.0f} %"
        lines.append(f"| {name} | {rate:,.0f} | {f'{peer:,.0f}' if peer else '-'} | "
                     f"{f'{rate / peer:.1f}' if peer else '-'} | {share} |")
    if single := theirs.get(PRODUCT.replace("float64", "float32")):
        lines += ["", f"The product with the Hessian takes {gradients:.2f} gradients; PyTorch's in float32 (ours is always in "
                  f"float64): {single:,.0f} a second."]
    gigaflops = {name: value / 1e9 for name, value in machine.items() if "multiply_add" in name}
    lines += ["", "Peaks in the same run: " + "; ".join(
        f"{name.removeprefix('machine/multiply_add/').replace('/threads:', ' on ')} {value:.0f} GFLOP/s"
        for name, value in gigaflops.items()) + "; reading " + ", ".join(
        f"{name.removeprefix('machine/read/')} {value / 1e9:.0f} GB/s"
        for name, value in machine.items() if "/read/" in name) + "."]
    return "\n".join(lines) + "\n"


def write_into(readme, text):
    with open(readme, encoding="utf-8") as file:
        page = file.read()
    before, rest = page.split(BEGIN)
    with open(readme, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + text + END + rest.split(END, 1)[1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="engine_benchmark")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="REGEX", help="the rows whose name it finds; not for the README")
    parser.add_argument("--readme", help="put the table between this file's marks")
    parser.add_argument("--measure", nargs="+", metavar="ROW", help="measure PyTorch here and print JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps({name: steps_per_second(name) for name in options.measure}))
        return
    text = table(*measure(options.program, options.rounds, options.only))
    print(text)
    if options.readme and not options.only:
        write_into(options.readme, text)


if __name__ == "__main__":
    main()
