"""Small pieces of HTML that several pages share."""

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape

import pandas as pd
from babel.dates import format_date

from nbproof.labels import Labels

LOCALES = {"en": "en_GB"}  # how dates are written


def link(address: str, text: str, kind: str = "") -> str:
    """An anchor; `kind` is its class."""
    return f"<a{attributes({'class': kind, 'href': address})}>{escape(text)}</a>"


def attributes(values: Mapping[str, str]) -> str:
    """HTML attributes, empty ones left out."""
    return "".join(f' {name}="{escape(str(value))}"' for name, value in values.items() if value)


def table(
    frame: pd.DataFrame, titles: Mapping[str, str], label: str, english: Iterable = ()
) -> str:
    """A table that scrolls by itself, also by keyboard.

    titles: the heading of each column. label: the region's name for screen readers. english: columns
    whose cells are English on a page in another language.
    """
    english = set(english)
    head = "".join(f'<th scope="col">{escape(titles.get(c, c))}</th>' for c in frame.columns)
    lines = []
    for row in frame.itertuples(index=False):
        cells = (
            f"<td{attributes({'lang': 'en' if column in english else ''})}>{cell(value)}</td>"
            for column, value in zip(frame.columns, row, strict=True)
        )
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return scrolling(
        f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n"
        + "\n".join(lines)
        + "\n</tbody></table>",
        label,
    )


def facts(values: Mapping[str, object], words: Labels) -> str:
    """Names beside values; what a machine is has names of its own in each language."""
    items = []
    for name, value in values.items():
        if f"site.machine.{name}" in words:
            name = words[f"site.machine.{name}"]
        shown = words.number(value) if isinstance(value, float) else str(value)
        items.append(f"<dt>{escape(name)}</dt><dd>{escape(shown)}</dd>")
    return f'<dl class="facts">{"".join(items)}</dl>'


def day(when: date, language: str) -> str:
    """A date in words."""
    return format_date(when, "long", locale=LOCALES.get(language, language))


def cell(value) -> str:
    """A cell's text; unknown stays empty."""
    return "" if pd.isna(value) else escape(str(value))


def scrolling(content: str, label: str) -> str:
    """Content wider than a phone: it scrolls inside its own frame, which the keyboard can reach."""
    inside = attributes({"class": "wide", "tabindex": "0", "role": "region", "aria-label": label})
    return f"<div{inside}>\n{content}\n</div>"
