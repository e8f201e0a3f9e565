"""Text stays text: in a terminal, in Markdown, in a drawing and in a spreadsheet."""

import io
import json

import pytest
from markdown_it import MarkdownIt

from nbproof import cli, escape, labels

# What names may be made of to be taken for something else.
HOSTILE = [
    "![n](https://example.org/x.png)", "[a](https://example.org)", "[a]: https://example.org", "<b>x</b>",
    "<img src=x onerror=alert(1)>", "$x^2$", "`code`", "**bold**", "_it_", "{ref}`a`", "a | b", "~~a~~",
    "&#33;&#91;a](b)",
]  # fmt: skip
CONTROLS = [
    "\x1b[2J\x1b[H",
    "\x1b]0;x\x07",
    "a\rb",
    "\x9b2J",
    "\u202eabc",
    "\x00",
    "\x7f",
    "\u2028",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_in_markdown_is_text(name):
    html = MarkdownIt("commonmark", {"html": True}).render(f"In {escape.markdown(name)}, all.")
    got = [tag for tag in ("<img", "<a", "<b", "<code", "<strong", "<em") if tag in html]
    assert got == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sentence_in_a_notebook_fetches_and_links_nothing(name):
    html = MarkdownIt("commonmark", {"html": True}).render(labels.Markdown(f"**In** {name}").data)
    got = [tag for tag in ("<img", "<a", "<b>") if tag in html]
    assert got == []


@pytest.mark.parametrize("text", CONTROLS)
def test_a_control_never_reaches_a_terminal(text):
    stream = io.StringIO()
    print(text, file=escape.Terminal(stream))
    got = [letter for letter in stream.getvalue()[:-1] if not letter.isprintable()]
    assert got == []


@pytest.mark.parametrize("command", [["verify", "--quick"], ["status"], ["trace", "\x1b[2J"]])
def test_no_command_prints_a_control(collection, tmp_path, capsys, command):
    for part in ("raw", "reference"):
        (tmp_path / "data" / part).mkdir(parents=True)
    (tmp_path / "data" / "raw" / "a\x1b[2J\neverything agrees.csv").write_text("x\n")
    (tmp_path / "notebooks").mkdir()
    cli.main(["--study", str(tmp_path), *command])
    said = capsys.readouterr()
    got = "\x1b" in said.out + said.err, "\neverything" in said.out
    assert got == (False, False)


@pytest.mark.parametrize(
    "content",
    [[], 3, {"clean": 1}, {"clean": {"_values_:": []}}, {"clean": {"_values_:": {"made": {"a": 1}}}},
     {"clean": {"deps:": 5}}, {"clean": {"_values_:": {"made": {}, "results": 4}}}],
)  # fmt: skip
def test_a_state_of_another_shape_is_as_if_nothing_had_run(tmp_path, capsys, content):
    for part in ("raw", "reference"):
        (tmp_path / "data" / part).mkdir(parents=True)
    for part in ("notebooks", "build"):
        (tmp_path / part).mkdir()
    (tmp_path / "build" / "state.json").write_text(json.dumps(content))
    code = cli.main(["--study", str(tmp_path), "status"])
    assert code == 0, capsys.readouterr()
