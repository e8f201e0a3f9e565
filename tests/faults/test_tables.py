"""Bad tables, generated: every row is in the output or in the error, and no traceback is shown.

A table of the collection is spoilt at random and its checksum brought up to date, so that it is not
the checksum alone that refuses it. Then all of the cleaning runs on it.
"""

import csv
import io
import re
import shutil

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from ankara import cleaning
from nbproof import study, tables
from nbproof.study import StudyError

# What people, spreadsheets and other programs put into cells.
CELLS = [
    "", " ", "  Seul", "Seul ", "NaN", "NULL", "n/a", "#REF!", "-", "--", "?", "0", "-0", "00", "1e9", "1,5",
    "1.5", "٣", "１９７１", "1971.0", "99999", "9" * 18, "9" * 19, "9" * 40, "-1", "1970", "2022", "31.12.1999",
    "1999-02-30", "1999-12-31", "TRUE", "true", "yes", "=1+1", '=HYPERLINK("x";"y")', "+90 312", "@x", "-cmd|x",
    "＝1+1", "<script>alert(1)</script>", "../../etc/passwd", "{{x}}", "{0}", "%s", "$x^2$", "\\", "'", '"', '""',
    'a"b', '"a"b', "a,b", "a;b", "a\tb", "a\nb", "a\rb", "a\0b", "\0", "x" * 100_000, "İstanbul", "ISTANBUL",
    "istanbul", "ıstanbul", "i\u0307stanbul", "I\u0307stanbul", "Ankara\u0301", "U\u0308sku\u0308p", "Üsküp",
    "ÜSKÜP", "Seоul", "Аnkara", "Ρekin", "Se\u200bul", "Se\u200dul", "\ufeffSeul", "\u202eluoS", "القدس",
    "ירושלים", "\u200fירושלים", "Se\u00a0ul", "Se\u3000ul", "Se\u2028ul", "Se\u0085ul", "Se\ufffdul", "Ｓｅｕｌ",
    "ſeul", "ﬁ", "Seul\ufe0f", "Seul\U000e0041", "\U0001f3db", "Seul", "Saraybosna", "Ankara", "Kardeş Kent",
]  # fmt: skip

cells = st.sampled_from(CELLS) | st.text(max_size=20)
position = st.integers(0, 10_000)


def put(grid, draw):
    row, value = draw(position) % len(grid), draw(cells)
    if grid[row]:
        grid[row][draw(position) % len(grid[row])] = value


def put_into_all(grid, draw):
    column, value = draw(position) % len(grid[0]), draw(cells)
    for row in grid[1:]:
        row[column : column + 1] = [value]


def swap_cells(grid, draw):
    one, other = (grid[draw(position) % len(grid)] for _ in range(2))
    if one and other:
        i, j = draw(position) % len(one), draw(position) % len(other)
        one[i], other[j] = other[j], one[i]


def swap_columns(grid, draw):
    i, j = (draw(position) % len(grid[0]) for _ in range(2))
    for row in grid:
        if max(i, j) < len(row):
            row[i], row[j] = row[j], row[i]


def swap_rows(grid, draw):
    i, j = (draw(position) % len(grid) for _ in range(2))
    grid[i], grid[j] = grid[j], grid[i]


def drop_row(grid, draw):
    if len(grid) > 1:
        del grid[draw(position) % len(grid)]


def drop_most_rows(grid, draw):
    del grid[1 + draw(position) % len(grid) :]


def repeat_row(grid, draw):
    grid.insert(draw(position) % len(grid), list(grid[draw(position) % len(grid)]))


def drop_column(grid, draw):
    column = draw(position) % len(grid[0])
    for row in grid:
        del row[column : column + 1]


def repeat_column(grid, draw):
    column = draw(position) % len(grid[0])
    for row in grid:
        row[column:column] = row[column : column + 1]


def lengthen_row(grid, draw):
    grid[draw(position) % len(grid)].append(draw(cells))


def shorten_row(grid, draw):
    del grid[draw(position) % len(grid)][-1:]


def change_case(grid, draw):
    row = grid[draw(position) % len(grid)]
    how = draw(st.sampled_from([str.upper, str.lower, str.title, str.swapcase]))
    row[:] = [how(value) for value in row]


def change_letter(grid, draw):
    """A letter for one that looks like it or that a program writes in its place."""
    pairs = [
        "ıi",
        "iı",
        "İI",
        "Iİ",
        "aа",
        "eе",
        "oо",
        "şs",
        "şş",
        "ğg",
        "üu",
        "çc",
        "—-",
        "–-",
        "’'",
        " \u00a0",
    ]
    old, *new = draw(st.sampled_from(pairs))
    row = grid[draw(position) % len(grid)]
    row[:] = [value.replace(old, "".join(new)) for value in row]


def copy_cell_down(grid, draw):
    """As a spreadsheet does when its handle is pulled."""
    row, column = 1 + draw(position) % len(grid), draw(position) % len(grid[0])
    for below in grid[row + 1 : row + 4]:
        if row < len(grid) and column < min(len(below), len(grid[row])):
            below[column] = grid[row][column]


ON_CELLS = [
    put, put, put, put_into_all, swap_cells, swap_columns, swap_rows, drop_row, drop_most_rows, repeat_row,
    drop_column, repeat_column, lengthen_row, shorten_row, change_case, change_letter, change_letter, copy_cell_down,
]  # fmt: skip


def cut(data, draw):
    return data[: draw(position) % (len(data) + 1)]


def insert(data, draw):
    junk = [
        b"\0",
        b"\xff",
        b"\xfe",
        b'"',
        b",",
        b"\n",
        b"\r",
        b"\xc3",
        b"\xe2\x80\x8b",
        b"\x1a",
        b"\xef\xbb\xbf",
    ]
    at = draw(position) % (len(data) + 1)
    return data[:at] + draw(st.sampled_from(junk) | st.binary(max_size=4)) + data[at:]


def delete(data, draw):
    at = draw(position) % (len(data) + 1)
    return data[:at] + data[at + 1 + draw(position) % 5 :]


def encode(data, draw):
    name = draw(st.sampled_from(["cp1254", "latin-1", "utf-16", "utf-8-sig", "utf-7", "cp437"]))
    return data.decode("utf-8", "replace").encode(name, "replace")


def end_lines(data, draw):
    return data.replace(
        b"\n", draw(st.sampled_from([b"\r\n", b"\r", b"\n\n", b",\n", b" \n", b""]))
    )


def separate(data, draw):
    return data.replace(b",", draw(st.sampled_from([b";", b"\t", b", ", b",,"])))


def quote(data, draw):
    return b"\n".join(b'"' + line + b'"' for line in data.split(b"\n"))


ON_BYTES = [cut, insert, insert, delete, encode, end_lines, separate, quote]


def spoil(data: bytes, draw) -> bytes:
    kind = draw(st.sampled_from(["cells", "cells", "cells", "bytes", "both"]))
    if kind != "bytes":
        grid = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
        for change in draw(st.lists(st.sampled_from(ON_CELLS), min_size=1, max_size=3)):
            event(change.__name__)
            change(grid, draw)
            if not grid or not grid[0]:
                break
        file = io.StringIO(newline="")
        csv.writer(file, lineterminator="\n").writerows(grid)
        data = file.getvalue().encode("utf-8", "surrogatepass")
    if kind != "cells":
        change = draw(st.sampled_from(ON_BYTES))
        event(change.__name__)
        data = change(data, draw)
    return data


class Collection:
    """A copy of the data in which one table is spoilt at a time; the others are read once."""

    def __init__(self, root, monkeypatch, write):
        self._write = write
        self.study = study.find(root)
        self.data = {
            path.relative_to(self.study.data).with_suffix("").as_posix(): path.read_bytes()
            for folder in ("raw", "reference")
            for path in sorted((self.study.data / folder).rglob("*.csv"))
        }
        self._read = tables.read
        self._step = cleaning.step
        self._kept = {}
        self._steps = {}
        self._spoilt = None
        monkeypatch.setattr(tables, "read", self.read)
        monkeypatch.setattr(cleaning, "step", self.step)
        self.printed = {name: self._rows(data) for name, data in self.data.items()}
        # A printed total, or a row that no table takes, is nowhere before anything is spoilt.
        covered = self.covered(cleaning.process(self.study))
        self.left = {
            name: {
                self._key(name, rows[line])
                for line in rows
                if f"data/{name}.csv:{line}" not in covered
            }
            for name, rows in self.printed.items()
        }
        self.traced = {
            name for name, rows in self.printed.items() if len(self.left[name]) < len(rows)
        }

    def read(self, found, table):
        self._opened.add(table)
        if table == self._spoilt or found is not self.study:
            return self._read(found, table)
        tables.note(f"data/{table}.csv")
        if table not in self._kept:
            self._kept[table] = self._read(found, table)
        return self._kept[table].copy()

    def step(self, name, compute, *arguments):
        """A step anew if it reads the spoilt table or what comes of it; else as at first."""
        parts = [
            part for one in arguments for part in (one.values() if isinstance(one, dict) else [one])
        ]
        key = [id(part) for part in parts]
        if name not in self._steps:
            self._opened = set()
            result = self._step(name, compute, *arguments)
            self._steps[name] = key, self._opened, result
        first, opened, result = self._steps[name]
        if first == key and self._spoilt not in opened:
            return result
        return self._step(name, compute, *arguments)

    def spoil(self, table: str, data: bytes) -> None:
        self._spoilt = table
        self._put(table, data)

    def restore(self) -> None:
        self._put(self._spoilt, self.data[self._spoilt])
        self._spoilt = None

    def _put(self, table: str, data: bytes) -> None:
        self._write(self.study.data / f"{table}.csv", data)

    def _key(self, table: str, cells: list[str]) -> tuple:
        schema = tables.resource(self.study, table)["schema"]
        names = [field["name"] for field in schema["fields"]]
        key = schema.get("primaryKey", names)
        return tuple(cells[names.index(name)] for name in ([key] if isinstance(key, str) else key))

    @staticmethod
    def _rows(data: bytes) -> dict[int, list[str]]:
        """Each line's cells, by another reader than the library's."""
        rows = csv.reader(io.StringIO(data.decode(), newline=""), strict=True)
        return dict(list(enumerate(rows, start=1))[1:])

    @staticmethod
    def covered(cleaned) -> set[str]:
        """Every file and line that some row of a clean table names as its source."""
        return {
            part
            for frame in cleaned.values()
            if "source" in frame
            for source in frame["source"].dropna()
            for part in source.split("; ")
        }

    def lost(self, table: str, data: bytes, cleaned) -> list[str]:
        """Rows that were read and are in no clean table, other than those that never were."""
        covered = self.covered(cleaned)
        found = []
        for name in self.traced:
            rows = self._rows(data) if name == table else self.printed[name]
            found += [
                f"data/{name}.csv:{line} {cells}"
                for line, cells in rows.items()
                if f"data/{name}.csv:{line}" not in covered
                and self._key(name, cells) not in self.left[name]
            ]
        return found


@pytest.fixture(scope="module")
def spoilt(write, tmp_path_factory):
    here = study.find(__file__)
    root = tmp_path_factory.mktemp("spoilt")
    shutil.copytree(here.data, root / "data")
    shutil.copy(here.root / "study.toml", root)
    with pytest.MonkeyPatch.context() as monkeypatch:
        yield Collection(root, monkeypatch, write)


def cells_of(found, table):
    """A table as the library reads it, as text again."""
    frame = tables.as_text(tables.read(found, table))
    return [list(frame.columns), *frame.to_numpy().tolist()]


@pytest.fixture(scope="module")
def counts(record):
    found = {"accepted": 0, "refused": 0}
    yield found
    tried = " and ".join(f"{number} {word}" for word, number in found.items())
    record(f"bad tables: {sum(found.values())} generated, {tried}")


@settings(settings.get_profile("faults"))
@given(data=st.data())
def test_every_row_is_in_the_output_or_named_in_the_error(spoilt, counts, data):
    table = data.draw(st.sampled_from(sorted(spoilt.data)))
    file = spoil(spoilt.data[table], data.draw)
    spoilt.spoil(table, file)
    try:
        cleaned = cleaning.process(spoilt.study)
        for name, frame in cleaned.items():
            tables.encode(frame, spoilt.study, f"processed/{name}")
    except StudyError as error:
        counts["refused"] += 1
        message = str(error)
        # The spoilt table, or the row of another one that does not go with it any more.
        assert f"data/{table}.csv" in message or re.search(r"data/[\w/-]+\.csv:\d", message), (
            message
        )
        assert len(message) < 5000
    else:
        counts["accepted"] += 1
        assert not spoilt.lost(table, file, cleaned)
    finally:
        spoilt.restore()
