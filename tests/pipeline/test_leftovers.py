"""What a killed run has left is taken away, and nothing else."""

from nbproof.pipeline.leftovers import remove


def test_only_unfinished_results_are_taken_away(tmp_path):
    (tmp_path / ".run-ab12cd34" / "figures").mkdir(parents=True)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    for name in (
        ".terms.csv.ab12cd34",
        ".timeline.en.png.x_y2z3w4",
        ".gitignore",
        "terms.csv",
        ".notes.csv",
    ):
        (tmp_path / name).touch()
    remove([tmp_path, tmp_path / "absent"])
    got = sorted(path.name for path in tmp_path.iterdir())
    expected = [".gitignore", ".ipynb_checkpoints", ".notes.csv", "terms.csv"]
    assert got == expected
