"""A notebook's own look at its parameters, in the cell after them."""

import sys
from typing import Any

from nbproof import study
from nbproof.pipeline import parameters
from nbproof.pipeline.parameters import ParameterError


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
    # A misspelt parameter leaves the right one as it was. Tables may be called like parameters.
    values = {name for name, value in names.items() if isinstance(value, str | int | float)}
    for slip in sorted(values - set(rules)):
        if study.hint(slip, rules, 0.85):
            del names[slip]  # else it would be there still when its cell has been corrected
            parameters.check(path, {slip: None}, rules)  # says which name is meant
    missing = [name for name in rules if name not in names]
    try:
        given = {n: parameters.typed(path.name, n, names[n], rules[n]) for n in rules if n in names}
        parameters.check(path, given, rules)
    except ParameterError:
        for name in rules:  # else the cells below, run one by one, would take what was refused
            names.pop(name, None)
        raise
    if missing:
        lines = "; ".join(f"{name} = {rules[name].get('default')!r}" for name in missing)
        raise ParameterError(
            f"{path.name}: {', '.join(missing)} {'are' if missing[1:] else 'is'} not set. Write into the "
            f"parameters cell, and run it: {lines}"
        )
    names.update(given)


def _in_one_line(
    shell: Any, kind: type, error: Exception, traceback: object, tb_offset: object = None
) -> None:
    shell._showtraceback(kind, error, [str(error)])
