"""The colour of each region, the same in every figure."""

# Told apart in colour, by colour-blind readers and in grey: each is lighter than the one before.
REGIONS = {
    "Europe": "#17406b",
    "Asia": "#c65d1b",
    "Africa": "#6fb79b",
    "Americas": "#cbb2d8",
    "Oceania": "#f5e7a3",
    "unidentified": "#ffffff",
}
HATCHES = {"unidentified": "//////"}
