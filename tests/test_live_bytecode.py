"""What is compiled for a reader's browser: the same code, without docstrings, the same bytes each time."""

import marshal
import zipfile

import pytest

from nbproof.live import bytecode

SOURCE = b'"""Text."""\nclass A:\n    """Text."""\n    def b(self):\n        "Text."\n        assert self.c, "c"\n        return "text"\n'


def executed(source):
    scope = {}
    exec(marshal.loads(bytecode.compiled(source, "a.py")[16:]), scope)
    return scope


def test_a_docstring_becomes_empty():
    scope = executed(SOURCE)
    got = scope["__doc__"], scope["A"].__doc__, scope["A"].b.__doc__
    expected = "", "", ""
    assert got == expected


def test_an_assertion_stays():
    made = executed(SOURCE)["A"]()
    made.c = 0
    with pytest.raises(AssertionError, match="c"):
        made.b()


def test_a_text_that_is_no_docstring_stays():
    made = executed(SOURCE)["A"]()
    made.c = 1
    got = made.b()
    expected = "text"
    assert got == expected


def test_an_archive_holds_bytecode_in_the_place_of_modules_alone(tmp_path):
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("a/__init__.py", SOURCE)
        packed.writestr("a/b.dat", b"1")
        packed.mkdir("c")
    bytecode.rewrite(file)
    with zipfile.ZipFile(file) as packed:
        got = {name: packed.read(name) for name in packed.namelist()}
    expected = {"a/__init__.pyc": bytecode.compiled(SOURCE, "a/__init__.py"), "a/b.dat": b"1"}
    assert got == expected


def test_an_archive_is_rewritten_to_the_same_bytes(tmp_path):
    files = [tmp_path / "a.zip", tmp_path / "b.zip"]
    for year, file in enumerate(files, 2000):
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(zipfile.ZipInfo("a.py", (year, 1, 1, 0, 0, 0)), SOURCE)
        bytecode.rewrite(file)
    got, expected = (file.read_bytes() for file in files)
    assert got == expected
