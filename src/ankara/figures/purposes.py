"""What the agreements are for: promised by the protocols, stated as aims, and reported as engagements."""

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from diplolib.figures import shared
from nbproof import references
from nbproof.figures import style
from nbproof.figures.reading import reads
from nbproof.figures.record import Record
from nbproof.labels import Labels

STATUSES = ["first", "second", "named", "not_named"]
CODES = ["promotion_visibility", "aid", "information_exchange"]
# Light enough, dark enough and between: told apart in grey.
REPORTS = {"slides": "#1f4e79", "page": "#6f9fc8", "article": "#f0c987"}
PARTS = {"engagement": "engagements", "aim": "aims"}
NAMED = "#8a93a0"
ROW, LINE_HEIGHT = 0.2, 0.12  # inches: a row, and what each further line of its name adds
HEADS = 0.75, 1.15  # of a page and of a phone, inches above the lines
# Widths in inches: name, what the article says, protocols, aims, engagements
PAGE, PHONE = (2.3, 0.26, 0.62, 0.9, 1.9), (1.5, 0.24, 0.3, 0.5, 0.95)


def table(
    purposes: pd.DataFrame,
    protocols: pd.DataFrame,
    activities: pd.DataFrame,
    coded: pd.DataFrame,
    *,
    min_protocols: int,
) -> pd.DataFrame:
    """One row a mark.

    purposes: processed/purposes. protocols: processed/purposes_by_protocol, one row a purpose of a
    coded protocol. activities: processed/activities. coded: the chosen rows of processed/purposes_by_row
    (see `choose`). min_protocols: from so many coded protocols on their frequency is drawn.

    Returns mark, purpose, purpose_en, prose_status, report, period, code, protocol, engagements, aims,
    protocols, activities, rows; marks: `engagement` and `aim` (a bar's part: how many rows of a report
    have the purpose), `purpose` (a line, in order of engagements, then aims), `protocol` (a dot: the
    protocol-th coded protocol has the purpose; or a bar, how many have it), `read` (how many engagements
    and aims a report has, with a purpose or not), `coded` (how many protocols are) and `activity` (a count
    by period and the authors' code).
    """
    marks = []
    for part, column in PARTS.items():
        rows = coded[coded["part"] == part]
        single = rows.drop_duplicates("source")
        bars = references.counted(
            rows.dropna(subset="purpose"), ["purpose", "report"], column, "source"
        )
        marks.append(bars.assign(mark=part))
        marks.append(references.counted(single, "report", column, "source").assign(mark="read"))
    listed = purposes[["purpose", "purpose_en", "prose_status"]].assign(rows=purposes["source"])
    for (part, column), bars in zip(PARTS.items(), marks[::2], strict=True):
        listed[part] = listed["purpose"].map(bars.groupby("purpose")[column].sum()).fillna(0)
    listed = listed.sort_values(list(PARTS), ascending=False, kind="stable").drop(
        columns=list(PARTS)
    )
    ids = protocols["agreement_id"].drop_duplicates()
    if len(ids) >= min_protocols:
        promised = references.counted(protocols, "purpose", "protocols", "agreement_id")
    else:
        place = dict(zip(ids, range(1, len(ids) + 1), strict=True))
        promised = protocols.assign(protocol=protocols["agreement_id"].map(place), protocols=1)
        promised = promised.rename(columns={"agreement_id": "rows"})
    counts = references.counted(activities, ["period", "code"], "activities", "source")
    cells = pd.MultiIndex.from_product([counts["period"].unique(), CODES], names=["period", "code"])
    grid = counts.set_index(cells.names).reindex(cells).fillna({"activities": 0}).reset_index()
    total = pd.DataFrame({"protocols": [len(ids)], "rows": references.joined(ids)})
    marks = pd.concat(
        [
            marks[0], marks[2], listed.assign(mark="purpose"), promised.assign(mark="protocol"),
            marks[1], marks[3], total.assign(mark="coded"), grid.assign(mark="activity"),
        ],
        ignore_index=True,
    )  # fmt: skip
    names = ["mark", "purpose", "purpose_en", "prose_status", "report", "period", "code"]
    whole = dict.fromkeys(["protocol", *PARTS.values(), "protocols", "activities"], "Int64")
    return marks.reindex(columns=[*names, *whole, "rows"]).astype(whole)


def choose(
    coded: pd.DataFrame, engagements: pd.DataFrame, *, year_from: int, year_to: int, municipality: str,
    report: str, agreement: str,
) -> pd.DataFrame:  # fmt: skip
    """Rows of processed/purposes_by_row; what has no year stays, and each engagement counts once.

    engagements: the selected rows of processed/engagements. report: all, article, slides or page.
    agreement: settled (purposes that hold), all (that every coder gave) or any (that one did). A row of
    which no purpose is left stays, without one.
    """
    once = engagements.loc[engagements["counted"], "source"]
    wanted = (coded["part"] == "aim") | coded["source"].isin(once)
    wanted &= ~((coded["year"] > year_to) | (coded["year_end"] < year_from)).fillna(False)
    for column, value in {"municipality": municipality, "report": report}.items():
        wanted &= (coded[column] == value) | (value == "all")
    given = {
        "settled": coded["settled"].astype("bool"),
        "all": coded["coders"] == coded["codings"],
        "any": coded["coders"] > 0,
    }[agreement]
    return coded.assign(purpose=coded["purpose"].where(given))[wanted]


def promise_and_report(table: pd.DataFrame) -> float:
    """Spearman's rank correlation of protocols and engagements over the purposes; nan without a frequency."""
    if not _frequency(table):
        return float("nan")
    return float(_totals(table, "protocol", "protocols").rank().corr(_engagements(table).rank()))


def title(table: pd.DataFrame, labels: Labels) -> str:
    """Which purpose is promised first, and which is reported most."""
    known = facts(table, labels)
    kind = "some" if known["served"] else "none"
    return labels.fill(f"purposes.title.{kind if known['most'] else 'empty'}", **known)


@style.styled
def draw(table: pd.DataFrame, labels: Labels, *, phone: bool = False) -> Figure:
    """A line a purpose: what the article says of it, protocols, aims, engagements; apart, activities."""
    marks = dict(iter(table.groupby("mark", sort=False)))
    wide = PHONE if phone else PAGE
    left = [math.fsum(wide[:place]) + 0.03 * place for place in range(len(wide))]
    names = {
        row.purpose: style.wrap(style.plain(_name(row, labels)), wide[0], style.SMALL)
        for row in marks["purpose"].itertuples()
    }
    tall = [ROW + LINE_HEIGHT * name.count("\n") for name in names.values()]
    ends = np.cumsum(tall)
    lines = dict(zip(names, ends - np.array(tall) / 2, strict=True))
    head, below = HEADS[phone], 1.2 if phone else 0
    known = facts(table, labels)
    kind = "frequency" if _frequency(table) else "listing"
    figure = style.page(
        head + ends[-1] + below, title(table, labels), labels.fill(f"purposes.subtitle.{kind}", **known),
        labels.fill(f"purposes.foot.{kind}", **known), phone=phone,
    )  # fmt: skip
    axes = [
        figure.add_axes(style.box(figure, x, below, width, ends[-1]))
        for x, width in zip((0, *left[2:]), (left[2] - 0.03, *wide[2:]), strict=True)
    ]
    for axis in axes:
        axis.set_ylim(ends[-1], 0)
        axis.set_axis_off()
        for line in ends[:-1]:
            axis.axhline(line, color=style.HAIR, linewidth=0.4, zorder=0)
    _listing(axes[0], marks["purpose"], names, lines, left[1] + 0.13)
    _protocols(axes[1], marks["protocol"], lines, wide[2], _frequency(table), labels)
    # One scale for both, so that a bar's length means the same
    most = [_totals(table, part, column).max() for part, column in PARTS.items()]
    unit = max(max(10, most[0]) / (wide[4] - 0.25), most[1] / (wide[3] - 0.2))
    for axis, (part, column), width in zip(axes[:1:-1], PARTS.items(), wide[:2:-1], strict=True):
        axis.set_xlim(0, unit * width)
        _bars(axis, table[table["mark"] == part], column, lines, labels)
    _keys(figure, left, below + ends[-1], known, labels, phone)
    small = (0.02, 0.02, 3.4, 1.05) if phone else (left[4] + 0.2, 0.05, wide[4] - 0.2, 1.35)
    _activities(figure.add_axes(style.box(figure, *small)), marks["activity"], known, labels)
    return figure


def describe(table: pd.DataFrame, labels: Labels) -> str:
    """The alt text: purposes by engagements and by what the article says, then activities."""
    listed = table[table["mark"] == "purpose"]
    engagements, aims = _engagements(table), _totals(table, "aim", "aims")
    by_status = {
        status: labels.listing(_name(row, labels) for row in rows.itertuples())
        for status, rows in listed.groupby("prose_status", sort=False)
    }
    top = [
        labels.fill(
            "purposes.alt.one", name=_name(row, labels), n=engagements[row.purpose], aims=aims[row.purpose]
        )
        for row in listed.itertuples()
        if engagements[row.purpose]
    ]  # fmt: skip
    known = facts(table, labels)
    kind = "frequency" if _frequency(table) else "listing"
    said = [
        labels.fill("purposes.alt.engagements", every=labels.listing(top) or "–", **known),
        labels.fill(f"purposes.alt.{kind}", **dict.fromkeys(STATUSES, "–") | by_status | known),
    ]
    grid = table[table["mark"] == "activity"]
    for period, rows in grid.groupby("period", sort=False):
        counts = [f"{labels[f'code.{row.code}']} {row.activities}" for row in rows.itertuples()]
        values = {"period": period.replace("-", "–"), "counts": labels.listing(counts)}
        said.append(labels.fill("purposes.alt.activities", **values))
    return " ".join(said)


def _frequency(table: pd.DataFrame) -> bool:
    """Whether protocols are counted, not told one by one."""
    return bool(table.loc[table["mark"] == "protocol", "protocol"].isna().all())


def _totals(table: pd.DataFrame, mark: str, column: str) -> pd.Series:
    """The sum of `column` a purpose, in the figure's order."""
    listed = table.loc[table["mark"] == "purpose", "purpose"]
    sums = table[table["mark"] == mark].groupby("purpose")[column].sum()
    return sums.reindex(listed).fillna(0).astype("int64")


def _engagements(table: pd.DataFrame) -> pd.Series:
    return _totals(table, "engagement", "engagements")


def facts(table: pd.DataFrame, labels: Labels) -> dict:
    """What title, sentences and alt text say of a plotted table."""
    listed = table[table["mark"] == "purpose"].set_index("purpose", drop=False)
    status = listed["prose_status"].value_counts()
    engagements = _engagements(table)
    if _frequency(table):
        protocols = _totals(table, "protocol", "protocols")
        first = listed[(protocols == protocols.max()).to_numpy()]
    else:
        first = listed[listed["prose_status"] == "first"]
    top = listed[(engagements == engagements.max()).to_numpy()]
    read = table[table["mark"] == "read"]
    names = [
        labels.listing(f"“{_name(row, labels)}”" for row in one.itertuples())
        for one in (first, top)
    ]
    return {
        "frequency": _frequency(table), "purposes": len(listed), "silent": int(status.get("not_named", 0)),
        "coded": int(table.loc[table["mark"] == "coded", "protocols"].iloc[0]),
        "n": int(read["engagements"].sum()), "aims": int(read["aims"].sum()),
        "first": names[0], "top": names[1], "most": int(engagements.max()),
        "served": int(engagements[first["purpose"]].max()), "unreported": int((engagements == 0).sum()),
        "rho": promise_and_report(table), "activities": int(table["activities"].sum()),
    }  # fmt: skip


def _name(row, labels: Labels) -> str:
    return row.purpose if labels.language == "tr" else row.purpose_en


def _listing(axis, listed: pd.DataFrame, names: dict, lines: dict, middle: float) -> None:
    """Names, and what the article says of each: its rank, a full square if named, an empty one if not."""
    axis.set_xlim(0, axis.get_position().width * axis.figure.get_figwidth())
    for row in listed.itertuples():
        line, rank = lines[row.purpose], STATUSES.index(row.prose_status)
        ranked = rank < 2
        axis.text(
            0, line, names[row.purpose], fontsize=style.SMALL, va="center", linespacing=style.LINE,
            fontweight="bold" if ranked else "normal",
        )  # fmt: skip
        colour = style.INK if ranked else NAMED if rank == 2 else style.PAPER
        axis.scatter(
            middle, line, marker="s", s=105 if ranked else 34, color=colour,
            edgecolor=style.INK if ranked else NAMED, linewidth=0.7, label=row.prose_status,
        )  # fmt: skip
        if ranked:
            axis.text(
                middle, line, str(rank + 1), fontsize=style.SMALL, fontweight="bold", color=style.PAPER,
                ha="center", va="center",
            )  # fmt: skip


def _protocols(
    axis, promised: pd.DataFrame, lines: dict, width: float, frequency: bool, labels
) -> None:
    if frequency:
        axis.set_xlim(0, promised["protocols"].max() * width / (width - 0.2))
        _stack(axis, promised["purpose"], promised["protocols"], style.INK, lines)
        _numbers(axis, promised.set_index("purpose")["protocols"], lines, labels)
        return
    axis.set_xlim(0.3, max(promised["protocol"].max(), 3) + 0.7)
    axis.scatter(
        promised["protocol"], promised["purpose"].map(lines), s=20, color=style.INK, linewidth=0,
        label="protocol",
    )  # fmt: skip


def _bars(axis, bars: pd.DataFrame, column: str, lines: dict, labels: Labels) -> None:
    reached = dict.fromkeys(lines, 0)
    for report, colour in REPORTS.items():
        own = bars[bars["report"] == report]
        _stack(axis, own["purpose"], own[column], colour, lines, own["purpose"].map(reached))
        for purpose, number in zip(own["purpose"], own[column], strict=True):
            reached[purpose] += int(number)
    _numbers(axis, pd.Series(reached), lines, labels)


def _stack(axis, purposes, lengths, colour: str, lines: dict, left=0) -> None:
    axis.barh(
        purposes.map(lines), lengths.astype(int), left=left, height=ROW * 0.66, color=colour,
        edgecolor=style.QUIET, linewidth=0.5,
    )  # fmt: skip


def _numbers(axis, reached: pd.Series, lines: dict, labels: Labels) -> None:
    for purpose, number in reached.items():
        colour = style.INK if number else NAMED
        shared.beside(axis, (number, lines[purpose]), labels.number(number), color=colour)


def _keys(figure, left: list[float], top: float, known: dict, labels: Labels, phone: bool) -> None:
    """Above the columns what they show, and the keys that both halves need."""
    width, height = left[4] + PAGE[4], HEADS[phone]
    axis = figure.add_axes(style.box(figure, 0, top, width, height))
    axis.set_axis_off()
    axis.set(xlim=(0, width), ylim=(0, height))
    look = {"fontsize": style.SMALL, "linespacing": style.LINE}
    edges = [0, left[3], left[4], left[4] + (PHONE if phone else PAGE)[4]]
    for column, x, end in zip(
        ("protocols", "aims", "engagements"), edges[:-1], edges[1:], strict=True
    ):
        text = labels.fill(f"purposes.panel.{column}", **known)
        text = style.wrap(text, end - x - 0.1, style.SMALL, "bold")
        axis.text(x, 0.06, text, fontweight="bold", va="bottom", **look)
    keys = labels["purposes.key.frequency" if known["frequency"] else "purposes.key.listing"]
    x, y = left[2 if phone else 3], height
    keys = style.wrap(keys, x - 0.1, style.SMALL)
    axis.text(0, height, keys, color=style.QUIET, va="top", **look)
    for report, colour in REPORTS.items():
        axis.barh(
            y - 0.07, 0.1, left=x, height=0.1, color=colour, edgecolor=style.QUIET, linewidth=0.5
        )
        text = labels[f"purposes.report.{report}"]
        axis.text(x + 0.15, y, text, color=style.QUIET, va="top", **look)
        y -= 0.15


def _activities(axis, grid: pd.DataFrame, known: dict, labels: Labels) -> None:
    """The 19 activities as a small table in a frame of its own: another classification."""
    counts = grid.pivot(index="code", columns="period", values="activities").loc[CODES]
    axis.set_xlim(0, 1)
    axis.set_ylim(6.2, -0.2)
    axis.set(xticks=[], yticks=[], facecolor=style.PAPER)
    axis.set_zorder(2)
    width = axis.get_position().width * axis.figure.get_figwidth()
    look = {"fontsize": style.SMALL, "linespacing": style.LINE}
    middle = {"ha": "center", "va": "center"} | look
    head = style.wrap(
        labels.fill("purposes.panel.activities", **known), width - 0.1, style.SMALL, "bold"
    )
    axis.text(0.04, 0, head, fontweight="bold", va="top", **look)
    for x, period in zip((0.5, 0.71, 0.91), counts.columns, strict=True):
        short = period if len(period) == 4 else f"{period[2:4]}–{period[-2:]}"
        axis.text(x, 2.6, short, color=style.QUIET, **middle)
        for line, code in enumerate(CODES):
            axis.text(x, 3.6 + line, labels.number(counts.loc[code, period]), **middle)
    for line, code in enumerate(CODES):
        axis.text(0.04, 3.6 + line, labels[f"purposes.code.{code}"], va="center", **look)


FIGURE = Record(
    __name__, describe, again=("read",),
    counted=dict.fromkeys((*PARTS.values(), "protocols", "activities"), "rows"),
    readings=(
        reads("purpose", "dots", (0,), row="{purpose*}", panel="[purposes.panel.protocols]",
              form="prose_status=not_named ? hollow : full",
              alike="prose_status=second ? first : {prose_status}",
              inside="prose_status=first ? 1 : prose_status=second ? 2 : "),
        reads("protocol", "dots", (1,), {"protocol > 0": True}, row="{purpose*}"),
        reads("protocol", "bars", (1,), {"protocol": ""}, row="{purpose*}", width="protocols",
              panel="[purposes.panel.protocols]"),
        reads("protocol", "texts", (1,), {"protocol": ""}, row="{purpose*}", said="{protocols}"),
        *(reading
        for mark, axes, number in (("aim", (2,), "aims"), ("engagement", (3,), "engagements"))
        for reading in (
            reads(mark, "bars", axes, row="{purpose*}", width=number, colour="[purposes.report.{report}]",
                  panel=f"[purposes.panel.{number}]"),
            reads(mark, "texts", axes, by=("purpose",), row="{purpose*}", said=f"{{{number}}}"),
        )),
    ),
)  # fmt: skip
