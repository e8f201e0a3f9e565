"""The explorer: one page with map, timeline, ranking and table of all agreements, whole in one file.

It opens from disk with no network: data, charts, style and script stand in it. The table is plain HTML,
so that it can be read without a script too.
"""

import html
import json
from importlib import resources
from pathlib import Path

import jinja2

from ankara.site import explorer_data
from nbproof import citation
from nbproof.files import write_bytes
from nbproof.labels import load
from nbproof.study import Study

# The table's columns, in order; the rest of a row stands in the fold under the partner's name.
COLUMNS = (
    "partner", "country_code", "year", "municipality", "level", "form", "region", "confidence",
)  # fmt: skip
# By others, in vendor/; Plot builds on d3.
SCRIPTS = ("d3.min.js", "plot.umd.min.js")


def write(study: Study, path: Path, home: str = "") -> Path:
    """Write the page; `home` is the address of the site it belongs to, if any. Returns the path."""
    write_bytes(path, build(study, home).encode())
    return path


def build(study: Study, home: str = "") -> str:
    """The page. Raises TableError for a broken table, and StudyError where study.csv does not fit it."""
    content, words = explorer_data.content(study), load("en", study)
    rows, titles = _rows(content), {field["name"]: field["en"] for field in content["fields"]}
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    environment.filters["e"] = lambda text: html.escape(str(text))
    return environment.from_string(_part("explorer.html")).render(
        title=content["study"]["title"],
        dek=words.fill("explorer.dek", **facts(rows)),
        titles={name: titles.get(name) or words[f"explorer.{name}"] for name in COLUMNS},
        rows=rows,
        citation=citation.plain(study.root / "CITATION.cff"),
        home=home,
        content=_json(content),
        runtime="\n".join(_script(_part(f"vendor/{name}")) for name in SCRIPTS),
        part=_part,
        words=words,
        said=lambda name: html.escape(words[f"explorer.{name}"]),
    )


def _rows(content: dict) -> list[dict]:
    """The table's rows, with country, region and evidence; the module builds the same ones."""
    scheme = content["schemes"][content["study"]["region_scheme"]]
    names = [field["name"] for field in content["fields"]]
    unidentified = content["words"]["en"]["unidentified"]
    rows = [dict(zip(names, cells, strict=True)) for cells in content["rows"]]
    for row, evidence in zip(rows, content["evidence"], strict=True):
        row["evidence"] = evidence
        row["country"] = content["countries"].get(row["country_code"], [unidentified])[0]
        row["region"] = scheme.get(row["country_code"], "unidentified")
    return rows


def facts(rows: list[dict]) -> dict:
    """What the first paragraph says of all agreements: n, places, countries, first, last."""
    placed = [row for row in rows if row["country_code"]]
    return {
        "n": len(rows),
        "places": len({row["place_id"] for row in placed}),
        "countries": len({row["country_code"] for row in placed}),
        "first": min(row["year"] for row in rows),
        "last": max(row["year"] for row in rows),
    }


def _json(content: dict) -> str:
    """JSON that may stand inside a script element, whatever the data hold."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _script(text: str) -> str:
    return text.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def _part(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")
