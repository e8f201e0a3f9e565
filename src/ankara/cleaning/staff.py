"""The department's staff: Tables 1 and 2 and Figure 2 of the article."""

import pandas as pd

from ankara.cleaning import sources
from nbproof.study import Study, StudyError

YEARS, POSTS, EDUCATION = (f"raw/article/{name}" for name in ("table-02", "table-01", "figure-02"))
TOTAL = "Toplam"


def clean_staff(study: Study) -> pd.DataFrame:
    """year, staff (persons), source: one row a year of Table 2."""
    return sources.read(study, YEARS)


def clean_posts(study: Study) -> pd.DataFrame:
    """post (code), post_printed, staff (persons), source: one row a post of Table 1.

    The printed total is no post: it is left out, after it has been compared with the sum.
    """
    raw = sources.read(study, POSTS)
    total = raw[raw["post"] == TOTAL]
    posts = raw[raw["post"] != TOTAL]
    if total["staff"].sum() != posts["staff"].sum():
        raise StudyError(
            f"{total['source'].iloc[0]}, column staff: {total['staff'].iloc[0]}; the rows above it "
            f"add up to {posts['staff'].sum()}."
        )
    codes = sources.coded(posts, "post", "post")
    posts = posts.rename(columns={"post": "post_printed"})
    posts.insert(0, "post", codes)
    return posts.reset_index(drop=True)


def clean_education(study: Study) -> pd.DataFrame:
    """education (code), education_printed, share (per cent of the permanent staff), source."""
    raw = sources.read(study, EDUCATION)
    codes = sources.coded(raw, "education", "education")
    raw = raw.rename(columns={"education": "education_printed"}).drop(columns="education_en")
    raw.insert(0, "education", codes)
    return raw
