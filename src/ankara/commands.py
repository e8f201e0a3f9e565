"""The commands of this study, beside those that any collection has."""

import argparse
import json
from pathlib import Path

from nbproof.cli import say
from nbproof.study import Study, UsageError


def claims(study: Study, options: argparse.Namespace) -> None:
    """Print what the article states beside its recomputation."""
    from ankara.ledger import shown
    from ankara.ledger.verdicts import VERDICTS
    from nbproof.labels import LANGUAGES, load

    if options.only not in (None, *VERDICTS):
        raise UsageError(f"--only {options.only!r}: expected one of {'; '.join(VERDICTS)}.")
    if options.lang not in LANGUAGES:
        raise UsageError(f"--lang {options.lang!r}: expected one of {', '.join(LANGUAGES)}.")
    rows, labels = shown.rows(_ledger(study)), load(options.lang, study)
    ledger = [row for row in rows if options.only in (None, row["verdict"])]
    if options.json:
        print(json.dumps(shown.records(ledger, labels), ensure_ascii=False, indent=2))
    else:
        print("\n".join(shown.lines(ledger, labels)))


def _ledger(study: Study) -> bytes:
    """The ledger as it is stored, without pandas, if that is up to date; else made anew."""
    from ankara.specifications import inputs
    from nbproof.pipeline import runs

    # What has not run here is not known to be made by this library.
    ran = (study.build / runs.state.STATE).is_file()
    if ran and not (runs.status(study, []) or inputs.changed(study)):
        return (study.data / "processed" / "claims.csv").read_bytes()
    say("data/processed/ is not known to be up to date (see diplolib status): counted anew.")
    from ankara import processed
    from nbproof import tables

    return tables.encode(dict(processed.compute(study))["claims"], study, "processed/claims")


def sensitivity(study: Study, options: argparse.Namespace) -> int:
    """Compute every result under all documented choices, or compare with what is stored."""
    from tqdm import tqdm

    from ankara.specifications import computed
    from nbproof.pipeline import releases

    how = {
        "workers": options.workers,
        "progress": lambda found, total: tqdm(found, total=total, unit="result", disable=None),
    }
    if options.check:
        said = computed.stale(study, **how)
        print(said or f"data/{computed.TABLE}.csv is as computed now.")
        return 1 if said else 0
    if not options.accept:
        releases.refuse(study)
    rows = computed.write(study, **how)
    print(f"data/{computed.TABLE}.csv  {len(rows)} rows; next: diplolib reproduce")
    return 0


def explorer(study: Study, options: argparse.Namespace) -> None:
    """Write the explorer, one page that opens from disk."""
    from ankara.site import explorer

    path = explorer.write(study, Path(options.output or study.build / "explorer.html"))
    print(f"{study.name(path)}  {path.stat().st_size / 1e6:.1f} MB; open it in a browser")


COMMANDS = {function.__name__: function for function in (claims, sensitivity, explorer)}
