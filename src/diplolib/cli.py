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
  diplolib reproduce                  clean, run every notebook in both languages, write figures/
  diplolib reproduce 02-timeline      the same for one notebook
  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010
                                      one notebook with other choices, into output/
  diplolib parameters 02-timeline     what can be turned in a notebook
  diplolib claims --only "not reproduced"
                                      what the article states, beside its recomputation
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
    except KeyboardInterrupt:
        print("Interrupted; earlier results stay as they were.", file=sys.stderr)
        return 1


class UsageError(StudyError):
    """The command was called in a way that it does not take."""

    usage = True


def clean(study: Study, options: argparse.Namespace) -> None:
    """Write data/processed."""
    from diplolib import processed

    for name, rows in processed.write(study).items():
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


def reproduce(study: Study, options: argparse.Namespace) -> int:
    """Clean the tables and run notebooks."""
    jobs = _jobs(study, options)

    from tqdm import tqdm

    from diplolib import processed
    from diplolib.pipeline import engine

    processed.write(study)
    with tqdm(total=len(jobs), unit="notebook", desc="notebooks", disable=None) as bar:
        errors = engine.run_all(study, jobs, done=lambda job: bar.update())
    for error in errors:
        print(error, file=sys.stderr)
    for place in sorted({_folder(study, path) for job in jobs for path in _places(job)}):
        print(f"results in {place}/")
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


def cite(study: Study, options: argparse.Namespace) -> None:
    """Print how to cite, from CITATION.cff."""
    from diplolib.citation import bibtex, plain

    print((bibtex if options.bibtex else plain)(study.root / "CITATION.cff"))


def _jobs(study: Study, options: argparse.Namespace) -> list:
    """The runs that the options ask for; everything is checked here, before any kernel starts."""
    from diplolib.pipeline.engine import Job
    from diplolib.pipeline.parameters import ParameterError, check

    notebooks = _notebooks(study, options.notebooks)
    given = dict(_pair(text) for text in options.parameter)
    if options.lang and "lang" in given:
        raise UsageError("the language is given twice: by --lang and by -p lang=…")
    if options.lang:
        given["lang"] = options.lang
    if given and len(notebooks) != 1 and set(given) != {"lang"}:
        raise UsageError(
            "parameters go with one notebook: diplolib reproduce NOTEBOOK -p name=value"
        )
    try:
        checked = {notebook: check(notebook, given) for notebook in notebooks}
    except ParameterError as error:
        raise UsageError(str(error)) from None
    elsewhere = options.output or (Path("output") if given else None)
    if elsewhere is None:
        # The collection itself: English notebooks are committed, Turkish ones feed the site.
        return [
            Job(
                notebook,
                {} if language == "en" else {"lang": language},
                (study.notebooks if language == "en" else study.build / language) / notebook.name,
                study.figures,
            )
            for notebook in notebooks
            for language in ("en", "tr")
        ]
    if elsewhere.resolve() == study.root and given and not options.overwrite:
        raise UsageError(
            f"{elsewhere} is the collection itself: its committed notebooks and figures would be "
            "replaced. Name another folder with --output, or add --overwrite."
        )
    return [
        Job(
            notebook,
            checked[notebook],
            elsewhere.resolve() / "notebooks" / notebook.name,
            elsewhere.resolve() / "figures",
        )
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


def _places(job) -> tuple[Path, Path]:
    return job.executed.parent, job.figures


def _folder(study: Study, path: Path) -> str:
    return study.name(path)


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
        "clean the tables, run notebooks with papermill, write their figures",
        "examples:\n  diplolib reproduce\n  diplolib reproduce 02-timeline\n"
        "  diplolib reproduce 02-timeline --lang tr -p region_scheme=un_m49 -p year_to=2010\n\n"
        "Without parameters the collection itself is written: notebooks/ and figures/. With\n"
        "parameters the results go to --output, never over the committed ones.",
    )
    one.add_argument("notebooks", nargs="*", metavar="NOTEBOOK", help="default: all")
    one.add_argument("-p", "--parameter", action="append", default=[], metavar="NAME=VALUE")
    one.add_argument("--lang", help="language of figures and sentences: en or tr")
    one.add_argument(
        "--output", type=Path, metavar="DIR", help="where results go (default: output)"
    )
    one.add_argument(
        "--overwrite", action="store_true", help="allow --output to be the collection itself"
    )
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
    cited = command(cite, "cite", "print how to cite the collection and the article")
    cited.add_argument("--bibtex", action="store_true", help="as BibTeX")
    return parser
