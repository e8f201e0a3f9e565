"""A notebook's parameter contract: names, types, allowed values and defaults.

The rules and the declared defaults stand in the notebook's metadata (`nbproof.parameters`), the values
that it is run with in its cell tagged `parameters`. Everything is checked before a kernel starts:
papermill itself only warns of an unknown name and would draw the default figure.
"""

import ast
import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbproof.files import write_bytes
from nbproof.pipeline import checksums
from nbproof.study import StudyError, command_line, hint

TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}
NOUNS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
}
BOUNDS = {"minimum": "from", "maximum": "to"}
BOOLEANS = {"true": True, "false": False}


class ParameterError(StudyError):
    """A parameter that the notebook does not take, or a value that it does not allow."""


def contract(notebook: Path) -> dict[str, dict]:
    """Each parameter's type, allowed values (enum, minimum, maximum), title, and its cell's value as default.

    Raises ParameterError for a file that is no notebook, or one whose parameters cell says another thing.
    """
    content, declared = _read(notebook)
    defaults = {}
    if declared or _tagged(content["cells"], "parameters"):
        defaults = _defaults(notebook, content["cells"])
    if set(declared) != set(defaults):
        different = ", ".join(sorted(set(declared) ^ set(defaults)))
        raise ParameterError(
            f"{notebook.name}: the parameters cell and the notebook's metadata differ in {different}."
        )
    return {name: {**rules, "default": defaults[name]} for name, rules in declared.items()}


def declared(notebook: Path) -> dict[str, dict]:
    """The rules of `contract` with the declared defaults, whatever the parameters cell says."""
    return _read(notebook)[1]


def _read(notebook: Path) -> tuple[dict, dict[str, dict]]:
    try:
        content = checksums.notebook(notebook)
        for cell in content["cells"]:
            "".join(cell["source"]), cell["metadata"].get("tags")
        rules = dict(content["metadata"].get("nbproof", {}).get("parameters", {}))
        for rule in rules.values():
            NOUNS[rule["type"]], set(rule.get("enum", []))
        return content, rules
    except FileNotFoundError:
        raise ParameterError(
            f"{notebook.name}: there is no such notebook in {notebook.parent}."
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ParameterError(f"{notebook.name}: not a notebook ({error!r}).") from None


def turned(notebook: Path) -> dict[str, tuple]:
    """The parameters whose cell says another value than is declared: both values."""
    rules, found = declared(notebook), {}
    for name, cell in contract(notebook).items() if rules else ():
        value = cell["default"]
        default = rules[name].get("default", value)
        if (type(value), value) != (type(default), default):  # True == 1
            found[name] = typed(notebook.name, name, value, cell), default
    return found


def ran_with(executed: Path) -> dict | None:
    """The values that an executed notebook was run with; None if it does not say."""
    try:
        known = contract(executed)
        given = _defaults(executed, _read(executed)[0]["cells"], "injected-parameters")
    except ParameterError:
        return None
    return {name: rules["default"] for name, rules in known.items()} | given


def prove(notebooks: Iterable[Path]) -> None:
    """Raises ParameterError where the collection's notebooks would run with other values than declared."""
    said = [
        f"{notebook.stem}: {name} is {value!r}, declared {default!r}; to get back, write "
        f"{name} = {default!r} into the cell tagged parameters, and save"
        for notebook in notebooks
        for name, (value, default) in turned(notebook).items()
    ]
    if said:
        raise ParameterError(
            "\n".join(said) + "\nNothing was run or replaced. For another choice, beside the "
            f"collection: {command_line('reproduce NOTEBOOK -p NAME=VALUE')}. To declare it for all who come "
            f"after: {command_line('reproduce --accept')}"
        )


def accept(notebooks: Iterable[Path]) -> list[str]:
    """Declare what the parameters cells say; returns what has become different."""
    said = []
    for notebook in notebooks:
        if found := turned(notebook):
            content = json.loads(notebook.read_bytes())
            for name, (value, default) in found.items():
                rules = content["metadata"]["nbproof"]["parameters"]
                rules[name] = dict(sorted({**rules[name], "default": value}.items()))
                said.append(f"{notebook.stem}: {name} was {default!r}, is now declared {value!r}")
            text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
            write_bytes(notebook, text.encode())
    return said


def allowed(rules: dict) -> str:
    """The values that a parameter may take, in words."""
    if "enum" in rules:
        return "one of " + ", ".join(rules["enum"])
    bounds = [f"{word} {rules[key]}" for key, word in BOUNDS.items() if key in rules]
    return " ".join([NOUNS[rules["type"]], *bounds])


def check(notebook: Path, given: dict, known: dict[str, dict] | None = None) -> dict:
    """`given` with the contract's types; values may be text, as a command line gives them.

    known: the notebook's contract, if it has been read already. Returns only what differs from the
    defaults. Raises ParameterError, with the nearest valid name or the allowed values.
    """
    known = known or contract(notebook)
    checked = {}
    for name, value in given.items():
        if name not in known:
            raise ParameterError(
                f"{notebook.name} has no parameter {name!r}.{hint(name, known, 0.4)} "
                f"It takes {', '.join(known) or 'none'}."
            )
        value = typed(notebook.name, name, value, known[name])
        if value != known[name]["default"]:
            checked[name] = value
    limits = {name: checked.get(name, rules["default"]) for name, rules in known.items()}
    if limits.get("year_from", 0) > limits.get("year_to", 9999):
        raise ParameterError(
            f"{notebook.name}: year_from={limits['year_from']} lies after "
            f"year_to={limits['year_to']}."
        )
    return checked


def plain(given: dict, known: dict[str, dict]) -> dict:
    """`given` as values, as far as the contract `known` allows them."""
    found = dict(given)
    for name in set(given) & set(known):
        with suppress(ParameterError):
            found[name] = typed("", name, given[name], known[name])
    return found


def typed(notebook: str, name: str, given: Any, rules: dict) -> Any:
    """One value with its contract's type; raises ParameterError if the contract does not allow it."""
    wanted, value = TYPES[rules["type"]], given
    if isinstance(given, str):
        with suppress(ValueError, KeyError):
            value = BOOLEANS[given.lower()] if wanted is bool else wanted(given)
    elif wanted is float and type(given) is int:
        value = float(given)
    # In Python True is an int; as a year it is a mistake. Not a number is within no bounds.
    if (
        type(value) is not wanted
        or value not in rules.get("enum", [value])
        or not rules.get("minimum", value) <= value <= rules.get("maximum", value)
    ):
        near = hint(str(given), rules.get("enum", ()), 0.4)
        raise ParameterError(f"{notebook}: {name}={given!r}; expected {allowed(rules)}.{near}")
    return value


def _defaults(notebook: Path, cells: list[dict], tag: str = "parameters") -> dict:
    """The parameters cell holds plain assignments of literals and nothing else.

    A variable derived inside it would keep its default value when a parameter is injected after it.
    """
    cells = _tagged(cells, tag)
    if len(cells) != 1 and tag == "parameters":
        raise ParameterError(
            f"{notebook.name}: expected one cell tagged parameters, found {len(cells)}. Put it back as "
            f"it was: undo it in JupyterLab, or `git checkout -- notebooks/{notebook.name}`."
        )
    defaults, line = {}, 0
    statement: Any
    try:
        for statement in ast.parse("".join("".join(cell["source"]) for cell in cells)).body:
            line = statement.lineno
            (target,) = statement.targets
            defaults[target.id] = ast.literal_eval(statement.value)
    except SyntaxError as error:
        said = f"line {error.lineno}: not Python ({error.msg})"
        raise ParameterError(f"{notebook.name}, parameters cell, {said}.") from None
    except (AttributeError, ValueError):
        said = f"line {line}: expected `name = literal value`"
        raise ParameterError(f"{notebook.name}, parameters cell, {said}.") from None
    return defaults


def _tagged(cells: list[dict], tag: str) -> list[dict]:
    return [cell for cell in cells if tag in cell["metadata"].get("tags", [])]
