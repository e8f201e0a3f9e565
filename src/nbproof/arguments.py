"""What the commands take: the parser of the command line, with its help."""

import argparse
import pkgutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import ClassVar

from nbproof import study as studies
from nbproof.files import toml
from nbproof.study import Face, StudyError, UsageError, hint


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


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number from 1")
    return int(text)


TYPES = {"path": Path, "positive": _positive}


def parser(name: str, added: Iterable[ModuleType] = ()) -> argparse.ArgumentParser:
    """The parser of the program `name`; `command` of what it returns names a function of `nbproof.cli`.

    What the commands take, and the examples below their help, stands in arguments.toml. added: modules of
    studies in general and of this one; what stands beside each as a TOML file adds to that.
    """
    look = {"formatter_class": argparse.RawDescriptionHelpFormatter, "allow_abbrev": False}
    where = {"metavar": "DIR", "help": "the study's folder (default: found from the current one)"}
    trust = {"action": "store_true", "help": "run the code that the study brings"}
    known = _known([Path(str(module.__file__)) for module in added])
    below = _below(known.pop("examples", "").format(name))
    described = "Clean tables and figures of a study."
    made = _Parser(prog=name, description=described, epilog=below, **look)
    made.add_argument("--study", **where)
    made.add_argument("--trust", **trust)
    made.add_argument("--version", action=_Version, nargs=0, help="show the release and exit")
    commands = made.add_subparsers(required=True, metavar="command")
    made.commands = commands.choices
    for command, said in known.items():
        help, below = said["help"], _below(said.get("examples", ""), said.get("more", ""))
        one = commands.add_parser(command, help=help, description=help, epilog=below, **look)
        one.set_defaults(command=command, anywhere=said.get("anywhere", False))
        one.usage = said["usage"].format(name) if "usage" in said else None
        one.add_argument("--study", default=argparse.SUPPRESS, **where)
        one.add_argument("--trust", default=argparse.SUPPRESS, **trust)
        for words, rules in said.get("arguments", {}).items():
            kind = {"type": TYPES[rules["type"]]} if "type" in rules else {}
            one.add_argument(*words.split(), **rules | kind)
    return made


def _known(modules: list[Path]) -> dict:
    """All commands by name, and the program's examples; those of later modules follow."""
    known: dict = {"examples": ""}
    for module in [Path(__file__), *modules]:
        own = toml(module.with_suffix(".toml"), module.with_suffix(".toml").name)
        known["examples"] += own.pop("examples", "")
        for command, said in own.items():
            known[command] = known.get(command, {}) | said
    return known


def _below(examples: str, more: str = "") -> str:
    return "\n\n".join(filter(None, [more, examples and f"examples:\n{examples}"]))
