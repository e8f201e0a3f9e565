"""What the notebooks' cells take, and with what: `tools/bench.py` runs this in its copy.

    python tools/cells.py FOLDER [STEP …]

STEP: such as 02-timeline:en; default: every notebook in both languages. Prints JSON: `seconds` of all cells, when one forked kernel runs at a time; `kernels`, what their start
and end take beside; `modules`, the stack; `shares`, the seconds of the same cells run in this process,
by what they are spent with.
"""

import contextlib
import functools
import io
import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from matplotlib.figure import Figure

from diplolib import inference
from nbproof.figures import style
from nbproof.pipeline import engine, forker, graph, notebooks
from nbproof.study import Study

# What is timed: where a function is looked up, its name, and the share that it belongs to.
TIMED = [
    (style, "pixels", "drawing"),
    (Figure, "savefig", "drawing"),  # as SVG
    (style, "png", "png"),
    (inference, "permute", "permutations"),
]


def forked(steps: list[graph.Step], study: Study) -> dict:
    """Seconds of the cells and of all around them, one forked kernel at a time."""
    seconds = []
    settle = notebooks.settle

    def counting(content, *rest):
        seconds.extend(cell.metadata.papermill["duration"] or 0 for cell in content.cells)
        return settle(content, *rest)

    notebooks.settle = counting  # afterwards no times are left in a notebook
    forking = forker.Forker(sorted(set().union(*(step.outside for step in steps))))
    assert forking.refusal() is None, forking.refusal()
    started = time.perf_counter()
    for step in steps:
        engine.run(study, graph.job(study, step), forked=True)
    all_of_it = time.perf_counter() - started
    return {
        "seconds": sum(seconds),
        "kernels": all_of_it - sum(seconds),
        "modules": [forker.STACK, *forking.modules],
    }


def shares(steps: list[graph.Step]) -> dict[str, float]:
    """Seconds of the cells, run one after the other in this process, by what they are spent with."""
    spent = Counter()
    for place, name, share in TIMED:
        setattr(place, name, _timed(getattr(place, name), share, spent))
    started = time.perf_counter()
    for step in steps:
        os.chdir(step.notebook.parent)
        names = {"display": lambda *shown: None}
        for cell in json.loads(step.notebook.read_bytes())["cells"]:
            if cell["cell_type"] == "code":
                with contextlib.redirect_stdout(io.StringIO()):
                    exec(compile("".join(cell["source"]), step.name, "exec"), names)
                if "parameters" in cell["metadata"].get("tags", []):
                    names["lang"] = step.language
    spent["other"] = time.perf_counter() - started - spent.total()
    return dict(spent)


def _timed(function, share: str, spent: Counter):
    @functools.wraps(function)
    def timed(*args, **kwargs):
        started = time.perf_counter()
        try:
            return function(*args, **kwargs)
        finally:
            spent[share] += time.perf_counter() - started

    return timed


def main() -> None:
    study = Study(Path(sys.argv[1]).resolve())
    steps = [step for step in graph.steps(study) if step.notebook]
    steps = [step for step in steps if step.name in sys.argv[2:] or not sys.argv[2:]]
    found = forked(steps, study)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NBPROOF_OUTPUT"] = folder
        found["shares"] = shares(steps)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
