"""The command `diplolib`: the frame of nbproof, with the commands of the study it is called in."""

from nbproof.cli import main

__all__ = ["main"]
