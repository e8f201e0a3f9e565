"""What the commands take: the parser of the command line, with its help."""

import argparse
import sys
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar

from nbproof.study import hint

EXAMPLES = """examples:
  diplolib clean                      write data/processed from data/raw and data/reference
  diplolib reproduce                  run what has changed: tables, notebooks in both languages, figures
  diplolib status                     what is out of date, and why
  diplolib reproduce 02-timeline      the same for one notebook
  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010
                                      one notebook with other choices, into output/
  diplolib sweep 02-timeline --over lang=en,tr --over year_to=2000:2021
                                      one notebook at every combination of choices
  diplolib parameters 02-timeline     what can be turned in a notebook (without a name: in all)
  diplolib verify                     whether all that is committed is what the data and the code give
  diplolib verify --quick             the same without running a notebook, in seconds
  diplolib claims --only "not reproduced"
                                      what the article states, beside its recomputation
  diplolib trace world-map --country UA
                                      the printed rows behind one mark of a figure
  diplolib sensitivity                compute which results depend on which choice (minutes)
  diplolib explorer                   the page to play with, as build/explorer.html
  diplolib site                       build the rendered site in site/_build/html
  diplolib cite                       how to cite the collection and the article
"""


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """The options of a command line; `diplolib help reproduce` and `diplolib` alone ask for help.

    Raises SystemExit after a help text (code 0) or after what is wrong with the command line (code 2).
    """
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] in ([], ["help"]):
        words = [*words[1:2], "--help"]
    made = parser()
    options, unknown = made.parse_known_args(words)
    if options.command == "trace":  # whose other options are the columns of the figure
        options.columns = unknown
    elif unknown:
        one = made.commands[options.command]
        more = " A parameter is given as -p NAME=VALUE." if "parameter" in options else ""
        one.error(f"unrecognized arguments: {' '.join(unknown)}", more)
    return options


class _Parser(argparse.ArgumentParser):
    """Says what may have been meant."""

    commands: ClassVar[dict[str, argparse.ArgumentParser]] = {}

    def error(self, message: str, more: str = ""):
        words = {*self._option_string_actions, *self.commands}
        said = (word.strip("',:()").partition("=")[0] for word in message.split())
        near = "".join(hint(word, words, 0.7) for word in said if word not in words)
        self.exit(2, f"{self.prog}: {message}.{near or more} See {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """The parser; `command` of what it returns is the name of a function of `diplolib.cli`."""
    look = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    made = _Parser(
        prog="diplolib", description="Clean tables and figures of a study.", epilog=EXAMPLES, **look
    )
    where = {"metavar": "DIR", "help": "the study's folder (default: found from the current one)"}
    made.add_argument("--study", **where)
    made.add_argument("--version", action="version", version=f"diplolib {version('diplolib')}")
    commands = made.add_subparsers(required=True, metavar="command")
    made.commands = commands.choices

    def command(name, text, epilog=""):
        one = commands.add_parser(name, help=text, description=text, epilog=epilog, **look)
        one.set_defaults(command=name)
        one.add_argument("--study", default=argparse.SUPPRESS, **where)
        return one

    def accepting(one):
        one.add_argument(
            "--accept",
            action="store_true",
            help="accept what differs from what is declared or locked, and replace results with it",
        )

    accepting(command("clean", "write data/processed from data/raw and data/reference"))
    one = command(
        "reproduce",
        "bring tables, notebooks and figures up to date; run notebooks with papermill",
        "examples:\n  diplolib reproduce\n  diplolib reproduce 02-timeline\n"
        "  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010\n\n"
        "Without parameters the collection itself is brought up to date: what has changed, and\n"
        "what depends on it, runs again (all of it with --force). With parameters, or for a copy of\n"
        "a notebook, the results go to a folder of their own in output/, never over the committed ones.",
    )
    one.add_argument(
        "notebooks",
        nargs="*",
        metavar="NOTEBOOK",
        help="a name, its number or a path; default: all",
    )
    one.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    one.add_argument("--lang", help="language of figures and sentences: en or tr")
    accepting(one)
    one.add_argument("--force", action="store_true", help="run also what has not changed")
    one.add_argument(
        "--cold", action="store_true", help="start an ordinary kernel for each notebook (slower)"
    )
    one.add_argument("--workers", type=_positive, metavar="N", help="how many notebooks at a time")
    one.add_argument(
        "--cell-timeout",
        type=_positive,
        metavar="SECONDS",
        help="stop a cell that takes longer, and with it its notebook (default: 300)",
    )
    one.add_argument(
        "--graph",
        type=Path,
        metavar="FILE",
        help="run nothing: write what depends on what, as Mermaid (.mmd, .md) or DOT (.dot)",
    )
    one.add_argument(
        "--output", type=Path, metavar="DIR", help="where results go (default: output/NAME=VALUE,…)"
    )
    one.add_argument(
        "--overwrite",
        action="store_true",
        help="allow --output to be the collection itself, or to hold results of other parameters",
    )
    many = command(
        "sweep",
        "run one notebook at every combination of values; results and runs.parquet in --output",
        "examples:\n  diplolib sweep 02-timeline --over lang=en,tr --over year_to=2000:2021\n"
        "  diplolib sweep 02-timeline --over region_scheme=article_inferred,un_m49\n\n"
        "Values are a list (a,b,c) or, of whole numbers, a range first:last or first:last:step;\n"
        "last is included. Each point has a folder and a row in runs.parquet. Points that are\n"
        "there already and still current are not run again: a sweep that was stopped continues.",
    )
    many.add_argument("notebook", metavar="NOTEBOOK")
    many.add_argument("--over", action="append", required=True, metavar="NAME=VALUES")
    many.add_argument("--output", type=Path, metavar="DIR", help="default: output/sweeps/NOTEBOOK")
    many.add_argument("--workers", type=_positive, metavar="N", help="how many points at a time")
    many.add_argument("--cold", action="store_true", help="an ordinary kernel for each point")
    many.add_argument(
        "--scheduler", metavar="ADDRESS", help="run on a Dask cluster, such as tcp://host:8786"
    )
    command("status", "say what is out of date, and why")
    check = command(
        "verify",
        "run everything afresh elsewhere and compare it with what is committed",
        "examples:\n  diplolib verify\n  diplolib verify --quick\n"
        "  diplolib verify --only 02-timeline --html build/verify/page.html\n\n"
        "Exit code 0: all agrees; 1: something differs; 2: wrong usage; 3: all agrees, but a report could\n"
        "not be written. Nothing that is committed is touched. A full run leaves the reviewer's form\n"
        "(codecheck.yml, replication-report.md) in build/verify/.",
    )
    check.add_argument(
        "--quick", action="store_true", help="no kernel and no drawing: what is stored, in seconds"
    )
    check.add_argument(
        "--only", action="append", default=[], metavar="NOTEBOOK", help="narrow to this notebook"
    )
    check.add_argument("--json", type=Path, metavar="FILE", help="all findings, for machines")
    check.add_argument(
        "--html", type=Path, metavar="FILE", help="one page with the pictures side by side"
    )
    check.add_argument("--report", type=Path, metavar="DIR", help="where the reviewer's form goes")
    shown = command("parameters", "print what can be turned in a notebook, or in all")
    shown.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="default: all")
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
    traced = command(
        "trace",
        "the printed source rows behind one mark of a figure, or behind a claim",
        "examples:\n  diplolib trace world-map --country UA\n"
        "  diplolib trace timeline --year 2011 --region Asia\n"
        "  diplolib trace timeline --mark cumulative --year 1990\n"
        "  diplolib trace claims --id metropolitan-africa\n\n"
        "Columns are those of figures/FIGURE.en.csv; without any, they are listed. Every row comes with\n"
        "its corrections and with the evidence for its place.",
    )
    traced.add_argument("figure", metavar="FIGURE")
    traced.add_argument("--csv", action="store_true", help="as CSV, for machines")
    traced.add_argument("--json", action="store_true", help="as a list of objects, for machines")
    traced.usage = "diplolib trace FIGURE [--mark KIND] [--COLUMN VALUE ...] [--csv | --json]"
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
    swept.add_argument("--workers", type=_positive, metavar="N", help="how many processes")
    page = command(
        "explorer",
        "write the explorer: map, timeline, ranking and table of all agreements in one page",
        "The page needs no network and no server. It is built with Altair: pip install 'diplolib[site]'.",
    )
    page.add_argument("--output", type=Path, metavar="FILE", help="default: build/explorer.html")
    built = command(
        "site",
        "build the site from the executed notebooks, in both languages",
        "Needs the packages of requirements-site.lock (`make site`). Brings tables, notebooks and\n"
        "figures up to date first, and builds the pages only if something in them has changed.",
    )
    built.add_argument(
        "--translate", action="store_true", help="update the catalogues in site/locale instead"
    )
    cited = command("cite", "print how to cite the collection and the article")
    cited.add_argument("--bibtex", action="store_true", help="as BibTeX")
    cited.add_argument("--literature", action="store_true", help="the literature, as BibTeX")
    return made


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 1")
    return int(text)
