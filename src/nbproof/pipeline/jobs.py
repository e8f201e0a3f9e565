"""What is to be run."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """One notebook with one set of parameters, and where its results go."""

    notebook: Path
    parameters: dict
    executed: Path  # the executed notebook's file
    figures: Path  # the folder of its figures

    @property
    def language(self) -> str:
        return self.parameters.get("lang", "en")

    @property
    def name(self) -> str:
        return f"{self.notebook.stem} ({self.language})"


def cores() -> int:
    """The processors that this process may use, as `os.process_cpu_count` of Python 3.13 counts them."""
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(cold: bool = False) -> int:
    """How many notebooks run side by side: a forked kernel spends much of its short life waiting."""
    return cores() + (0 if cold else 2)
