"""What a study of city diplomacy is made of if it has no code of its own: a list of partners."""

from nbproof.study import Face

FACE = Face(
    command="diplolib",
    packages=("diplolib",),
    commands="diplolib.commands",
    compute="diplolib.inventory:clean",
    identified={"processed/agreements": "agreement_id"},
    shared=("level", "municipality", "country_code", "place_id"),
    dated=("bar", "agreement", "agreements"),
    words="diplolib.levels:words",
    aliases={"country": ["country_code", "name", "name_tr"], "partner": ["name", "name_tr"]},
)
