"""A Sphinx extension: what the pages' search looks through, and the words that open the glossary.

Sphinx's own index folds no Turkish letters. Here each page gives its headings and paragraphs, the study
its own entries (`entries.json` among the sources), and `_static/search.js` folds both sides alike.
`terms.json`, if there is one, holds the words that are explained where a page uses them first.
"""

import json
import re
from html import escape
from pathlib import Path
from textwrap import shorten

from docutils import nodes
from sphinx import addnodes

INDEX = "search-entries.js"
LONGEST = 2000  # characters of a section that are looked through; few are longer
FOR_DEVELOPERS = ("library/", "cluster", "benchmark")  # pages found by their headings
PROSE = (nodes.paragraph, nodes.emphasis, nodes.strong)


def setup(app) -> dict:
    app.connect("builder-inited", _begin)
    app.connect("doctree-resolved", _collect)
    app.connect("doctree-resolved", _explain)
    app.connect("build-finished", _write)
    return {"parallel_read_safe": True, "parallel_write_safe": False}


def _begin(app) -> None:
    app.builder.search = False
    app.search_entries = []
    app.search_terms = _told(app, "terms.json")


def _told(app, name: str) -> list:
    file = Path(app.srcdir) / name
    return json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []


def _collect(app, doctree, docname: str) -> None:
    """An entry a heading: page and heading, its paragraphs, its address."""
    page = ""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title).astext()
        page = page or title
        said = [
            " ".join(paragraph.astext().split())
            for part in section.children
            if not isinstance(part, nodes.section | addnodes.desc)
            for paragraph in part.findall(nodes.paragraph)
            if not isinstance(paragraph.parent, nodes.entry)  # tables are found by their headings
        ]
        address = f"{docname}.html" + ("" if title == page else f"#{section['ids'][0]}")
        shown = title if title == page else f"{page}: {title}"
        text = "" if docname.startswith(FOR_DEVELOPERS) else shorten(" ".join(said), LONGEST)
        app.search_entries.append(["page", shown, address, text])


def _explain(app, doctree, docname: str) -> None:
    """The first use of each word of the glossary on a page leads to it, with its meaning beside it."""
    known = {name.casefold(): term for term in app.search_terms for name in term["names"]}
    if not known or docname == app.search_terms[0]["page"]:
        return
    names = "|".join(sorted(map(re.escape, known), key=len, reverse=True))
    # English adds a plural, Turkish endings of many kinds.
    ending = r"\w*" if app.config.language == "tr" else "s?"
    pattern = re.compile(rf"\b({names}){ending}\b", re.IGNORECASE)
    root, used = "../" * docname.count("/"), set()
    for text in list(doctree.findall(nodes.Text)):
        found = pattern.search(text.astext())
        term = found and known.get(found[1].casefold())
        if not term or term["id"] in used or not isinstance(text.parent, PROSE):
            continue
        if any(isinstance(one, nodes.reference | nodes.title) for one in _above(text)):
            continue
        used.add(term["id"])
        link = (
            f'<a class="term" href="{root}{term["page"]}.html#{term["id"]}" '
            f'data-definition="{escape(term["definition"])}">{escape(found[0])}</a>'
        )
        said = text.astext()
        parts = [nodes.Text(said[: found.start()]), nodes.raw("", link, format="html")]
        text.parent.replace(text, [*parts, nodes.Text(said[found.end() :])])


def _above(node):
    while node.parent is not None:
        node = node.parent
        yield node


def _write(app, error) -> None:
    if error or app.builder.name != "html":
        return
    entries = [*_told(app, "entries.json"), *app.search_entries]
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    # A script, since a page that is opened from a folder may fetch nothing else.
    (Path(app.outdir) / INDEX).write_text(f"window.SEARCH_ENTRIES={text};\n", encoding="utf-8")
