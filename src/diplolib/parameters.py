"""A notebook's own look at its parameters, in the cell after them."""

import ast
import sys
from contextlib import suppress
from difflib import get_close_matches

from diplolib import study
from diplolib.pipeline import parameters
from diplolib.pipeline.parameters import ParameterError

INJECTED = "# Parameters\n"  # how papermill begins the cell that it puts after the parameters cell


def check(notebook: str, names: dict) -> None:
    """Hold a notebook's variables to its contract, as the command line does; text becomes what it stands for.

    notebook: the name under which its contract is kept, such as "02-timeline"; names: `globals()`.
    From then on an error of the library shows as one line, without a traceback.
    Raises ParameterError for a value that is not allowed, a name that is unknown or one that is not set.
    """
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell:
        shell.set_custom_exc((study.StudyError,), _in_one_line)
    path = study.find().notebooks / f"{notebook}.ipynb"
    rules = parameters.declared(path)
    if shell and (slip := _slip(shell.user_ns.get("In", [])[:-1], rules)):
        parameters.check(path, {slip: None}, rules)  # says which name is meant
    missing = [name for name in rules if name not in names]
    if missing:
        lines = "; ".join(f"{name} = {rules[name].get('default')!r}" for name in missing)
        raise ParameterError(
            f"{path.name}: {', '.join(missing)} {'are' if missing[1:] else 'is'} not set. Write into the "
            f"parameters cell, and run it: {lines}"
        )
    values = {name: parameters.typed(path.name, name, names[name], rules[name]) for name in rules}
    parameters.check(path, values, rules)
    names.update(values)


def _slip(cells: list[str], rules: dict) -> str | None:
    """A misspelt parameter in the parameters cell as it was last run.

    What an earlier run has set under the right name is still among the variables.
    """
    for source in reversed(cells):
        with suppress(SyntaxError):
            targets = [s.targets[0] for s in ast.parse(source).body if isinstance(s, ast.Assign)]
            found = {target.id for target in targets if isinstance(target, ast.Name)}
            if found & set(rules) and not source.startswith(INJECTED):
                left = set(rules) - found
                slips = (
                    name for name in found - set(rules) if get_close_matches(name, left, 1, 0.7)
                )
                return next(slips, None)
    return None


def _in_one_line(shell, kind, error, traceback, tb_offset=None) -> None:
    shell._showtraceback(kind, error, [str(error)])
