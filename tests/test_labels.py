import string

import pandas as pd
import pytest

from nbproof import files, labels
from nbproof.labels import turkish
from nbproof.study import StudyError


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "1,234.5 in 2010, 34%"), ("tr", "1.234,5 in 2010, %34")]
)
def test_numbers_take_the_form_of_the_language(language, expected):
    sentence = labels.Labels(language, {"key": "{n} in {year:y}, {share:%}"})
    got = sentence.fill("key", n=1234.5, year=2010, share=0.341)
    assert got == expected


@pytest.mark.parametrize(("n", "expected"), [(1, "1 place"), (2, "2 places"), (0, "0 places")])
def test_the_word_follows_the_number(n, expected):
    got = labels.Labels("en", {"key": "{n} {n:place|places}"}).fill("key", n=n)
    assert got == expected


@pytest.mark.parametrize(
    ("items", "expected"), [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_prose(items, expected):
    got = labels.load("en").listing(items)
    assert got == expected


def test_an_unknown_language_is_refused():
    with pytest.raises(StudyError, match="expected one of en, tr"):
        labels.load("de")


def test_an_unknown_label_is_named():
    with pytest.raises(StudyError, match=r"labels/en/ has no entry 'no\.such'"):
        labels.load("en")["no.such"]


def test_both_languages_have_the_same_labels():
    got = sorted(labels.load("tr"))
    expected = sorted(labels.load("en"))
    assert got == expected


def _fields(text: str) -> set:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_fill_in_the_same_values():
    english, turkish = labels.load("en"), labels.load("tr")
    got = {key: _fields(turkish[key]) for key in turkish}
    expected = {key: _fields(english[key]) for key in english}
    assert got == expected


def test_a_sentence_in_a_notebook_shows_names_as_text():
    got = labels.Markdown("**Two** in <script>x</script> and $x^2$").data
    expected = r"**Two** in &lt;script>x&lt;/script> and <span>\$</span>x^2<span>\$</span>"
    assert got == expected


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"[broken\n", r"common\.toml: .*line 1"),
        (b"a = no quotes\n", r"common\.toml: .*line 1"),
        ("a = 'ok'\nb = 'Türkiye'\n".encode("cp1254"), r"common\.toml: line 2: not UTF-8"),
    ],
)
def test_a_broken_label_file_is_named_in_one_line(tmp_path, data, said):
    file = tmp_path / "common.toml"
    file.write_bytes(data)
    with pytest.raises(StudyError, match=said) as error:
        files.toml(file, "labels/en/common.toml")
    assert "\n" not in str(error.value)


def test_windows_line_ends_break_no_label_file(tmp_path):
    file = tmp_path / "common.toml"
    file.write_bytes(b'a = """x\r\ny"""\r\n')
    got = files.toml(file, "common.toml")
    expected = {"a": "x\ny"}
    assert got == expected


def test_what_an_editor_leaves_beside_the_label_files_is_not_read(tmp_path, monkeypatch):
    folder = tmp_path / "labels" / "en"
    folder.mkdir(parents=True)
    (folder / "common.toml").write_text('a = "x"')
    (folder / ".common.toml.swp").write_bytes(b"\xff\0")
    monkeypatch.setattr(labels.resources, "files", lambda name: tmp_path)
    got = list(labels._load.__wrapped__("en", ("package",)))
    expected = ["a"]
    assert got == expected


def test_a_label_file_holds_the_words_of_its_name(collection):
    """Else they would not be found: a file is read when a word of its name is asked for."""
    got = [
        f"{path.relative_to(collection.root)}: {key}"
        for path in sorted(collection.root.glob("src/*/labels/*/*.toml"))
        for key in files.toml(path, path.name)
        if key.partition(".")[0] != path.stem and path.stem != labels.COMMON
    ]
    expected = []
    assert got == expected


@pytest.mark.parametrize("text", ["{m}", "{n", "{n:#,##0|}}", "{0}"])
def test_a_template_that_cannot_be_filled_is_named_by_its_key(text):
    with pytest.raises(StudyError, match=r"labels/en/, entry 'key': .*Given: n\."):
        labels.Labels("en", {"key": text}).fill("key", n=1)


ONES = ["ı", "i", "si", "ü", "ü", "i", "sı", "si", "i", "u"]
TENS = {10: "u", 20: "si", 30: "u", 40: "ı", 50: "si", 60: "ı", 70: "i", 80: "i", 90: "ı", 100: "ü"}
FROM = ["dan", "den", "den", "ten", "ten", "ten", "dan", "den", "den", "dan"]
TENS_FROM = {
    10: "dan", 20: "den", 30: "dan", 40: "tan", 50: "den", 60: "tan", 70: "ten", 80: "den", 90: "dan",
    100: "den",
}  # fmt: skip


@pytest.mark.parametrize(
    ("case", "ones", "tens"),
    [
        ("i", ONES, {**TENS, 1000: "i"}),
        ("den", FROM, {**TENS_FROM, 1000: "den"}),
        ("de", [end[:2] for end in FROM], {n: end[:2] for n, end in TENS_FROM.items()}),
    ],
)
def test_a_turkish_number_takes_the_ending_of_its_last_word(case, ones, tens):
    numbers = [*range(101), *tens]
    got = [turkish.inflect(str(n), case) for n in numbers]
    expected = [f"{n}'{tens[n] if n in tens else ones[n % 10]}" for n in numbers]
    assert got == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{n:'i}", "1.165'i"),
        ("{year:y'de}", "2019'da"),
        ("{share:%'i}", "%34'ü"),
        ("{ratio:0.00'in}", "0,92'nin"),
        ("{million:'e}", "3.000.000'a"),
        ("{n:'inde} {n:'ini} {n:'inin}", "1.165'inde 1.165'ini 1.165'inin"),
    ],
)
def test_a_template_names_the_case_of_its_number(template, expected):
    values = {"n": 1165, "year": 2019, "share": 0.341, "ratio": 0.92, "million": 3_000_000}
    got = labels.Labels("tr", {"key": template}).fill("key", **values)
    assert got == expected


@pytest.mark.parametrize("template", ["{n:'ki}", "{name:'i}"])
def test_a_case_that_a_number_has_not_is_named_by_its_key(template):
    with pytest.raises(StudyError, match=r"labels/tr/, entry 'key'"):
        labels.Labels("tr", {"key": template}).fill("key", n=1, name="x")


@pytest.mark.parametrize("value", [float("nan"), pd.NA])
@pytest.mark.parametrize("template", ["{n}", "{n:%}", "{n:y}", "{n:'i}"])
def test_a_number_that_is_not_known_is_a_dash(template, value):
    got = labels.Labels("tr", {"key": template}).fill("key", n=value)
    expected = "–"
    assert got == expected
