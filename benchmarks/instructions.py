#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the instructions of a step of training and compares them with instructions.json: a guard that holds on noisy
machines.

    instructions.py build-count/benchmarks/counted_training [--update]

Counts by valgrind's callgrind, whose processor has AVX2 and no more on every machine. The program must be built
without the machine's own instruction set (-DKAPPASCOPE_NATIVE=OFF).
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys

BASELINE = pathlib.Path(__file__).with_name("instructions.json")
TOLERANCE = 0.03
STEPS = {
    "2-8-8-8-1 tanh, batch 10": 1000,
    "2-8-8-8-1 tanh, batch 10, float64": 1000,
    "2-64-64-2 ReLU, batch 32": 100,
    "784-100-100-100-10 ReLU, batch 1": 50,
    "784-100-100-100-10 ReLU, batch 6": 20,
    "784-100-100-100-10 ReLU, batch 60, BNP": 5,
}


def count(program, case, steps):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=countedSteps",
               program, case, str(steps)]
    ran = subprocess.run(command, check=False, stderr=subprocess.PIPE, text=True)
    collected = re.search(r"Collected : (\d+)", ran.stderr)
    if ran.returncode != 0 or not collected or int(collected.group(1)) == 0:
        sys.exit(f"{case}: could not be counted\n{ran.stderr}")
    return int(collected.group(1)) / steps


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="counted_training")
    parser.add_argument("--update", action="store_true", help="make the present counts the baseline")
    options = parser.parse_args()
    counts = {case: round(count(options.program, case, steps)) for case, steps in STEPS.items()}
    if options.update:
        BASELINE.write_text(json.dumps(counts, indent=4) + "\n", encoding="utf-8")
        return
    worse = False
    for case, expected in json.loads(BASELINE.read_text(encoding="utf-8")).items():
        change = counts[case] / expected - 1
        beyond = abs(change) > TOLERANCE
        worse |= beyond
        print(f"{counts[case]:>12,} instructions a step, {100 * change:+5.1f} %{' !' if beyond else '  '} {case}")
    if worse:
        sys.exit("beyond 3 %: find out why, or, where it is meant, run ./dev check --update-instructions")


if __name__ == "__main__":
    main()
