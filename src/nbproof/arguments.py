"""What the commands take: the parser of the command line, with its help."""

import argparse
import pkgutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from nbproof import study as studies
from nbproof.study import Face, StudyError, UsageError, hint

EXAMPLES = """examples:
  {0} clean                      write data/processed from data/raw and data/reference
  {0} reproduce                  run what has changed: tables, notebooks in both languages, figures
  {0} status                     what is out of date, and why
  {0} reproduce NOTEBOOK         the same for one notebook
  {0} parameters NOTEBOOK        what can be changed in a notebook (without a name: in all)
  {0} verify                     whether all that is committed is what the data and the code give
  {0} verify --quick             the same without running a notebook, in seconds
  {0} site                       build the rendered site in site/_build/html
  {0} cite                       how to cite the collection"""


def parse(words: list[str] | None = None) -> tuple[argparse.Namespace, dict[str, Callable]]:
    """The options of a command line, and the commands that its study adds.

    `help COMMAND`, and no words at all, ask for help. Raises SystemExit after a help text (code 0) or
    after what is wrong with the command line (code 2), and UsageError for a study not to be trusted.
    """
    words = list(sys.argv[1:] if words is None else words)
    if words[:1] in ([], ["help"]):
        words = [*words[1:2], "--help"]
    face = _face(words)
    modules = dict.fromkeys(filter(None, (studies.default().commands, face.commands)))
    added = [pkgutil.resolve_name(module) for module in modules]
    made = parser(face.command, added)
    options, unknown = made.parse_known_args(words)
    if options.command == "trace":  # whose other options are the columns of the figure
        options.columns = unknown
    elif unknown:
        one = made.commands[options.command]
        more = " A parameter is given as -p NAME=VALUE." if "parameter" in options else ""
        one.error(f"unrecognized arguments: {' '.join(unknown)}", more)
    return options, {name: one for module in added for name, one in module.COMMANDS.items()}


def _face(words: list[str]) -> Face:
    """The face of the study that the words mean; where there is none, that is said later."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    first.add_argument("--study")
    first.add_argument("--trust", action="store_true")
    try:
        options, _ = first.parse_known_args(words)
        study = studies.find(options.study)
    except (StudyError, argparse.ArgumentError):
        return studies.default()
    if options.trust:
        studies.trust(study)
    try:
        return study.face
    except UsageError:
        if {"-h", "--help", "--version"} & set(words):
            return studies.default()
        raise


class _Parser(argparse.ArgumentParser):
    """Says what may have been meant."""

    commands: ClassVar[dict[str, argparse.ArgumentParser]] = {}

    def error(self, message: str, more: str = ""):
        words = {*self._option_string_actions, *self.commands}
        said = (word.strip("',:()").partition("=")[0] for word in message.split())
        near = "".join(hint(word, words, 0.7) for word in said if word not in words)
        self.exit(2, f"{self.prog}: {message}.{near or more} See {self.prog} --help.\n")


class _Version(argparse.Action):
    """What is installed: reading that takes as long as the rest of the parser."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(parser.prog, version(parser.prog))
        parser.exit()


def parser(name: str, added=()) -> argparse.ArgumentParser:
    """The parser of the program `name`; `command` of what it returns names a function of `nbproof.cli`.

    added: modules, of studies in general and of this one, with `arguments(command, accepting, positive)`,
    which adds their commands, and EXAMPLES, what stands below the help of the program ("") and of its
    commands. A command that is needed where no study is has `anywhere`.
    """
    examples: dict[str, str] = {}
    for module in added:
        for key, text in module.EXAMPLES.items():
            examples[key] = examples.get(key, "") + text
    look = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    made = _Parser(
        prog=name,
        description="Clean tables and figures of a study.",
        **look,
        epilog=EXAMPLES.format(name) + examples.get("", ""),
    )
    where = {"metavar": "DIR", "help": "the study's folder (default: found from the current one)"}
    made.add_argument("--study", **where)
    trust = {"action": "store_true", "help": "run the code that the study brings"}
    made.add_argument("--trust", **trust)
    made.add_argument("--version", action=_Version, nargs=0, help="show the release and exit")
    commands = made.add_subparsers(required=True, metavar="command")
    made.commands = commands.choices

    def command(name, text, epilog="", anywhere=False):
        below = "\n\n".join(
            filter(None, [epilog, examples.get(name) and f"examples:\n{examples[name]}"])
        )
        one = commands.add_parser(name, help=text, description=text, epilog=below, **look)
        one.set_defaults(command=name, anywhere=anywhere)
        one.add_argument("--study", default=argparse.SUPPRESS, **where)
        one.add_argument("--trust", default=argparse.SUPPRESS, **trust)
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
    shown = command("parameters", "print what can be changed in a notebook, or in all")
    shown.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="default: all")
    traced = command(
        "trace",
        "the printed source rows behind one mark of a figure",
        "Columns are those of figures/FIGURE.en.csv; without any, they are listed. Every row comes with\n"
        "its corrections and with the evidence for its place.",
    )
    traced.add_argument("figure", metavar="FIGURE")
    traced.add_argument("--csv", action="store_true", help="as CSV, for machines")
    traced.add_argument("--json", action="store_true", help="as a list of objects, for machines")
    traced.usage = f"{made.prog} trace FIGURE [--mark KIND] [--COLUMN VALUE ...] [--csv | --json]"
    built = command(
        "site",
        "build the site from the executed notebooks, in both languages",
        "Needs the packages of requirements-site.lock (`make site`). Brings tables, notebooks and\n"
        "figures up to date first, and builds the pages only if something in them has changed.",
    )
    built.add_argument(
        "--translate", action="store_true", help="update the catalogues in site/locale instead"
    )
    computed = command(
        "live",
        "let the site's readers compute in their browser: write build/live",
        "Python for browsers is packed from Pyodide's own release, the study from this folder. From the\n"
        "carrier only files are taken whose sha256 stands in the lock of the npm package pyodide.",
    )
    computed.add_argument(
        "--pyodide", required=True, metavar="CARRIER", help="a folder, an archive or NAME==VERSION"
    )
    computed.add_argument("--output", type=Path, metavar="DIR", help="default: build/live")
    cited = command("cite", "print how to cite the collection")
    cited.add_argument("--bibtex", action="store_true", help="as BibTeX")
    cited.add_argument("--csl", action="store_true", help="as CSL-JSON")
    cited.add_argument("--literature", action="store_true", help="the literature, as BibTeX")
    part = {"action": "append", "default": [], "metavar": "NAME"}
    cited.add_argument("--figure", **part, help="a figure of the collection")
    cited.add_argument("--claim", **part, help="a checked statement")
    typeset = command(
        "companion", "findings, figures, tables and statements as PDF, from the executed notebooks"
    )
    typeset.add_argument("--output", type=Path, metavar="DIR", help="default: build/pdf")
    command("standards", "write which standards the study meets, as docs/standards.md")
    packed = command(
        "archive",
        "pack all of it into one zip for an archive, with its metadata; or prove such a zip",
        "Needs the packages of requirements-site.lock (`make archive`) and a tree that is as committed, or\n"
        "a copy without git whose checksums agree. The same state gives the same bytes.",
    )
    packed.add_argument("--doi", default="", help="a reserved one, such as 10.5281/zenodo.1")
    packed.add_argument("--output", type=Path, metavar="FILE", help="default: in build/archive/")
    whole = {"dest": "proved", "type": Path, "metavar": "FILE"}
    packed.add_argument("--check", **whole, help="whether a zip is whole and unaltered")
    for module in added:
        module.arguments(command, accepting, _positive)
    return made


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 1")
    return int(text)
