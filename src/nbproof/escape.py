"""Text as text, one function a target: what a name says is never markup, a formula or a command there."""

import re
from html import escape as html
from typing import TextIO

# Controls, and marks that turn the direction of what follows. Tabs and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# What Markdown may read as a link, a picture, emphasis, code, a heading, a list, a table or a reference.
_MARKUP = re.compile(r"[\\`*_{}\[\]()#+!|~^@:-]")
# A cell that a spreadsheet would run. A lone dash is data.
FORMULA = re.compile(r"^(?:[=+@＝＋＠]|-[^\d\s.,]|-.*[(|!])")


def terminal(text: str) -> str:
    """What a terminal shows and does not obey: controls by their names, such as \\x1b."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def line(text: str) -> str:
    """The same on one line, so that no text passes for the next line."""
    return terminal(text).replace("\n", "\\n")


def markdown(text: str) -> str:
    """Text inside a sentence of Markdown, in a notebook or on a page: characters that mean something, as entities.

    Dollar signs stand in an element of their own: MathJax does not look across one.
    """
    shown = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", html(text, quote=False))
    return shown.replace("$", "<span>$</span>")


def drawing(text: str) -> str:
    """Text that matplotlib shows as it is: a dollar sign is no formula."""
    return text.replace("$", r"\$")


def spreadsheet(text: str) -> str:
    """A cell that no spreadsheet runs."""
    return FORMULA.sub(r"'\g<0>", text)


class Terminal:
    """A stream that shows controls by their names, whatever is printed to it."""

    def __init__(self, stream: TextIO):
        self.stream = stream

    def write(self, text: str) -> int:
        return self.stream.write(terminal(text))

    def __getattr__(self, name: str):
        return getattr(self.stream, name)
