#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast PyTorch convolves, beside the rows convolution/ of engine_benchmark, as a table of ratios.

    convolution_peers.py build/benchmarks/engine_benchmark [--rounds 3]

Forward and backward pass of one layer, without the inputs' gradient where it is a first one. PyTorch as it comes
and tuned to AVX-512, each with contiguous and with channels_last tensors: the best of all rounds counts, of PyTorch
that of the four ways. Rows of two threads need a machine that does nothing else.
"""

import argparse
import json
import re
import subprocess
import time

from peers import CONFIGURATIONS, SECONDS, better, haste, processor, run_peer_of


def parse(name):
    """What the name of a row says: '32x32 3->16 3x3, batch 32, 2 threads'."""
    size, inputs, outputs, kernel, batch = map(
        int, re.match(r"(\d+)x\d+ (\d+)->(\d+) (\d+)x\d+, batch (\d+)", name).groups())
    return size, inputs, outputs, kernel, batch, 2 if "2 threads" in name else 1


def passes(name, memory_format):
    """A function that makes one forward and backward pass."""
    import torch

    size, inputs, outputs, kernel, batch, threads = parse(name)
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    layer = torch.nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2).to(memory_format=memory_format)
    x = torch.rand(batch, inputs, size, size).to(memory_format=memory_format)
    d = torch.rand(batch, outputs, size, size).to(memory_format=memory_format)
    wanted = list(layer.parameters())
    if inputs > 3:
        wanted.append(x.requires_grad_())
    return lambda: torch.autograd.grad(layer(x), wanted, d)


def rate(step, clock):
    for _ in range(5):
        step()
    done, begun = 0, clock()
    while clock() - begun < SECONDS:
        step()
        done += 1
    return done / (clock() - begun)


def passes_per_second(name):
    import torch

    clock = time.process_time if parse(name)[-1] == 1 else time.perf_counter
    return max(rate(passes(name, memory_format), clock)
               for memory_format in (torch.contiguous_format, torch.channels_last))


def run_ours(program):
    command = [program, "--benchmark_filter=^convolution/", "--benchmark_format=json", "--benchmark_min_time=0.3"]
    out = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return {row["name"].removeprefix("convolution/").replace("/real_time", ""): row
            for row in json.loads(out.stdout)["benchmarks"]}


def table(program, rounds):
    ours, theirs, operations = {}, {}, {}
    for _ in range(rounds):
        rows = run_ours(program)
        better(ours, rows, lambda row: row["items_per_second"] * haste(row))
        operations = {name: row["flops"] / row["items_per_second"] for name, row in rows.items()}
        for configuration in CONFIGURATIONS.values():
            better(theirs, run_peer_of(__file__, list(rows), configuration), lambda value: value)
    lines = [f"{processor()}; float32, forward and backward passes per second.", "",
             "| convolution | Kappascope | PyTorch | ratio | GFLOP/s |", "|---|---:|---:|---:|---:|"]
    lines += [f"| {name} | {value:,.0f} | {theirs[name]:,.0f} | {value / theirs[name]:.1f} | "
              f"{value * operations[name] / 1e9:.0f} |" for name, value in ours.items()]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", nargs="?", help="engine_benchmark")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--measure", nargs="+", metavar="ROW", help="measure PyTorch here and print JSON")
    options = parser.parse_args()
    if options.measure:
        print(json.dumps({name: passes_per_second(name) for name in options.measure}))
        return
    print(table(options.program, options.rounds))


if __name__ == "__main__":
    main()
