"""The commands of this study, beside those that any collection has."""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from nbproof.cli import say
from nbproof.study import Study, UsageError

# What stands below the help of the program ("") and of its commands.
EXAMPLES = {
    "": """
  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010
                                      one notebook with other choices, into output/
  diplolib sweep 02-timeline --over lang=en,tr --over year_to=2000:2021
                                      one notebook at every combination of choices
  diplolib claims --only "not reproduced"
                                      what the article states, beside its recomputation
  diplolib trace world-map --country UA
                                      the printed rows behind one mark of a figure
  diplolib sensitivity                compute which results depend on which choice (minutes)
  diplolib explorer                   the page to play with, as build/explorer.html
""",
    "reproduce": "  diplolib reproduce 02-timeline\n"
    "  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010\n",
    "sweep": "  diplolib sweep 02-timeline --over lang=en,tr --over year_to=2000:2021\n"
    "  diplolib sweep 02-timeline --over region_scheme=article_inferred,un_m49\n",
    "verify": "  diplolib verify --only 02-timeline --html build/verify/page.html\n",
    "trace": "  diplolib trace world-map --country UA\n"
    "  diplolib trace timeline --year 2011 --region Asia\n"
    "  diplolib trace timeline --mark cumulative --year 1990\n"
    "  diplolib trace claims --id metropolitan-africa\n",
}


def arguments(command: Callable, accepting: Callable, positive: Callable) -> None:
    """Add this study's commands to the parser; see `nbproof.arguments.parser`."""
    judged = command(
        "claims",
        "what the article states, beside its recomputation",
        'examples:\n  diplolib claims\n  diplolib claims --only "not reproduced" --lang tr\n'
        "  diplolib claims --json",
    )
    judged.add_argument("--json", action="store_true", help="as a list of objects, for machines")
    judged.add_argument(
        "--only", metavar="VERDICT", help='only claims with this verdict, such as "not reproduced"'
    )
    judged.add_argument("--lang", default="en", help="language of the statements: en or tr")
    swept = command(
        "sensitivity",
        "compute what depends on which choice",
        "Each statement, contrast and ratio under all documented choices that can change it\n"
        "(data/reference/choices.csv), for notebook 10. Takes one to several minutes on all cores.",
    )
    swept.add_argument(
        "--check", action="store_true", help="write nothing: compare with what is stored"
    )
    accepting(swept)
    swept.add_argument("--workers", type=positive, metavar="N", help="how many processes")
    page = command(
        "explorer",
        "write the explorer: map, timeline, ranking and table of all agreements in one page",
        "The page needs no network and no server.",
    )
    page.add_argument("--output", metavar="FILE", help="default: build/explorer.html")


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
