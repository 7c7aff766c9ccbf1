# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the train.py of each exported folder named on the command line, as FOLDER HISTORY pairs, in one process
(importing PyTorch takes seconds) and prints [{status, errors}], in their order."""
import contextlib
import io
import json
import runpy
import sys


def run(folder, history):
    sys.argv = ["train.py", "--check", history]
    errors = io.StringIO()
    status = 0
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        try:
            runpy.run_path(folder + "/train.py", run_name="__main__")
        except SystemExit as end:
            status = 1
            print(end.code, file=errors)
    return {"status": status, "errors": errors.getvalue()}


paths = sys.argv[1:]
json.dump([run(folder, history) for folder, history in zip(paths[::2], paths[1::2])], sys.stdout)
