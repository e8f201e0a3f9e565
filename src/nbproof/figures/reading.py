"""How the marks of a figure are read, so that `verify` can read its picture back into its table.

A figure says here what its axes mean, as a caption does; what stands in the picture is not said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reading:
    """How the rows of one kind of mark are drawn.

    mark: of the table. kind: "bars", "dots", "lines" or "texts". where: the rows that are meant, by
    column, or by what is computed of columns ("share > 0"); a column of False or empty cells by "".
    axes: which of them, by number; None: all that have such marks and the panel.
    shows: what a mark has, by channel:

    - x, y, left, right, top, bottom: the column whose value this place or edge has by the printed ticks;
    - width, height: the column whose value the mark's extent is;
    - row, column, panel: the words left of it, below or above it, above its axes;
    - colour: the words beside its swatch in the legend; tint: the words that are printed in its colour;
    - place: "longitude latitude", the columns of a point on a map that `plane` draws;
    - under: the words in bold that stand above it; form: "full" or "hollow";
    - beside: what is printed in it or next to it; said: of texts, what they say.

    - area: the column that the area of a dot grows with; tone: the words that are printed in just its colour;
    - pattern: "full", or the words of the swatch that is hatched or hollow as it is;
    - sized: the words of the legend's dot that is as large; alike: what the looks of the marks stand for, one
      look each, where no legend says it, or "in turn", two looks that take turns;
    - edge: the words of the swatch in the colour it is drawn round with; end: what stands at a line's end.

    by: columns by which rows are put together, their numbers summed. joined: "mark on column", rows of
    another mark whose cells are known as "mark_name"; or "mark by column", a row for each of its values
    there. some: not every row needs a mark; bars are drawn all or not at all.

    A column may be computed, such as "year-0.5" or "share*100". "column=value ? one : other" is a choice.
    Words are templates: "{column}" a cell as the language writes it, "{column*}" that of the language's
    own column, "[key.{column}]" a label, "[key|word]" a word where there is no such label, "…" anything,
    "?" at the end also nothing. "#column" is a number, as exactly as it is printed.
    """

    mark: str
    kind: str
    axes: tuple[int, ...] | None = None
    where: Mapping[str, object] = field(default_factory=dict)
    by: tuple[str, ...] = ()
    plane: str = ""
    joined: str = ""
    some: bool = False
    shows: Mapping[str, str] = field(default_factory=dict)


def reads(
    mark: str, kind: str, axes: tuple[int, ...] | None = None, where: Mapping[str, object] | None = None,
    *, by: tuple[str, ...] = (), plane: str = "", joined: str = "", some: bool = False, **shows: str,
) -> Reading:  # fmt: skip
    """A `Reading` with its channels as keywords."""
    return Reading(mark, kind, axes, where or {}, by, plane, joined, some, shows)
