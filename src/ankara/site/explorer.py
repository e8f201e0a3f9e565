"""The explorer: one page with map, timeline, ranking and table of all agreements, whole in one file.

It opens from disk with no network: data, charts, style and script stand in it. The table is plain HTML,
so that it can be read without a script too.
"""

import html
import json
import re
from importlib import resources
from pathlib import Path
from string import Template

from ankara.site import explorer_data
from nbproof import citation
from nbproof.files import write_bytes
from nbproof.labels import Labels, load
from nbproof.study import Study

# The table's columns, in order; the rest of a row stands in the fold under the partner's name.
COLUMNS = (
    "partner",
    "country_code",
    "year",
    "municipality",
    "level",
    "form",
    "region",
    "confidence",
)
# By others, in vendor/; Plot builds on d3.
SCRIPTS = ("d3.min.js", "plot.umd.min.js")


def write(study: Study, path: Path, home: str = "") -> Path:
    """Write the page; `home` is the address of the site it belongs to, if any. Returns the path."""
    write_bytes(path, build(study, home).encode())
    return path


def build(study: Study, home: str = "") -> str:
    """The page. Raises TableError for a broken table, and StudyError where study.csv does not fit it."""
    content = explorer_data.content(study)
    words = load("en", study)
    template = Template(_labelled(_part("explorer.html"), words))
    return template.substitute(
        title=html.escape(content["study"]["title"]),
        style=_part("explorer.css"),
        languages=_languages(),
        dek=html.escape(words.fill("explorer.dek", **facts(content))),
        head="".join(_header(name, content, words) for name in COLUMNS),
        rows="\n".join(static_rows(content, words)),
        citation=html.escape(citation.plain(study.root / "CITATION.cff")),
        home=_home(home, words),
        content=_json(content),
        licences=_part("vendor/LICENSES"),
        runtime="\n".join(_script(_part(f"vendor/{name}")) for name in SCRIPTS),
        module=_part("explorer.mjs"),
    )


def facts(content: dict) -> dict:
    """What the first paragraph says of all agreements: n, places, countries, first, last."""
    rows = [_named(content, row) for row in content["rows"]]
    placed = [row for row in rows if row["country_code"]]
    return {
        "n": len(rows),
        "places": len({row["place_id"] for row in placed}),
        "countries": len({row["country_code"] for row in placed}),
        "first": min(row["year"] for row in rows),
        "last": max(row["year"] for row in rows),
    }


def static_rows(content: dict, words: Labels) -> list[str]:
    """The table's rows in English; the module builds the same ones in either language."""
    scheme = content["schemes"][content["study"]["region_scheme"]]
    titles = {name: _title(name, content, words) for name in COLUMNS}
    built = []
    for cells, evidence in zip(content["rows"], content["evidence"], strict=True):
        row = _named(content, cells)
        region = scheme.get(row["country_code"], "unidentified")
        country = content["countries"].get(row["country_code"])
        shown = {
            "partner": _fold(row, evidence, words),
            "country_code": html.escape(country[0] if country else words["explorer.unidentified"]),
            "year": str(row["year"]),
            "municipality": html.escape(row["municipality"]),
            "level": html.escape(words[f"explorer.levels.{row['level']}"]),
            "form": html.escape(words[f"explorer.forms.{row['form']}"]),
            "region": html.escape(words[f"region.{region}"]),
            "confidence": html.escape(words[f"confidence.{row['confidence']}"]),
        }
        data = "".join(
            f'<td class="{name}" data-title="{html.escape(titles[name])}">{shown[name]}</td>'
            for name in COLUMNS[1:]
        )
        built.append(f'<tr><th scope="row" class="partner">{shown["partner"]}</th>{data}</tr>')
    return built


def _fold(row: dict, evidence: str, words: Labels) -> str:
    file, _, line = row["source"].rpartition(":")
    said = [
        html.escape(words.fill("explorer.printed", name=row["partner_printed"])),
        f"{words['explorer.source']}: "
        + html.escape(words.fill("explorer.row", file=Path(file).name, line=line)),
        f'{words["explorer.evidence"]}: <span lang="en">{html.escape(evidence)}</span>',
    ]
    mark = (
        f' <small class="badge">{html.escape(words["explorer.cancelled"])}</small>'
        if row["status"] == "reported_cancelled"
        else ""
    )
    return (
        f"<details><summary>{html.escape(row['partner'])}{mark}</summary>"
        + "".join(f"<p>{text}</p>" for text in said)
        + "</details>"
    )


def _title(name: str, content: dict, words: Labels) -> str:
    titles = {field["name"]: field["en"] for field in content["fields"]}
    return titles.get(name) or words[f"explorer.{name}"]


def _header(name: str, content: dict, words: Labels) -> str:
    title = html.escape(_title(name, content, words))
    return f'<th scope="col" class="{name}" data-column="{name}">{title}</th>'


def _languages() -> str:
    names = {"en": "English", "tr": "Türkçe"}
    return "".join(
        f'<button type="button" class="needs-script" lang="{code}" data-language="{code}">{name}</button>'
        for code, name in names.items()
    )


def _home(address: str, words: Labels) -> str:
    if not address:
        return ""
    text = html.escape(words["explorer.home"])
    return f'<p><a href="{html.escape(address)}" data-t="home">{text}</a></p>'


def _labelled(text: str, words: Labels) -> str:
    """The template's `data-t` elements with their English text, `data-label` with its attribute."""
    # A dollar sign in a label must stay one.
    said = lambda key: html.escape(words[f"explorer.{key}"]).replace("$", "$$")  # noqa: E731
    text = re.sub(r'(data-t="(\w+)"[^>]*>)', lambda m: m[1] + said(m[2]), text)
    return re.sub(r'data-label="(\w+)"', lambda m: f'{m[0]} aria-label="{said(m[1])}"', text)


def _json(content: dict) -> str:
    """JSON that may stand inside a script element, whatever the data hold."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script(text: str) -> str:
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _named(content: dict, cells: list) -> dict:
    return dict(zip((field["name"] for field in content["fields"]), cells, strict=True))
