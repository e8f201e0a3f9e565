"""Notebooks in this one process, by ploomber-engine: `tools/bench.py` runs this in its copy.

    python tools/in_process.py PACKAGES FOLDER NAME.LANGUAGE[:PARAMETER=NUMBER] …

PACKAGES: the folder in which ploomber-engine is installed; what both have is taken from here. The
executed notebooks go to FOLDER. What one notebook has imported or set, the next one finds.
"""

import sys
from pathlib import Path


def main() -> None:
    packages, folder, *runs = sys.argv[1:]
    sys.path.append(packages)
    from ploomber_engine import execute_notebook

    Path(folder).mkdir(parents=True, exist_ok=True)
    for run in runs:
        run, _, given = run.partition(":")
        name, language = run.rsplit(".", 1)
        key, _, number = given.partition("=")
        execute_notebook(
            f"notebooks/{name}.ipynb",
            f"{folder}/{name}.{language}.ipynb",
            parameters={"lang": language} | ({key: int(number)} if given else {}),
            progress_bar=False,
            cwd="notebooks",
        )


if __name__ == "__main__":
    main()
