"""A verification as one web page, for people who have never seen the project. Nothing is fetched."""

import base64
import io
import re
from collections import Counter
from html import escape
from pathlib import Path

from nbproof.study import Study, command_line
from nbproof.verify import Result
from nbproof.verify.finding import FAIL, Finding
from nbproof.verify.report import summary

WIDTH = 900  # of a picture on the page, in pixels

# Each check by the name that findings carry: what it compares.
CHECKS = {
    "links": "every file that is read lies in the folder itself; no link leads elsewhere",
    "checksums": "every file is byte for byte the one that the last complete run has left or read",
    "tables": "the transcribed tables have their published checksums; all fit their declared columns",
    "processed tables": "the clean tables, computed again from the transcribed ones, are the published ones",
    "claims": "the verdicts on the article's statements, computed again, are the published ones",
    "notebooks": "the notebooks are run from top to bottom and whole; a fresh run prints the same",
    "parameters": "each notebook runs with the values that are declared for it, and its rules allow them",
    "figure files": "every figure has its files in both languages, and no other file lies among them",
    "figure cards": "rows, sums and checksum printed under a figure are those of the table it shows",
    "plotted tables": "the tables that the figures show, computed again, are the published ones",
    "pictures read back": "colours, places and words of each picture, read as a reader does, give its table",
    "pictures": "the pictures, drawn again, are the published ones within a small tolerance",
    "alt texts": "the descriptions of the pictures for blind readers are those that the figures give",
    "labels": "the words of both languages have the same places for the same numbers",
    "versions": "the locked releases agree with each other and with what is installed here",
    "records": "the published records of checks speak of these results and this code",
    "fresh run": "every notebook runs to its end",
}
NOT_QUICK = {"pictures read back", "pictures", "alt texts", "fresh run"}
# What a quick run can say of a check that a full one takes further.
QUICK = {
    "notebooks": "the notebooks are stored whole, as one run from top to bottom leaves them",
    "plotted tables": "each mark of a figure counts the rows of the clean tables that it names",
}

LEFT_OPEN = """<h2>What this page cannot say</h2><ul>
<li>Whether a table is transcribed as printed: compare <code>data/raw/</code> with its source;
<code>{trace}</code> leads from a mark of a figure to its printed rows.</li>
<li>Whether people have decided well: each row of <code>data/reference/</code> gives its evidence.</li>
{stored}<li>Whether the checks themselves were weakened: <code>git log -p -- src/nbproof/verify</code>, and
<code>make tamper</code>, which changes each file in a copy and counts what the checks notice.</li>
</ul>"""

STYLE = Path(__file__).with_name("page.css")


def write(study: Study, result: Result, path: Path) -> None:
    """The page as one file; its pictures are inside it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(study, result), encoding="utf-8")


def page(study: Study, result: Result) -> str:
    name = escape(study.root.name)
    return "\n".join(
        [
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>Verification: {result.verdict}</title>",
            f"<style>{STYLE.read_text(encoding='utf-8')}</style></head><body>",
            "<h1>Are the published figures what the published data give?</h1>",
            _verdict(result),
            _explanation(result, name),
            _checks(result),
            _findings("Differences", result.failed),
            _findings("Reported, not counted as differences", result.reported),
            _figures(study, result),
            _claims(result),
            _left_open(study),
            _run(result),
            "</body></html>\n",
        ]
    )


def _verdict(result: Result) -> str:
    if result.failed:
        files = len({finding.file for finding in result.failed})
        said = (
            f"No: {len(result.failed)} differences in {files} {'file' if files == 1 else 'files'}"
        )
    elif result.quick:
        said = "The stored results agree; nothing was drawn again"
    else:
        which = f", for {' and '.join(result.notebooks)}" if result.narrowed else ""
        said = f"Yes{which}: everything agrees"
        if result.aside:
            said = f"In part{which}: what was compared agrees, some was set aside"
    colour = "red" if result.failed else "green"
    more = _code(summary(result))
    return f'<div class="verdict {colour}"><strong>{said}</strong>{more}</div>'


def _left_open(study: Study) -> str:
    stored = "".join(
        f"<li>Whether <code>{file}</code> is as computed now: <code>{again} --check</code>.</li>\n"
        for file, _, again in study.face.stored
    )
    return LEFT_OPEN.format(trace=command_line("trace"), stored=stored)


def _explanation(result: Result, name: str) -> str:
    which = (
        f"the figures of {' and '.join(result.notebooks)}" if result.narrowed else "every figure"
    )
    how = (
        "For this page every table was computed again; notebooks and figures were read as they are stored, "
        "not run."
        if result.quick
        else f"For this page every table was computed and {which} drawn again, in an empty folder, "
        "from the transcribed source tables with the published code."
    )
    reproduce = command_line("reproduce")
    differences = (
        "<p>“Committed” is what lies in the folder; “fresh” is what this run gave, or what should stand "
        "there. Under each difference is a command, to type in that folder: <code>git diff</code> shows "
        "what was changed since the last commit (if it shows nothing, the change was committed: "
        f"<code>git log -p -- FILE</code>), <code>{reproduce}</code> makes the notebook and its "
        "figures afresh in <code>output/</code>, beside the committed ones.</p>"
    )
    return (
        f"<p>The folder <code>{name}</code> holds tables, notebooks and figures that were "
        f"computed from tables as published. {how} This page was written by "
        f"<code>{result.command} --html FILE</code>.</p>{differences if result.findings else ''}"
    )


def _code(text: str) -> str:
    """Text as HTML; what stands between backquotes is code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _findings(title: str, findings: list[Finding]) -> str:
    if not findings:
        return ""
    return f"<h2>{title}</h2>" + "\n".join(map(_finding, findings))


def _finding(finding: Finding) -> str:
    kind = "" if finding.severity == FAIL else ' class="report"'
    place = f" <span class=quiet>{escape(finding.place)}</span>" if finding.place else ""
    parts = [
        f"<article{kind}><h3><code>{escape(finding.file)}</code>{place}</h3>",
        f"<p>{escape(finding.said)} <span class=quiet>({escape(finding.check)})</span></p>",
    ]
    if finding.committed or finding.fresh:
        parts.append(
            "<table>"
            f"<tr><th>committed</th><td><code>{escape(finding.committed) or 'nothing'}</code></td></tr>"
            f"<tr><th>fresh</th><td><code>{escape(finding.fresh) or 'nothing'}</code></td></tr></table>"
        )
    if finding.pictures:
        shown = (_picture(path, name) for name, path in finding.pictures.items())
        parts.append(f'<div class="three">{"".join(shown)}</div>')
    parts.append(f"<pre>{escape(finding.command)}</pre></article>")
    return "".join(parts)


def _checks(result: Result) -> str:
    counts = Counter(finding.check for finding in result.failed)
    rows = []
    for name, text in (CHECKS | (QUICK if result.quick else {})).items():
        if result.quick and name in NOT_QUICK:
            outcome = "<span class=quiet>not in --quick</span>"
        elif counts[name]:
            verb = "differs" if counts[name] == 1 else "differ"
            outcome = f"<span class=bad>{counts[name]} {verb}</span>"
        elif name == "checksums" and result.failed:
            # A checksum says nothing beside a finding that says what differs.
            outcome = "<span class=quiet>see the others</span>"
        else:
            outcome = "<span class=ok>agrees</span>"
        rows.append(f"<tr><td>{name}</td><td>{text}</td><td>{outcome}</td></tr>")
    return f"<h2>What was checked</h2><table>{''.join(rows)}</table>"


def _figures(study: Study, result: Result) -> str:
    shown = []
    for name, notebook in result.figures.items():
        wrong = any(f.file.startswith(f"figures/{name}.") for f in result.failed)
        path = study.figures / f"{name}.en.png"
        word = "differs, see above" if wrong else "as recorded" if result.quick else "reproduced"
        kind = "bad" if wrong else "ok"
        caption = f"{name} (notebook {notebook}): <span class={kind}>{word}</span>"
        shown.append(_picture(path, caption, 480) if path.is_file() else f"<p>{caption}</p>")
    return f'<h2>The figures</h2><div class="grid">{"".join(shown)}</div>'


def _claims(result: Result) -> str:
    rows = (f"<tr><td>{escape(v)}</td><td>{n}</td></tr>" for v, n in result.verdicts.items())
    return (
        "<h2>The article's statements</h2><p>Each number that the article states was counted again by a "
        "definition that was written down before; the verdicts below are findings about the article, not "
        f"faults of this collection.</p><table>{''.join(rows)}</table>"
    )


def _run(result: Result) -> str:
    rows = {
        "started": f"{result.started:%Y-%m-%d %H:%M} UTC",
        **{f"time: {name}": f"{seconds:.1f} s" for name, seconds in result.seconds.items()},
        **result.environment,
    }
    cells = (f"<tr><td>{escape(k)}</td><td>{escape(v)}</td></tr>" for k, v in rows.items())
    return f"<h2>Where and how long</h2><table>{''.join(cells)}</table>"


def _picture(path: Path, caption: str, width: int = WIDTH) -> str:
    """A picture inside the page; `caption` is HTML."""
    from PIL import Image

    from nbproof.verify.pictures import LARGEST

    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > LARGEST:
                raise ValueError
            picture = picture.convert("RGB")
            if picture.width > width:
                picture = picture.resize((width, round(picture.height * width / picture.width)))
            file = io.BytesIO()
            picture.save(file, "png", optimize=True)
    except (OSError, SyntaxError, ValueError):
        return f"<figure><p>cannot be shown</p><figcaption>{caption}</figcaption></figure>"
    data = base64.b64encode(file.getvalue()).decode()
    return (
        f'<figure><img src="data:image/png;base64,{data}" alt="">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
