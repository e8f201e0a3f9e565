"""`diplolib verify`: run, print, write what was asked for."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path

from diplolib import verify
from diplolib.study import Study
from diplolib.verify import report


def run(
    study: Study,
    options: argparse.Namespace,
    only: Iterable[Path] | None,
    progress: Callable[[str, int, int], None],
    say: Callable[[str], None],
) -> int:
    """The exit code: 0 if all agrees, 1 if not."""
    if options.quick:
        result = verify.quick(study, only)
        _write(study, result, options, options.report)
    else:
        with verify.in_temporary_folder() as folder:
            result = verify.full(study, Path(folder), only, progress, say)
            _write(study, result, options, options.report or study.build / "verify")
    print("\n".join(report.lines(result)))
    return 1 if result.failed else 0


def _write(study: Study, result: verify.Result, options, folder: Path | None) -> None:
    if options.json:
        report.write_json(result, options.json)
    if options.html:
        from diplolib.verify import page

        page.write(study, result, options.html)
    if folder:
        from diplolib.verify import form

        form.write(study, result, folder)
