"""Text as text, one function a target: what a name says is never markup, a formula or a command there."""

import re
from typing import TextIO

# Controls, and marks that turn the direction of what follows. Tabs and line ends stay.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# What Markdown may read as a link, a picture, emphasis, code, a role or a cell; and in whole sentences,
# whose emphasis is their own, as a link or a picture.
_MARKUP, _LINKS = re.compile(r"[\\`*_{}\[\]|~]"), re.compile(r"[\[\]]")
# A cell that a spreadsheet would run. A lone dash is data.
FORMULA = re.compile(r"^(?:[=+@＝＋＠]|-[^\d\s.,]|-.*[(|!])")


def terminal(text: str) -> str:
    """What a terminal shows and does not obey: controls by their names, such as \\x1b."""
    return _CONTROLS.sub(lambda found: repr(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """The same on one line, so that no text passes for the next line."""
    return terminal(text).replace("\n", "\\n")


def markdown(text: str) -> str:
    """A name inside Markdown, in a notebook or on a page: what would mean something there, as entities."""
    return _entities(_MARKUP, text)


def sentence(text: str) -> str:
    """A sentence of Markdown that is filled with names: it may stress words, not link or show pictures."""
    return _entities(_LINKS, text)


def _entities(meaning: re.Pattern, text: str) -> str:
    text = meaning.sub(lambda found: f"&#{ord(found[0])};", text.replace("<", "&lt;"))
    # A dollar sign stands in an element of its own: what is set as a formula must lie in one element.
    return text.replace("$", r"<span>\$</span>")


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
