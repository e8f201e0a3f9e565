"""The command `verify`: run, print, write what was asked for."""

import argparse
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from nbproof import verify
from nbproof.study import Study, StudyError
from nbproof.verify import report


def run(
    study: Study,
    options: argparse.Namespace,
    only: Iterable[Path] | None,
    progress: Callable[[str, int, int], None],
    say: Callable[[str], None],
) -> int:
    """The exit code: 0 if all agrees, 1 if not, 3 if a report that was asked for could not be written."""
    if options.quick:
        return _tell(study, verify.quick(study, only), options, options.report, say)
    with verify.in_temporary_folder() as folder:
        result = verify.full(study, Path(folder), only, progress, say)
        return _tell(study, result, options, options.report or study.build / "verify", say)


def _tell(study: Study, result: verify.Result, options, folder: Path | None, say) -> int:
    """The verdict first: whatever cannot be written after it, it has been said."""
    print("\n".join(report.lines(result)), flush=True)
    lost = False
    for place, kind in ((options.json, "report"), (options.html, "page"), (folder, "form")):
        try:
            if place:
                import_module(f"nbproof.verify.{kind}").write(study, result, place)
        except (OSError, StudyError) as error:
            lost |= place != study.build / "verify"  # that one nobody has asked for
            why = getattr(error, "strerror", None) or error
            say(f"{place}: this report could not be written ({why}); the verdict above stands.")
    return 1 if result.failed else 3 if lost else 0
