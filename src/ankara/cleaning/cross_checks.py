"""What two sources, or two tables of the article, say of one thing, side by side."""

from collections.abc import Iterable

import pandas as pd

from ankara.cleaning import sources
from ankara.cleaning.units import named_in_prose
from nbproof.study import Study

# Municipalities that Çankaya's page names as partners, and what Table 6 would print of each
PAGE_PARTNERS = {
    "Dongcheng Municipality": "Dongcheng",
    "Centar District of Skopje": "Centar",
    "Playa Municipality": "Havana, Playa",
}
SLIDES_YEAR = 2015
COLUMNS = ["check", "item", "first_source", "first", "second_source", "second", "agrees"]


def clean_cross_checks(study: Study, cleaned: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """check, item, first_source, first, second_source, second, agrees: one row a comparison.

    cleaned: agreements, units, staff, posts and terms as processed. What the sources say is text, as
    they say it; `second` is missing where the second source is silent.
    """
    agreements = cleaned["agreements"]
    agreements = agreements[agreements["source"].str.startswith("data/raw/")]
    rows = [
        *_partners_2015(study, agreements),
        *_district_counts(study, agreements),
        *_page_partners(study, agreements),
        *_foreign_units(study, cleaned["units"]),
        *_terms(study, cleaned["terms"]),
        *_staff(cleaned["staff"], cleaned["posts"]),
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"agrees": "boolean"})


def _compared(check: str, first_source: str, second_source: str, pairs: Iterable) -> list[tuple]:
    """A row a comparison. pairs: item, first, second and, where equal texts do not decide, agrees."""
    rows = []
    for item, first, second, *agrees in pairs:
        same = agrees[0] if agrees else str(first) == str(second)
        said = pd.NA if second is None else str(second)
        rows.append((check, item, first_source, str(first), second_source, said, same))
    return rows


def _partners_2015(study: Study, agreements: pd.DataFrame) -> list[tuple]:
    """The slides are of May 2015; the tables give years only, so agreements of 2015 are open."""
    source = "raw/ankara-2015/key-figures"
    said = sources.read(study, source).set_index("name")["value"]["sister_and_partner_cities"]
    listed = agreements[agreements["level"] == "metropolitan"]
    before, until = listed["year"] < SLIDES_YEAR, listed["year"] <= SLIDES_YEAR
    kept = listed["status"] != "reported_cancelled"
    counts = {
        "before": before,
        "before_without_cancelled": before & kept,
        "with_2015": until,
        "with_2015_without_cancelled": until & kept,
    }
    pairs = [(item, int(said), int(rows.sum())) for item, rows in counts.items()]
    return _compared("partners_2015", source, "raw/article/table-04", pairs)


def _district_counts(study: Study, agreements: pd.DataFrame) -> list[tuple]:
    source = "raw/article/table-05"
    stated = sources.read(study, source).set_index("municipality")["agreements"]
    listed = agreements.loc[agreements["level"] == "district", "municipality"].value_counts()
    pairs = [(name, n, listed.get(name, 0)) for name, n in stated.items()]
    pairs += [(name, 0, n) for name, n in listed.items() if name not in stated.index]
    pairs.append(("total", stated.sum(), listed.sum()))
    return _compared("district_counts", source, "raw/article/table-06", pairs)


def _page_partners(study: Study, agreements: pd.DataFrame) -> list[tuple]:
    source = "raw/cankaya-2016/partners"
    page = sources.read(study, source).drop_duplicates("partner").set_index("partner")["relation"]
    listed = agreements[agreements["municipality"] == "Çankaya"]
    listed = listed.set_index("partner_printed")["year"]
    pairs = [
        (partner, page[partner], listed.get(printed), printed in listed.index)
        for partner, printed in PAGE_PARTNERS.items()
    ]
    return _compared("page_partners", source, "raw/article/table-06", pairs)


def _foreign_units(study: Study, units: pd.DataFrame) -> list[tuple]:
    """The merged unit agrees with the prose, which tells of the merger; the number agrees too."""
    named = named_in_prose(study)
    types = units.set_index("municipality")["unit_type"]
    own = types.index[types == "foreign_relations"]
    pairs = []
    for district in [*named, *own.difference(named)]:
        prose, unit = district in named, types[district]
        agrees = prose == (unit in ("foreign_relations", "merged"))
        pairs.append((district, "named" if prose else "not_named", unit, agrees))
    claims = sources.read(study, "reference/claims").set_index("id")["claimed"]
    pairs.append(("number", claims["units-2022-count"], len(own)))
    return _compared("foreign_units", "reference/claims", "raw/article/table-03", pairs)


def _terms(study: Study, terms: pd.DataFrame) -> list[tuple]:
    """Table 12 gives each mayor a period of planning; Table 8 the year of the election."""
    source = "raw/article/table-12"
    listed = terms.set_index("mayor")
    rows = []
    for row in sources.read(study, source).drop_duplicates("mayor").itertuples():
        term = listed.loc[row.mayor] if row.mayor in listed.index else {}
        for check, first, column in (
            ("terms_party", row.party, "party"),
            ("terms_start", row.period[:4], "year_from"),
        ):
            pair = (row.mayor, first, term.get(column))
            rows += _compared(check, source, "raw/article/table-08", [pair])
    return rows


def _staff(staff: pd.DataFrame, posts: pd.DataFrame) -> list[tuple]:
    last = staff.iloc[-1]
    pair = (str(last["year"]), posts["staff"].sum(), last["staff"])
    return _compared("staff", "raw/article/table-01", "raw/article/table-02", [pair])
