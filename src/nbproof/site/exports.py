"""The data as readers take them along: the main tables in two more forms, and all of it in one file."""

import zipfile
from datetime import datetime
from pathlib import Path

from nbproof import tables
from nbproof.study import Study

ARCHIVE = "data.zip"
# The forms of a main table, by ending
FORMS = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".parquet": "application/vnd.apache.parquet",
}
# Of all that is in it: the same data give the same bytes on any day.
EPOCH = (1980, 1, 1, 0, 0, 0)
BESIDE = ("CITATION.cff", "LICENSE-DATA")


def main(study: Study) -> list[str]:
    """The tables whose rows have a key of their own, such as "processed/people"."""
    return list(study.face.identified)


def write(study: Study, folder: Path) -> None:
    """Write the main tables as XLSX and Parquet into `folder`/data, and `folder`/data.zip."""
    for name in main(study):
        table, file = tables.read(study, name), folder / "data" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(file.with_suffix(".parquet"), index=False)
        _sheet(table, file.with_suffix(".xlsx"))
    archive(study, folder / ARCHIVE)


def archive(study: Study, file: Path) -> None:
    """Every table with its description, the licence and how to cite, in one file."""
    found = [path for path in study.data.rglob("*") if path.is_file() and path.name[0] != "."]
    found += [study.root / name for name in BESIDE if (study.root / name).is_file()]
    with zipfile.ZipFile(file, "w") as packed:
        for path in sorted(found):
            entry = zipfile.ZipInfo(study.name(path), EPOCH)
            entry.external_attr = 0o644 << 16
            packed.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _sheet(table, file: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(
        file, {"strings_to_urls": False, "strings_to_formulas": False}
    ) as book:
        book.set_properties({"created": datetime(*EPOCH)})
        sheet = book.add_worksheet(file.stem[:31])
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(table))
        for place, row in enumerate(table.astype(object).where(table.notna(), None).to_numpy(), 1):
            sheet.write_row(place, 0, row)
        sheet.autofit()
