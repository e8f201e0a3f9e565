"""Which modules of the study's packages, and which of other projects, a piece of code needs to run.

grimp finds the imports, those inside functions too. It takes longer than a run with nothing to do may
take, so what it found is kept in `build/` beside the checksums of the sources it was found in.
"""

import ast
import functools
import json
import os
import sys
from collections.abc import Collection, Iterable
from importlib.util import find_spec
from pathlib import Path

from nbproof.pipeline.checksums import exact

OWN = __name__.partition(".")[0]


class Library:
    """The modules of some packages, this one among them, and their imports.

    cache: a JSON file that may be deleted at any time. Raises ModuleNotFoundError for a package that
    is not installed.
    """

    def __init__(self, cache: Path, packages: Iterable[str] = ()):
        self.packages = frozenset({OWN, *packages})
        self.files: dict[str, Path] = {}
        self._beside: dict[str, set[Path]] = {}  # by package: labels, for one
        for name in self.packages:
            self._walk(name, folder(name))
        sums = {name: exact(path) for name, path in self.files.items()}
        kept = _read(cache)
        if kept.get("sums") != sums:
            kept = {"sums": sums, **self._found(sums, kept)}
            cache.parent.mkdir(parents=True, exist_ok=True)
            cache.write_text(json.dumps(kept), encoding="utf-8")
        self._inside: dict[str, list[str]] = kept["inside"]
        self._outside = {
            name: [other for other in others if other.partition(".")[0] not in self.packages]
            for name, others in kept["outside"].items()
        }

    def _walk(self, name: str, place: Path, package: str = "") -> None:
        """Find what lies in `place`: the module `name` if that is a package, else part of `package`."""
        package = name if (place / "__init__.py").exists() else package
        beside = self._beside.setdefault(package, set())
        for entry in os.scandir(place):
            stem, kind = os.path.splitext(entry.name)
            if entry.is_dir(follow_symlinks=False):
                self._walk(f"{name}.{entry.name}", Path(entry.path), package)
            elif kind == ".py" and package == name:
                self.files[f"{name}.{stem}".removesuffix(".__init__")] = Path(entry.path)
            elif kind not in (".py", ".pyc") and entry.is_file():
                beside.add(Path(entry.path))

    def _found(self, sums: dict, kept: dict) -> dict:
        """The imports; a file that is as it was is not taken apart again."""
        import grimp

        graph = grimp.build_graph(*sorted(self.packages), cache_dir=None)
        inside = {
            name: sorted(graph.find_modules_directly_imported_by(name)) for name in self.files
        }
        outside = {
            name: kept["outside"][name]
            if kept.get("sums", {}).get(name) == sums[name]
            else sorted(imported(ast.parse(path.read_text(encoding="utf-8")), ()))
            for name, path in self.files.items()
        }
        return {"inside": inside, "outside": outside}

    def closure(self, names: Iterable[str]) -> set[str]:
        """All modules that are executed when `names` (modules, or names in one) are imported."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            # Importing a.b.c executes a and a.b first; a name that is no module stands in one.
            while name and name not in found:
                if name in self.files:
                    found.add(name)
                    waiting += self._inside[name]
                name = name.rpartition(".")[0]
        return found

    def sources(self, modules: Iterable[str]) -> set[Path]:
        """The modules' files, and what lies beside a package's code: labels, for one."""
        found = set()
        for name in modules:
            found |= {self.files[name]} | self._beside.get(name, set())
        return found

    def outside(self, modules: Iterable[str]) -> set[str]:
        """Modules of other projects that `modules` import by themselves."""
        return {other for name in modules for other in self._outside[name]}


@functools.cache
def folder(package: str) -> Path:
    """The folder of an installed package."""
    spec = find_spec(package)
    if spec is None or not spec.origin:
        raise ModuleNotFoundError(f"no package {package!r} is installed", name=package)
    return Path(spec.origin).parent


def imported(tree: ast.AST, packages: Collection[str]) -> set[str]:
    """Every module that the code names in an import, without those of the standard library.

    `from a import b` gives a.b too if a is one of `packages`: b may be a module.
    """
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            if node.module.partition(".")[0] in packages:
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if name.partition(".")[0] not in sys.stdlib_module_names}


def _read(cache: Path) -> dict:
    try:
        return json.loads(cache.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
