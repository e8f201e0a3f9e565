"""What this study is made of, for the machinery that runs, checks and renders it."""

from nbproof.study import Face

FACE = Face(
    command="diplolib",
    packages=("diplolib", "ankara"),
    commands="ankara.commands",
    compute="ankara.processed:compute",
    pages="ankara.site.pages:pages",
    files="ankara.site.pages:files",
    companion="ankara.companion:content",
    identified={"processed/agreements": "agreement_id"},
    shared=("level", "municipality", "country_code", "place_id"),
    dated=("bar", "agreement", "agreements"),
    aliases={
        "country": ["country_code", "name", "name_tr"],
        "place": ["place_id", "name", "name_tr"],
        "partner": ["name", "name_tr"],
        "district": ["municipality"],
        "party": ["text"],
    },
    evidence="ankara.evidence:evidence",
    live="ankara.live",
    stored=(
        (
            "data/sensitivity/specifications.csv",
            "ankara.specifications.inputs:changed",
            "diplolib sensitivity",
        ),
    ),
)
