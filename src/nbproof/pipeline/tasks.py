"""The parts of doit that are used.

Its package imports its program too, with plugins, loader and debugger: that takes longer than to see that
nothing has changed, and its parts do without.
"""

import sys
import types
from importlib.util import find_spec

_spec, _package = find_spec("doit"), types.ModuleType("doit")
_package.__path__ = _spec.submodule_search_locations or [] if _spec else []
_found = sys.modules.setdefault("doit", _package)
try:
    from doit.control import TaskControl
    from doit.dependency import DatabaseException, Dependency, FileChangedChecker, JsonDB
    from doit.exceptions import TaskError, UnmetDependency
    from doit.reporter import ZeroReporter
    from doit.runner import MThreadRunner
    from doit.task import Task
finally:
    if _found is _package:  # who asks for doit itself gets it whole
        del sys.modules["doit"]

__all__ = (
    "DatabaseException", "Dependency", "FileChangedChecker", "JsonDB", "MThreadRunner", "Task", "TaskControl",
    "TaskError", "UnmetDependency", "ZeroReporter",
)  # fmt: skip
