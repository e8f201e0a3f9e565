"""The study's texts as a page shows them."""

import re
import unicodedata

from markupsafe import Markup, escape

# Readers have the article's pages, not the text whose lines the tables count.
LINES = re.compile(r"\s*\(lines? [\d–, -]+\)|,? lines? \d+(?:–\d+)?,?")


def shown(text: str) -> Markup:
    """A cell of prose: `code` as code, without the lines of a text that the reader does not have."""
    said = LINES.sub("", str(escape(text)))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", said))


def slug(text: str) -> str:
    """A name as it stands in an address."""
    # Letters without their marks; ı has none to lose.
    plain = unicodedata.normalize("NFD", text.replace("ı", "i"))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f]", "", plain).lower()).strip("-")
