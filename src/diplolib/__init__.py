"""Clean tables, figures and checks for studies of city diplomacy."""

from typing import Any

from nbproof import study

study.DEFAULT = "diplolib.face:FACE"  # for studies without code of their own


def __getattr__(name: str) -> Any:
    """`diplolib.trace`, loaded when it is asked for: importing the package stays light.

    By name, so that a module that needs only its package is not taken to need all that trace does.
    """
    if name == "trace":
        from importlib import import_module

        return import_module("nbproof.lineage").trace
    raise AttributeError(f"module 'diplolib' has no attribute {name!r}")
