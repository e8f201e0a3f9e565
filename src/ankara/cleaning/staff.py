"""The department's staff: Tables 1 and 2 and Figure 2 of the article."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study, StudyError

YEARS, POSTS, EDUCATION = (f"raw/article/{name}" for name in ("table-02", "table-01", "figure-02"))
POST = {
    "Daire Başkanı": "head",
    "Şube Müdürü": "branch_director",
    "Mütercim/Mühendis/Memur": "specialist",
    "Geçici Görevli": "temporary",
}
TOTAL = "Toplam"
DEGREE = {"lise": "secondary", "lisans": "bachelor", "lisansüstü": "postgraduate"}


def clean_staff(study: Study) -> pd.DataFrame:
    """year, staff (persons), source: one row a year of Table 2."""
    return sources.read(study, YEARS)


def clean_posts(study: Study) -> pd.DataFrame:
    """post (code), post_printed, staff (persons), source: one row a post of Table 1.

    The printed total is no post: it is left out, after it has been compared with the sum.
    """
    raw = sources.read(study, POSTS)
    total = raw[raw["post"] == TOTAL]
    posts = raw[raw["post"] != TOTAL].rename(columns={"post": "post_printed"})
    if total["staff"].sum() != posts["staff"].sum():
        raise StudyError(
            f"{total['source'].iloc[0]}, column staff: {total['staff'].iloc[0]}; the rows above it "
            f"add up to {posts['staff'].sum()}."
        )
    posts.insert(0, "post", _coded(posts, "post_printed", POST))
    return posts.reset_index(drop=True)


def clean_education(study: Study) -> pd.DataFrame:
    """education (code), education_printed, share (per cent of the permanent staff), source."""
    raw = sources.read(study, EDUCATION)
    raw = raw.rename(columns={"education": "education_printed"})
    raw.insert(0, "education", _coded(raw, "education_printed", DEGREE))
    return raw.drop(columns="education_en")


def _coded(rows: pd.DataFrame, column: str, codes: dict[str, str]) -> pd.Series:
    found = rows[column].map(codes)
    if found.isna().any():
        row = rows[found.isna()].iloc[0]
        raise StudyError(
            f"{row['source']}: {row[column]!r}; expected one of {', '.join(codes)}. "
            "Give it a code in cleaning/staff.py."
        )
    return found
