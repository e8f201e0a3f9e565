import pandas as pd
import pytest

from diplolib import regions
from nbproof import labels, tables
from nbproof.study import StudyError


@pytest.fixture(scope="module")
def schemes(collection):
    return tables.read(collection, "reference/regions")


@pytest.mark.parametrize(
    ("scheme", "expected"), [("article_inferred", "Europe"), ("un_m49", "Asia")]
)
def test_northern_cyprus_is_where_the_schemes_differ(schemes, scheme, expected):
    got = regions.assign(pd.Series(["XN"]), scheme, schemes)[0]
    assert got == expected


def test_the_schemes_differ_nowhere_else(schemes):
    different = schemes[schemes["un_m49"] != schemes["article_inferred"]]
    got = different["country_code"].tolist()
    expected = ["XN"]
    assert got == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [("RU", "Europe"), ("CY", "Asia"), ("GE", "Asia"), ("XK", "Europe"), ("PS", "Asia"), ("CU", "Americas")],
)  # fmt: skip
def test_countries_lie_where_m49_has_them(schemes, code, expected):
    got = regions.assign(pd.Series([code]), "un_m49", schemes)[0]
    assert got == expected


def test_no_country_gives_no_region(schemes):
    got = regions.assign(pd.Series(["KR", None], dtype="str"), "un_m49", schemes).isna().tolist()
    expected = [False, True]
    assert got == expected


def test_an_unknown_scheme_is_refused_with_the_nearest(schemes):
    with pytest.raises(StudyError, match="Did you mean un_m49"):
        regions.assign(pd.Series(["KR"]), "un_m94", schemes)


def test_a_country_without_a_region_is_named(schemes):
    with pytest.raises(StudyError, match="no region for QQ"):
        regions.assign(pd.Series(["KR", "QQ"]), "un_m49", schemes)


def test_a_scheme_like_none_is_refused_without_a_guess(schemes):
    with pytest.raises(StudyError) as raised:
        regions.assign(pd.Series(["KR"]), "zzz", schemes)
    got = str(raised.value)
    expected = (
        "region scheme 'zzz' is not in data/reference/regions.csv (un_m49, article_inferred)."
    )
    assert got == expected


def test_every_country_without_a_region_is_named(schemes):
    with pytest.raises(StudyError, match=r"no region for QQ, QX\. Add a row for each\.$"):
        regions.assign(pd.Series(["QX", "KR", "QQ"]), "un_m49", schemes)


def test_only_the_five_names_occur(schemes):
    got = set(schemes[["un_m49", "article_inferred"]].stack())
    expected = set(regions.NAMES)
    assert got == expected


def test_the_turkish_names_are_those_of_the_labels():
    words = labels.load("tr")
    got = regions.TURKISH
    expected = {name: words[f"region.{name}"] for name in regions.NAMES}
    assert got == expected
