"""The commands: parse, call, print. Exit code 0, 1 (a check or run failed) or 2 (wrong usage)."""

import argparse
import json
import os
import sys
from pathlib import Path

from diplolib import study as studies
from diplolib.study import Study, StudyError

EXAMPLES = """examples:
  diplolib clean                      write data/processed from data/raw and data/reference
  diplolib reproduce                  run what has changed: tables, notebooks in both languages, figures
  diplolib status                     what is out of date, and why
  diplolib reproduce 02-timeline      the same for one notebook
  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010
                                      one notebook with other choices, into output/
  diplolib sweep 02-timeline --over lang=en,tr --over year_to=2000:2021
                                      one notebook at every combination of choices
  diplolib parameters 02-timeline     what can be turned in a notebook
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


def main(arguments: list[str] | None = None) -> int:
    """Run one command; see `diplolib --help`."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        return options.run(studies.find(options.study), options) or 0
    except StudyError as error:
        print(error, file=sys.stderr)
        return 2 if getattr(error, "usage", False) else 1
    except BrokenPipeError:
        # The reader of the output, such as `head`, has seen enough; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(
            f"{where}{error.strerror or error}. Earlier results stay as they were.", file=sys.stderr
        )
        return 1
    except KeyboardInterrupt:
        print("Interrupted; earlier results stay as they were.", file=sys.stderr)
        return 1


class UsageError(StudyError):
    """The command was called in a way that it does not take."""

    usage = True


def clean(study: Study, options: argparse.Namespace) -> None:
    """Write data/processed."""
    from diplolib import processed
    from diplolib.pipeline.leftovers import remove
    from diplolib.pipeline.lock import locked

    with locked(study.build):
        remove([study.data / "processed"])
        written = processed.write(study)
    for name, rows in written.items():
        print(f"data/processed/{name}.csv  {rows} rows")


def parameters(study: Study, options: argparse.Namespace) -> None:
    """Print the parameters of one notebook."""
    from diplolib.pipeline.parameters import contract

    (notebook,) = _notebooks(study, [options.notebook])
    for name, rules in contract(notebook).items():
        allowed = " | ".join(rules.get("enum", []))
        if not allowed and "minimum" in rules:
            allowed = f"{rules['minimum']} to {rules['maximum']}"
        print(f"{name} = {rules['default']!r:<22} {rules['title']} ({allowed or rules['type']})")


def reproduce(study: Study, options: argparse.Namespace) -> int | None:
    """Run what has changed; with parameters or --output, one notebook beside the collection."""
    from diplolib.pipeline import runs

    if options.graph:
        return _write_graph(study, options.graph)
    notebooks = _notebooks(study, options.notebooks)
    given = _given(options)
    folder = options.output or (Path("output") if given else None)
    how = {
        "cold": options.cold,
        "workers": options.workers,
        "timeout": options.cell_timeout,
        "say": _say,
    }
    if folder is None:
        with _Bar() as bar:
            report = runs.reproduce(
                study,
                notebooks if options.notebooks else None,
                force=options.force,
                progress=bar.show,
                **how,
            )
        return _tell(report.errors, _summary(report))
    jobs = _jobs(study, options, notebooks, given, folder.resolve())
    with _Bar() as bar:
        errors = runs.beside(study, jobs, folder.resolve(), progress=bar.show, **how)
    places = sorted(
        {study.name(path) for job in jobs for path in (job.executed.parent, job.figures)}
    )
    return _tell(errors, [f"results in {place}/" for place in places])


def sweep(study: Study, options: argparse.Namespace) -> int:
    """Run one notebook at every combination of values."""
    from diplolib.pipeline import grid, sweeps
    from diplolib.pipeline.parameters import ParameterError

    (notebook,) = _notebooks(study, [options.notebook])
    try:
        points = grid.points(notebook, options.over)
    except ParameterError as error:
        raise UsageError(str(error)) from None
    folder = (options.output or Path("output") / "sweeps" / notebook.stem).resolve()
    with _Bar("point") as bar:
        failed = sweeps.sweep(
            study,
            notebook,
            points,
            folder,
            cold=options.cold,
            workers=options.workers,
            scheduler=options.scheduler,
            progress=bar.show,
            say=_say,
        )
    for point, error in failed:
        _say(f"{point.name}: {error}\n  to repeat it: {sweeps.command(notebook, point)}")
    place = study.name(folder)
    print(f"{len(points) - len(failed):,} of {len(points):,} points done: {place}/{sweeps.TABLE}")
    return 1 if failed else 0


def status(study: Study, options: argparse.Namespace) -> None:
    """Say what is out of date, and why."""
    from diplolib.pipeline import runs

    late = runs.status(study)
    for name, reasons in late.items():
        print(f"{name}  {'; '.join(reasons)}")
    if not late:
        print("Everything is up to date.")


def verify(study: Study, options: argparse.Namespace) -> int:
    """Compare what is committed with a fresh run, or --quick: with itself and the tables."""
    from diplolib.verify import command

    only = _notebooks(study, options.only) if options.only else None
    with _Bar() as bar:
        return command.run(study, options, only, bar.show, _say)


def _summary(report) -> list[str]:
    places = "Results in data/processed/, notebooks/ and figures/; Turkish notebooks in build/tr/."
    if not report.ran and not report.errors:
        return [f"Nothing has changed: {len(report.current)} steps are up to date. {places}"]
    failed = f", {len(report.errors)} failed" if report.errors else ""
    return [f"{len(report.ran)} steps ran, {len(report.current)} were up to date{failed}. {places}"]


def _tell(errors: list[StudyError], lines: list[str]) -> int:
    for error in errors:
        print(error, file=sys.stderr)
    for line in lines:
        print(line)
    return 1 if errors else 0


def claims(study: Study, options: argparse.Namespace) -> None:
    """Print what the article states beside its recomputation."""
    from diplolib.claims import VERDICTS, judge, shown
    from diplolib.labels import LANGUAGES, load

    if options.only not in (None, *VERDICTS):
        raise UsageError(f"--only {options.only!r}: expected one of {'; '.join(VERDICTS)}.")
    if options.lang not in LANGUAGES:
        raise UsageError(f"--lang {options.lang!r}: expected one of {', '.join(LANGUAGES)}.")
    ledger, labels = judge(study), load(options.lang)
    if options.only:
        ledger = ledger[ledger["verdict"] == options.only]
    if options.json:
        print(json.dumps(shown.records(ledger, labels), ensure_ascii=False, indent=2))
    else:
        print("\n".join(shown.lines(ledger, labels)))


def trace(study: Study, options: argparse.Namespace) -> None:
    """Print the source rows behind marks of a figure."""
    from diplolib import lineage

    columns = _columns(options.columns)
    form = [name for name in ("csv", "json") if columns.pop(name, None)]
    marks = lineage.marks(study, options.figure)
    if not columns or columns.pop("help", None):
        print("\n".join(lineage.offered(marks, options.figure)))
        return
    chosen = lineage.select(marks, options.figure, columns)
    traced = lineage.follow(study, options.figure, chosen)
    if form == ["csv"]:
        print(traced.to_csv(index=False), end="")
    elif form:
        print(traced.to_json(orient="records", force_ascii=False, indent=2))
    else:
        print("\n".join(lineage.lines(traced, chosen)))
        print("\n".join(lineage.others(marks, options.figure, columns)))


def _columns(words: list[str]) -> dict:
    """--name value, --name=value and the flags --csv, --json and --help."""
    given, waiting = {}, list(words)
    while waiting:
        name, equals, value = waiting.pop(0).partition("=")
        if not name.startswith("--"):
            raise UsageError(f"{name!r}: expected --COLUMN VALUE, such as --country UA.")
        name = name.removeprefix("--").replace("-", "_")
        if name in ("csv", "json", "help"):
            given[name] = True
        elif equals or waiting:
            given[name] = value if equals else waiting.pop(0)
        else:
            raise UsageError(f"--{name}: expected a value after it.")
    return given


def sensitivity(study: Study, options: argparse.Namespace) -> int:
    """Compute every result under all documented choices, or compare with what is stored."""
    from tqdm import tqdm

    from diplolib.specifications import computed

    how = {
        "workers": options.workers,
        "progress": lambda found, total: tqdm(found, total=total, unit="result", disable=None),
    }
    if options.check:
        said = computed.stale(study, **how)
        print(said or f"data/{computed.TABLE}.csv is as computed now.")
        return 1 if said else 0
    rows = computed.write(study, **how)
    print(f"data/{computed.TABLE}.csv  {len(rows)} rows; next: diplolib reproduce")
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class _Bar:
    """A progress bar that comes up with the first step that has run."""

    def __init__(self, unit: str = "step"):
        self._unit = unit

    def __enter__(self):
        self._bar = None
        return self

    def __exit__(self, *error):
        if self._bar is not None:
            self._bar.close()

    def show(self, name: str, done: int, total: int) -> None:
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=self._unit, disable=None)
        self._bar.set_postfix_str(name)
        self._bar.update(done - self._bar.n)


def explorer(study: Study, options: argparse.Namespace) -> None:
    """Write the explorer, one page that opens from disk."""
    from diplolib.site import explorer

    path = explorer.write(study, options.output or study.build / "explorer.html")
    print(f"{study.name(path)}  {path.stat().st_size / 1e6:.1f} MB; open it in a browser")


def cite(study: Study, options: argparse.Namespace) -> None:
    """Print how to cite, from CITATION.cff."""
    from diplolib.citation import bibtex, plain

    print((bibtex if options.bibtex else plain)(study.root / "CITATION.cff"))


def site(study: Study, options: argparse.Namespace) -> int | None:
    """Build the rendered site if anything in it has changed, or update its translations."""
    from diplolib.pipeline import runs

    if options.translate:
        from diplolib.site import build

        for language, missing in build.translate(study).items():
            print(f"site/locale/{language}: {missing} texts without a translation")
        return None
    with _Bar() as bar:
        report = runs.reproduce(study, site=True, progress=bar.show, say=_say)
    built = "site" in {*report.ran, *report.current}
    said = "site in site/_build/html/: open index.html in a browser"
    return _tell(report.errors, _summary(report) + [said] * built)


def _given(options: argparse.Namespace) -> dict[str, str]:
    """The parameters of --parameter and --lang."""
    given = dict(_pair(text) for text in options.parameter)
    if options.lang and "lang" in given:
        raise UsageError("the language is given twice: by --lang and by -p lang=…")
    if options.lang:
        given["lang"] = options.lang
    return given


def _jobs(
    study: Study, options: argparse.Namespace, notebooks: list[Path], given: dict, folder: Path
) -> list:
    """Runs into `folder`; everything is checked here, before any kernel starts."""
    from diplolib.pipeline.jobs import Job
    from diplolib.pipeline.parameters import ParameterError, check

    if given and len(notebooks) != 1 and set(given) != {"lang"}:
        raise UsageError(
            "parameters go with one notebook: diplolib reproduce NOTEBOOK -p name=value"
        )
    try:
        checked = {notebook: check(notebook, given) for notebook in notebooks}
    except ParameterError as error:
        raise UsageError(str(error)) from None
    if folder == study.root and given and not options.overwrite:
        raise UsageError(
            f"{folder} is the collection itself: its committed notebooks and figures would be "
            "replaced. Name another folder with --output, or add --overwrite."
        )
    return [
        Job(notebook, checked[notebook], folder / "notebooks" / notebook.name, folder / "figures")
        for notebook in notebooks
    ]


def _notebooks(study: Study, names: list[str]) -> list[Path]:
    import difflib

    found = {path.stem: path for path in sorted(study.notebooks.glob("[0-9]*.ipynb"))}
    chosen = [Path(name).name.removesuffix(".ipynb") for name in names] or list(found)
    for name in chosen:
        if name not in found:
            near = difflib.get_close_matches(name, found, 1, cutoff=0.3)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise UsageError(
                f"no notebook {name!r} in notebooks/.{hint} There are: {', '.join(found)}."
            )
    return [found[name] for name in chosen]


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise UsageError(f"-p {text!r}: expected name=value.")
    return name.strip(), value.strip()


def _write_graph(study: Study, file: Path) -> None:
    from diplolib.pipeline import diagram, graph

    try:
        write = diagram.FORMS[file.suffix]
    except KeyError:
        raise UsageError(
            f"--graph {file}: expected a name that ends in {', '.join(diagram.FORMS)}."
        ) from None
    steps = graph.steps(study)
    steps.append(graph.site(study, steps))
    file.write_text(write(study, steps), encoding="utf-8")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError
    return number


def _parser() -> argparse.ArgumentParser:
    look = {"formatter_class": argparse.RawDescriptionHelpFormatter}
    parser = argparse.ArgumentParser(
        prog="diplolib", description="Clean tables and figures of a study.", epilog=EXAMPLES, **look
    )
    parser.add_argument(
        "--study", metavar="DIR", help="the study's folder (default: found from the current one)"
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(run, name, text, epilog=""):
        made = commands.add_parser(name, help=text, description=text, epilog=epilog, **look)
        made.set_defaults(run=run)
        return made

    command(clean, "clean", "write data/processed from data/raw and data/reference")
    one = command(
        reproduce,
        "reproduce",
        "bring tables, notebooks and figures up to date; run notebooks with papermill",
        "examples:\n  diplolib reproduce\n  diplolib reproduce 02-timeline\n"
        "  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010\n\n"
        "Without parameters the collection itself is brought up to date: what has changed, and\n"
        "what depends on it, runs again (all of it with --force). With\n"
        "parameters the results go to --output, never over the committed ones.",
    )
    one.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="default: all")
    one.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    one.add_argument("--lang", help="language of figures and sentences: en or tr")
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
        "--output", type=Path, metavar="DIR", help="where results go (default: output)"
    )
    one.add_argument(
        "--overwrite", action="store_true", help="allow --output to be the collection itself"
    )
    many = command(
        sweep,
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
    command(status, "status", "say what is out of date, and why")
    check = command(
        verify,
        "verify",
        "run everything afresh elsewhere and compare it with what is committed",
        "examples:\n  diplolib verify\n  diplolib verify --quick\n"
        "  diplolib verify --only 02-timeline --html build/verify/page.html\n\n"
        "Exit code 0: all agrees; 1: something differs; 2: wrong usage. Nothing that is committed is\n"
        "touched. A full run leaves the reviewer's form (codecheck.yml, replication-report.md) in\n"
        "build/verify/.",
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
    shown = command(parameters, "parameters", "print what can be turned in a notebook")
    shown.add_argument("notebook", metavar="NOTEBOOK")
    judged = command(
        claims,
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
        trace,
        "trace",
        "the printed source rows behind one mark of a figure, or behind a claim",
        "examples:\n  diplolib trace world-map --country UA\n"
        "  diplolib trace timeline --year 2011 --region Asia\n"
        "  diplolib trace timeline --mark cumulative --year 1990\n"
        "  diplolib trace claims --id metropolitan-africa\n\n"
        "Columns are those of figures/FIGURE.en.csv; without any, they are listed. Every row comes with\n"
        "its corrections and with the evidence for its place. --csv, --json: for machines.",
    )
    traced.add_argument("figure", metavar="FIGURE")
    traced.add_argument(
        "columns", nargs=argparse.REMAINDER, metavar="[--mark KIND] [--COLUMN VALUE ...]"
    )
    swept = command(
        sensitivity,
        "sensitivity",
        "compute what depends on which choice",
        "Each statement, contrast and ratio under all documented choices that can change it\n"
        "(data/reference/choices.csv), for notebook 10. Takes one to several minutes on all cores.",
    )
    swept.add_argument(
        "--check", action="store_true", help="write nothing: compare with what is stored"
    )
    swept.add_argument("--workers", type=_positive, metavar="N", help="how many processes")
    page = command(
        explorer,
        "explorer",
        "write the explorer: map, timeline, ranking and table of all agreements in one page",
        "The page needs no network and no server. It is built with Altair: pip install 'diplolib[site]'.",
    )
    page.add_argument("--output", type=Path, metavar="FILE", help="default: build/explorer.html")
    built = command(
        site,
        "site",
        "build the site from the executed notebooks, in both languages",
        "Needs the packages of requirements-site.lock (`make site`). Brings tables, notebooks and\n"
        "figures up to date first, and builds the pages only if something in them has changed.",
    )
    built.add_argument(
        "--translate", action="store_true", help="update the catalogues in site/locale instead"
    )
    cited = command(cite, "cite", "print how to cite the collection and the article")
    cited.add_argument("--bibtex", action="store_true", help="as BibTeX")
    return parser
