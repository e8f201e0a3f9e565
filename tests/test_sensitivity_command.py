"""`diplolib sensitivity`: what it writes and what it says."""

import pytest

from ankara.specifications import computed
from diplolib import cli
from nbproof import tables


@pytest.mark.parametrize(
    ("said", "code", "text"), [(None, 0, "is as computed now"), ("line 4 differs", 1, "line 4")]
)
def test_a_check_says_whether_the_stored_table_holds(
    collection, monkeypatch, capsys, said, code, text
):
    monkeypatch.setattr(computed, "stale", lambda study, **how: said)
    got = cli.main(["--study", str(collection.root), "sensitivity", "--check"])
    expected = code
    assert got == expected
    assert text in capsys.readouterr().out


def test_the_table_is_written_by_the_number_of_processes_asked_for(collection, monkeypatch, capsys):
    asked = {}
    stored = tables.read(collection, computed.TABLE)
    monkeypatch.setattr(computed, "write", lambda study, **how: asked.update(how) or stored)
    got = cli.main(["--study", str(collection.root), "sensitivity", "--workers", "3"])
    expected = 0
    assert got == expected
    assert asked["workers"] == 3
    assert f"{len(stored)} rows" in capsys.readouterr().out


def test_no_process_is_refused(collection, capsys):
    with pytest.raises(SystemExit):
        cli.main(["--study", str(collection.root), "sensitivity", "--workers", "0"])
    assert "expected a whole number from 1" in capsys.readouterr().err
