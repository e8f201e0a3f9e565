"""A notebook's parameter contract: names, types, allowed values and defaults.

The allowed values stand in the notebook's metadata (`diplolib.parameters`), the defaults in its cell
tagged `parameters`. Everything is checked before a kernel starts: papermill itself only warns of an
unknown name and would draw the default figure.
"""

import ast
import difflib
from pathlib import Path

import nbformat

from diplolib.study import StudyError

TYPES = {"string": str, "integer": int, "number": float, "boolean": bool}


class ParameterError(StudyError):
    """A parameter that the notebook does not take, or a value that it does not allow."""


def contract(notebook: Path) -> dict[str, dict]:
    """Each parameter's type, allowed values (enum, minimum, maximum), title and default.

    Raises ParameterError for a file that is no notebook, or one whose parameters cell says another thing.
    """
    try:
        content = nbformat.read(notebook, as_version=4)
    except Exception as error:  # of many types, one a way in which a file is no notebook
        raise ParameterError(f"{notebook.name}: not a notebook ({error}).") from None
    declared = content.metadata.get("diplolib", {}).get("parameters", {})
    try:
        defaults = _defaults(content)
    except SyntaxError as error:
        raise ParameterError(
            f"{notebook.name}, parameters cell, line {error.lineno}: not Python ({error.msg})."
        ) from None
    if set(declared) != set(defaults):
        different = ", ".join(sorted(set(declared) ^ set(defaults)))
        raise ParameterError(
            f"{notebook.name}: the parameters cell and the notebook's metadata differ in {different}."
        )
    return {name: {**rules, "default": defaults[name]} for name, rules in declared.items()}


def check(notebook: Path, given: dict, known: dict[str, dict] | None = None) -> dict:
    """`given` with the contract's types; values may be text, as a command line gives them.

    known: the notebook's contract, if it has been read already. Returns only what differs from the
    defaults. Raises ParameterError, with the nearest valid name or the allowed values.
    """
    known = known or contract(notebook)
    checked = {}
    for name, value in given.items():
        if name not in known:
            near = difflib.get_close_matches(name, known, 1, cutoff=0.4)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise ParameterError(
                f"{notebook.name} has no parameter {name!r}.{hint} It takes {', '.join(known)}."
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


def typed(notebook: str, name: str, value, rules: dict):
    """One value with its contract's type; raises ParameterError if the contract does not allow it."""
    wanted = TYPES[rules["type"]]
    if isinstance(value, str) and wanted is not str:
        texts = {"true": True, "false": False}
        try:
            value = texts[value.lower()] if wanted is bool else wanted(value)
        except (ValueError, KeyError):
            raise _refused(notebook, name, value, rules) from None
    if wanted is float and type(value) is int:
        value = float(value)
    # In Python True is an int; as a year it is a mistake.
    if type(value) is not wanted:
        raise _refused(notebook, name, value, rules)
    if "enum" in rules and value not in rules["enum"]:
        raise _refused(notebook, name, value, rules)
    # Written this way round, NaN is refused as well.
    if wanted in (int, float) and not (
        rules.get("minimum", value) <= value <= rules.get("maximum", value)
    ):
        raise _refused(notebook, name, value, rules)
    return value


def _refused(notebook: str, name: str, value, rules: dict) -> ParameterError:
    if "enum" in rules:
        near = difflib.get_close_matches(str(value), rules["enum"], 1, cutoff=0.4)
        hint = f" Did you mean {near[0]}?" if near else ""
        wanted = "one of " + ", ".join(rules["enum"])
    else:
        hint = ""
        bounds = [f"{word} {rules[key]}" for key, word in BOUNDS.items() if key in rules]
        wanted = " ".join([NOUNS[rules["type"]], *bounds])
    return ParameterError(f"{notebook}: {name}={value!r}; expected {wanted}.{hint}")


BOUNDS = {"minimum": "from", "maximum": "to"}
NOUNS = {
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "string": "text",
}


def _defaults(content: nbformat.NotebookNode) -> dict:
    """The parameters cell holds plain assignments of literals and nothing else.

    A variable derived inside it would keep its default value when a parameter is injected after it.
    """
    cells = [cell for cell in content.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise ParameterError(f"expected one cell tagged parameters, found {len(cells)}.")
    defaults = {}
    for statement in ast.parse(cells[0].source).body:
        try:
            (target,) = statement.targets
            defaults[target.id] = ast.literal_eval(statement.value)
        except (AttributeError, ValueError):
            raise ParameterError(
                f"parameters cell, line {statement.lineno}: expected `name = literal value`."
            ) from None
    return defaults
