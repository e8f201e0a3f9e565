"""The commands: parse, call, print. Exit code 0, 1 (a check or run failed) or 2 (wrong usage)."""

import argparse
import atexit
import errno
import gc
import os
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from pathlib import Path

from nbproof import study as studies
from nbproof.arguments import parse
from nbproof.escape import Terminal, one_line, terminal
from nbproof.pipeline import settings
from nbproof.study import Study, StudyError, UsageError, command_line, hint

REASONS = 5  # that are printed for one step


def main(arguments: list[str] | None = None) -> int:
    """Run one command of the study that is meant; see `--help`."""
    # Python's end looks for garbage among all that was imported; the system takes it back as it is.
    atexit.register(gc.freeze)
    settings.apply()
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError):  # no stream, or one that takes every letter
            stream.reconfigure(errors="replace")  # a letter that the console's code page has not
    try:
        with redirect_stdout(Terminal(sys.stdout)), redirect_stderr(Terminal(sys.stderr)):
            return _run(arguments)
    except StudyError as error:
        print(terminal(str(error)), file=sys.stderr)
        return 2 if getattr(error, "usage", False) else 1
    except BrokenPipeError:
        # The reader of the output, such as `head`, has seen enough; Python would complain at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = terminal(f"{error.filename}: ") if error.filename else ""
        todo = {
            errno.EMFILE: "Allow more open files (ulimit -n 1024)",
            errno.ELOOP: "Take the link away",
        }
        do = todo.get(error.errno, "Make room, or allow writing there,")
        print(
            f"{where}{error.strerror or error}. Earlier results stay as they were. {do} and run again.",
            file=sys.stderr,
        )
        return 1
    except MemoryError:
        print("Too little memory. Earlier results stay as they were. Close other programs, or use fewer "
              "--workers, and run again.", file=sys.stderr)  # fmt: skip
        return 1
    except KeyboardInterrupt:
        print("Interrupted; earlier results stay as they were.", file=sys.stderr)
        return 1


def _run(arguments: list[str] | None) -> int:
    options, commands = parse(arguments)
    # An archive is proved, and a list begun, where there is no study.
    alone = getattr(options, "proved", None) or options.anywhere
    study = studies.around() if alone else studies.find(options.study)
    named = alone or options.command == "verify"  # which names strays among others
    strays = [] if named else study.strays()
    if strays:
        raise StudyError("\n".join(f"{name}: {studies.STRAY}." for name in strays))
    return (COMMANDS | commands)[options.command](study, options) or 0


def clean(study: Study, options: argparse.Namespace) -> None:
    """Write data/processed."""
    from nbproof import processed
    from nbproof.pipeline.leftovers import remove
    from nbproof.pipeline.lock import locked

    with locked(study.build):
        remove([study.data / "processed"])
        written = processed.write(study, accept=options.accept)
    for name, rows in written.items():
        print(f"data/processed/{name}.csv  {rows} rows")


def parameters(study: Study, options: argparse.Namespace) -> None:
    """Print the parameters of some notebooks, or of all."""
    from nbproof.pipeline.parameters import allowed, contract

    notebooks = _notebooks(study, options.notebooks, copies=True)
    for notebook in notebooks:
        if len(notebooks) > 1:
            print(notebook.stem)
        for name, rules in contract(notebook).items():
            print(f"{name} = {rules['default']!r:<22} {rules['title']} ({allowed(rules)})")


def reproduce(study: Study, options: argparse.Namespace) -> int | None:
    """Run what has changed; with parameters or --output, one notebook beside the collection."""
    from nbproof.pipeline import collection, runs
    from nbproof.pipeline.parameters import accept

    if options.graph:
        return _write_graph(study, options.graph)
    notebooks = _notebooks(study, options.notebooks, copies=True)
    for path, line in collection.others(study).items():
        if path not in notebooks:
            say(line)
    given = _given(options)
    if options.accept:
        for line in accept(set(notebooks).intersection(collection.members(study))):
            say(line)
    folder = _place(study, options.output) or _folder(study, notebooks, given)
    how = {"cold": options.cold, "workers": options.workers, "say": say}
    how["timeout"] = options.cell_timeout
    if folder is None:
        with _bar() as show:
            how |= {"force": options.force, "accept": options.accept, "progress": show}
            report = runs.reproduce(study, notebooks if options.notebooks else None, **how)
        return _tell(report.errors, _summary(report))
    jobs = _jobs(study, options, notebooks, given, folder.resolve())
    with _bar() as show:
        errors = runs.beside(study, jobs, folder.resolve(), progress=show, **how)
    failed = [error.job for error in errors]
    made = [job for job in jobs if job not in failed]
    places = sorted(
        {study.name(path) for job in made for path in (job.executed.parent, job.figures)}
    )
    return _tell(errors, [f"results in {place}/" for place in places])


def sweep(study: Study, options: argparse.Namespace) -> int:
    """Run one notebook at every combination of values."""
    from nbproof.pipeline import grid, sweeps
    from nbproof.pipeline.parameters import ParameterError

    (notebook,) = _notebooks(study, [options.notebook])
    try:
        points = grid.points(notebook, options.over)
    except ParameterError as error:
        raise UsageError(str(error)) from None
    folder = _place(study, options.output) or study.root / "output" / "sweeps" / notebook.stem
    folder = folder.resolve()
    with _bar("point") as show:
        how = {"cold": options.cold, "workers": options.workers, "scheduler": options.scheduler}
        failed = sweeps.sweep(study, notebook, points, folder, progress=show, say=say, **how)
    for point, error in failed:
        say(f"{point.name}: {error}\n  to repeat it: {sweeps.command(notebook, point)}")
    place = study.name(folder)
    print(f"{len(points) - len(failed):,} of {len(points):,} points done: {place}/{sweeps.TABLE}")
    return 1 if failed else 0


def status(study: Study, options: argparse.Namespace) -> None:
    """Say what is out of date, and why."""
    from nbproof.pipeline import collection, runs

    for beside in collection.others(study).values():
        print(one_line(beside))
    late = runs.status(study)
    for file, changed, command in study.face.stored:
        if found := pkgutil.resolve_name(changed)(study):
            said = [f"{name} {what}" for name, what in found.items()]
            late[file] = [*said, f"{command} computes it again (minutes)"]
    for name, reasons in late.items():
        more = f"; … and {len(reasons) - REASONS} more" if len(reasons) > REASONS else ""
        print(one_line(f"{name}  {'; '.join(reasons[:REASONS])}{more}"))
    if not late:
        print("Everything is up to date.")


def verify(study: Study, options: argparse.Namespace) -> int:
    """Compare what is committed with a fresh run, or --quick: with itself and the tables."""
    from nbproof.verify import command

    only = _notebooks(study, options.only) if options.only else None
    with _bar() as show:
        return command.run(study, options, only, show, say)


def _summary(report) -> list[str]:
    places = "Results in data/processed/, notebooks/ and figures/; Turkish notebooks in build/tr/."
    if not report.ran and not report.errors:
        return [f"Nothing has changed: {len(report.current)} steps are up to date. {places}"]
    said = f"{len(report.ran)} steps ran, {len(report.current)} were up to date"
    if report.errors:
        return [f"{said}, {len(report.errors)} failed. What failed is as it was before."]
    return [f"{said}. {places}"]


def _tell(errors: list[StudyError], lines: list[str]) -> int:
    for error in dict.fromkeys(map(str, errors)):  # what stops several notebooks is said once
        print(error, file=sys.stderr)
    for line in lines:
        print(line)
    usage = any(getattr(error, "usage", False) for error in errors)
    return 2 if usage else 1 if errors else 0


def trace(study: Study, options: argparse.Namespace) -> None:
    """Print the source rows behind marks of a figure."""
    from nbproof import lineage

    columns = _columns(options.columns)
    marks = lineage.marks(study, options.figure)
    if not columns:
        print("\n".join(lineage.offered(marks, options.figure)))
        return
    aliases = study.face.aliases
    chosen = lineage.select(marks, options.figure, columns, aliases)
    traced = lineage.follow(study, options.figure, chosen)
    if options.csv:
        print(traced.to_csv(index=False), end="")
    elif options.json:
        print(traced.to_json(orient="records", force_ascii=False, indent=2))
    else:
        print("\n".join(lineage.lines(traced, chosen)))
        print("\n".join(lineage.others(marks, options.figure, columns, aliases)))


def _columns(words: list[str]) -> dict:
    """--name value and --name=value"""
    given, waiting = {}, iter(words)
    for word in waiting:
        name, equals, value = word.partition("=")
        if not name.startswith("--"):
            raise UsageError(f"{name!r}: expected --COLUMN VALUE, such as --country UA.")
        value = value if equals else next(waiting, None)
        if value is None:
            raise UsageError(f"{name}: expected a value after it.")
        given[name.removeprefix("--").replace("-", "_")] = value
    return given


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _bar(unit: str = "step") -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar that comes up with the first step that has run."""
    shown = []

    def show(name: str, done: int, total: int) -> None:
        if not shown:
            from tqdm import tqdm

            # What moves its line is its own; what it is called is not.
            shown.append(tqdm(total=total, unit=unit, disable=None, file=sys.__stderr__))
        shown[0].set_postfix_str(one_line(name))
        shown[0].update(done - shown[0].n)

    try:
        yield show
    finally:
        for bar in shown:
            bar.close()


def cite(study: Study, options: argparse.Namespace) -> None:
    """Print how to cite, from CITATION.cff, or the literature of docs/literature.bib."""
    from nbproof import citation

    if options.literature:
        print(citation.literature(study.root / "docs" / "literature.bib"))
        return
    parts = [citation.figure(study, name) for name in options.figure]
    parts += [citation.statement(study, name) for name in options.claim]
    form = citation.bibtex if options.bibtex else citation.csl if options.csl else citation.plain
    print(form(study.root / "CITATION.cff", *parts))


def archive(study: Study | None, options: argparse.Namespace) -> int:
    """Pack the study into one zip, or prove one that is there already."""
    from nbproof.deposit import archive

    if options.proved:
        wrong = archive.check(options.proved)
        print("\n".join(wrong) or f"{options.proved}: every file is as its manifest says.")
        return 1 if wrong else 0
    file = options.output or study.build / "archive" / archive.name(study)
    number = archive.make(study, file, options.doi, say)
    size = file.stat().st_size / 1e6
    print(f"{study.name(file)}  {number:,} files, {size:.0f} MB; its checksum lies beside it")
    return 0


def companion(study: Study, options: argparse.Namespace) -> None:
    """Typeset the PDF in each language."""
    from nbproof.deposit import companion

    for path in companion.write(study, options.output or study.build / "pdf"):
        print(f"{study.name(path)}  {path.stat().st_size / 1e6:.1f} MB")


def standards(study: Study, options: argparse.Namespace) -> None:
    """Write which standards the study meets."""
    from nbproof.deposit import standards

    print("\n".join(study.name(path) for path in standards.write(study)))


def site(study: Study, options: argparse.Namespace) -> int | None:
    """Build the rendered site if anything in it has changed, or update its translations."""
    from nbproof.pipeline import runs

    if options.translate:
        from nbproof.site import build

        for language, missing in build.translate(study).items():
            print(f"site/locale/{language}: {missing} texts without a translation")
        return None
    with _bar() as show:
        report = runs.reproduce(study, site=True, progress=show, say=say)
    built = "site" in {*report.ran, *report.current}
    said = "site in site/_build/html/: open index.html in a browser"
    return _tell(report.errors, _summary(report) + [said] * built)


def live(study: Study, options: argparse.Namespace) -> None:
    """Write what pages need to compute in a reader's browser; the site takes it along."""
    from nbproof.live import build

    folder = options.output or study.build / "live"
    made = build.build(study, options.pyodide, folder)
    size = sum(file["bytes"] for file in made["files"]) / 1e6
    print(f"{study.name(folder)}/  {len(made['files'])} files, {size:.1f} MB; next: make site")


def _given(options: argparse.Namespace) -> dict[str, str]:
    """The parameters of --parameter and --lang."""
    given: dict[str, str] = {}
    for text in [*options.parameter, *([] if options.lang is None else [f"lang={options.lang}"])]:
        name, equals, value = map(str.strip, text.partition("="))
        if not equals or not name:
            raise UsageError(f"-p {text!r}: expected name=value.")
        if name in given:
            raise UsageError(f"{name} is given twice: {name}={given[name]} and {name}={value}.")
        given[name] = value
    return given


def _place(study: Study, output: Path | None) -> Path | None:
    """--output, unless it lies among the collection's own files, which `verify` watches."""
    for own in (study.data, study.notebooks, study.figures, study.root / "src"):
        if output and output.resolve().is_relative_to(own):
            raise UsageError(f"--output {output} lies in {study.name(own)}/. Name another folder.")
    return output


def _folder(study: Study, notebooks: list[Path], given: dict) -> Path | None:
    """A folder for each set of parameters and for each copy; None: the collection's own places."""
    from nbproof.pipeline import collection
    from nbproof.pipeline.parameters import contract, plain, turned

    members = collection.members(study)
    copies = [path for path in notebooks if path not in members]
    if copies and notebooks[1:]:
        raise UsageError(f"{copies[0].name} is none of the collection's: run it by itself.")
    place, values = study.root / "output", given
    for copy in copies:
        place /= copy.relative_to(study.notebooks).with_suffix("")
        values = {name: value for name, (value, _) in turned(copy).items()} | given
    if values and not notebooks[1:]:
        values = plain(values, contract(notebooks[0]))  # one folder however a value is written
    if values:
        from nbproof.pipeline import grid

        return place / grid.folder_name(dict(sorted(values.items())))
    return place if copies else None


def _jobs(
    study: Study, options: argparse.Namespace, notebooks: list[Path], given: dict, folder: Path
) -> list:
    """Runs into `folder`; everything is checked here, before any kernel starts."""
    from nbproof.pipeline import releases
    from nbproof.pipeline.jobs import Job
    from nbproof.pipeline.parameters import ParameterError, check, contract, ran_with

    if given and len(notebooks) != 1 and set(given) != {"lang"}:
        raise UsageError(
            f"parameters go with one notebook: {command_line('reproduce NOTEBOOK -p name=value')}"
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
    if folder == study.root and not options.accept:
        releases.refuse(study)
    jobs = [
        Job(notebook, checked[notebook], folder / "notebooks" / notebook.name, folder / "figures")
        for notebook in notebooks
    ]
    for job in jobs:
        defaults = {name: rules["default"] for name, rules in contract(job.notebook).items()}
        earlier = job.executed.exists() and ran_with(job.executed) != defaults | job.parameters
        if earlier and not options.overwrite:
            raise UsageError(
                f"{job.executed} was run with other parameters: it and its figures would be replaced. "
                "Name another folder with --output, or add --overwrite."
            )
    return jobs


def _notebooks(study: Study, names: list[str], copies: bool = False) -> list[Path]:
    """The notebooks of these names, numbers or paths (default: all); copies: also those beside them."""
    from nbproof.pipeline import collection

    members, beside = collection.members(study), collection.others(study)
    if not names:
        return members
    chosen = dict.fromkeys(_meant(study, name, members, beside) for name in names)
    for path in chosen:
        if path in beside and not copies:
            raise UsageError(beside[path])
    return list(chosen)


def _meant(study: Study, text: str, members: list[Path], beside: Iterable[Path]) -> Path:
    """The notebook that is meant by a name, a number or a path."""
    notebooks = [*members, *beside]
    for path in (study.root / text, Path(os.path.abspath(text))):
        if path in notebooks:
            return path
        if path.is_file() and not path.is_relative_to(study.notebooks):
            raise UsageError(
                f"{text} is not in {study.notebooks}. Put it there, and name it again."
            )
    name = text.removesuffix(".ipynb")
    found = {p.relative_to(study.notebooks).with_suffix("").as_posix(): p for p in notebooks}
    number = [p for p in members if text.isdecimal() and re.match(rf"0*{int(text)}\D", p.name)]
    if name in found or len(number) == 1:
        return found.get(name) or number[0]
    raise UsageError(
        f"no notebook {text!r} in notebooks/.{hint(name, found, 0.3)} There are: {', '.join(found)}."
    )


def _write_graph(study: Study, file: Path) -> None:
    from nbproof.pipeline import diagram, graph

    try:
        write = diagram.FORMS[file.suffix]
    except KeyError:
        raise UsageError(
            f"--graph {file}: expected a name that ends in {', '.join(diagram.FORMS)}."
        ) from None
    steps = graph.steps(study)
    steps.append(graph.site(study, steps))
    text = write(study, steps)
    first = text.partition("\n")[0].encode()
    if file.is_file() and not file.read_bytes().startswith(first):
        raise UsageError(f"--graph {file}: it is there, and is no graph. Name another file.")
    file.write_text(text, encoding="utf-8")


COMMANDS = {
    function.__name__: function
    for function in (
        clean, reproduce, sweep, status, verify, parameters, trace, site, live, cite, archive, companion,
        standards,
    )
}  # fmt: skip
