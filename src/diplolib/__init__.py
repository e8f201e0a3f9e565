"""Clean tables, figures and checks for studies of city diplomacy."""

from typing import Any

from nbproof import study

study.DEFAULT = "diplolib.face:FACE"  # for studies without code of their own

# What a person needs, by name, so that a module that needs only its package is not taken to need all of it.
OFFERED = {
    "agreements": "diplolib.api",
    "timeline": "diplolib.api",
    "world_map": "diplolib.api",
    "compare": "diplolib.comparison",
    "locate": "diplolib.locating",
    "trace": "nbproof.lineage",
}


def __getattr__(name: str) -> Any:
    """`diplolib.trace` and the others, loaded when asked for: importing the package stays light."""
    if name in OFFERED:
        from importlib import import_module

        return getattr(import_module(OFFERED[name]), name)
    raise AttributeError(f"module 'diplolib' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(OFFERED)
