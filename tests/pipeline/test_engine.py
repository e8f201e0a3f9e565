"""Runs of small notebooks: results whole or not at all, errors that say where."""

import asyncio
import queue

import nbformat
import pytest

from nbproof.pipeline import engine, notebooks
from nbproof.study import Study

WRITE = """
import os, pathlib
folder = pathlib.Path(os.environ["NBPROOF_OUTPUT"]) / "figures"
folder.mkdir(exist_ok=True)
(folder / "test.en.csv").write_text("new")
"""


@pytest.fixture
def run(tmp_path):
    """Run cells as one notebook; returns the folder of the results."""

    def run(*sources, parameters=None, prose=""):
        content = nbformat.v4.new_notebook(metadata={"kernelspec": notebooks.KERNEL})
        content.cells = [nbformat.v4.new_code_cell(source) for source in sources]
        content.cells[0].metadata["tags"] = ["parameters"]
        content.cells += [nbformat.v4.new_markdown_cell(prose)]
        (tmp_path / "notebooks").mkdir(exist_ok=True)
        path = tmp_path / "notebooks" / "01-test.ipynb"
        nbformat.write(content, path)
        out = tmp_path / "out"
        engine.run(
            Study(tmp_path),
            engine.Job(path, parameters or {}, out / "01-test.ipynb", out / "figures"),
        )
        return out

    return run


def test_a_notebook_is_executed_with_its_parameters(run):
    out = run("lang = 'en'", "print(lang)", parameters={"lang": "tr"})
    content = nbformat.read(out / "01-test.ipynb", as_version=4)
    got = content.cells[-2].outputs[0].text
    expected = "tr\n"
    assert got == expected


PROSE = "# Title\n\nOne\ntwo.\n\n- *a* b\n- c\n\n    code"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", PROSE), ("tr", "# Başlık\n\nBir iki.\n\n- *x* y\n- c\n\n    code")],
)
def test_its_prose_is_in_the_language_of_its_run(run, tmp_path, language, expected):
    """Heading, paragraph of two lines and item are a message each; what has no translation stays."""
    folder = tmp_path / "site" / "locale" / "tr" / "LC_MESSAGES" / "notebooks"
    folder.mkdir(parents=True)
    said = {"Title": "Başlık", "One two.": "Bir iki.", "*a* b": "*x* y"}
    text = "\n".join(f'msgid "{one}"\nmsgstr "{other}"\n' for one, other in said.items())
    (folder / "01-test.po").write_text(text, encoding="utf-8")
    out = run("lang = 'en'", parameters={"lang": language}, prose=PROSE)
    content = nbformat.read(out / "01-test.ipynb", as_version=4)
    got = content.cells[-1].source
    assert got == expected


def test_its_figures_are_moved_into_place(run):
    out = run("x = 1", WRITE)
    got = (out / "figures" / "test.en.csv").read_text()
    expected = "new"
    assert got == expected


def test_nothing_of_the_run_is_left_behind(run):
    out = run("x = 1", WRITE)
    got = sorted(path.name for path in out.iterdir())
    expected = ["01-test.ipynb", "figures"]
    assert got == expected


def test_a_failing_cell_is_named_with_its_source_and_error(run):
    with pytest.raises(engine.RunError) as error:
        run("x = 1", "y = 1 / 0")
    got = [
        part in str(error.value)
        for part in ("01-test.ipynb, cell 2", "ZeroDivisionError", "y = 1 / 0")
    ]
    expected = [True, True, True]
    assert got == expected


def test_earlier_results_stay_whole_when_a_cell_fails(run, tmp_path):
    out = run("x = 1", WRITE)
    expected = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    with pytest.raises(engine.RunError):
        run("x = 1", WRITE.replace("new", "half"), "raise ValueError")
    got = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert got == expected


def test_a_kernel_that_dies_is_an_error_with_the_notebook_s_name(run):
    with pytest.raises(engine.RunError, match=r"01-test\.ipynb"):
        run("x = 1", "import os; os._exit(3)")


def test_a_kernel_that_finds_its_port_taken_is_started_once_more(run, monkeypatch):
    execute, calls = engine.papermill.execute_notebook, []

    def first_in_vain(*arguments, **keywords):
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("Kernel died before replying to kernel_info")
        return execute(*arguments, **keywords)

    monkeypatch.setattr(engine.papermill, "execute_notebook", first_in_vain)
    run("x = 1")
    got = len(calls)
    expected = 2
    assert got == expected


def test_a_cell_that_hangs_is_stopped(run, monkeypatch):
    monkeypatch.setattr(engine, "CELL_TIMEOUT", 1)
    with pytest.raises(engine.RunError, match=r"01-test\.ipynb"):
        run("x = 1", "import time; time.sleep(60)")


def test_one_failing_notebook_does_not_stop_the_others(tmp_path):
    study, jobs = Study(tmp_path), []
    for name, source in (("a", "1 / 0"), ("b", "2")):
        content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        nbformat.write(content, tmp_path / f"{name}.ipynb")
        jobs.append(
            engine.Job(tmp_path / f"{name}.ipynb", {}, tmp_path / "out" / f"{name}.ipynb", tmp_path)
        )
    errors = engine.run_all(study, jobs)
    got = len(errors), (tmp_path / "out" / "b.ipynb").exists()
    expected = 1, True
    assert got == expected


def executed():
    content = nbformat.v4.new_notebook(metadata={"papermill": {"start_time": "now"}})
    picture = nbformat.v4.new_output(
        "display_data", {"image/png": "x"}, metadata={"image/png": {"alt": "three bars"}}
    )
    cell = nbformat.v4.new_code_cell("1", outputs=[picture], metadata={"papermill": {}, "tags": []})
    content.cells = [cell]
    return notebooks.settle(content)


def test_run_times_and_paths_are_taken_out():
    got = "papermill" in executed().metadata, dict(executed().cells[0].metadata).keys()
    expected = False, {"mystnb"}
    assert got[0] == expected[0]
    assert got[1] == expected[1]


def test_alt_text_goes_to_where_renderers_look():
    got = executed().cells[0].metadata["mystnb"]["image"]["alt"]
    expected = "three bars"
    assert got == expected


class Channel:
    """Messages to get, one after the other; `asked` counts how often."""

    def __init__(self, *messages):
        self._messages, self.asked = list(messages), 0

    async def get_msg(self, timeout):
        self.asked += 1
        if not self._messages:
            raise queue.Empty
        return self._messages.pop(0)


def channels(alive, *messages):
    """A client whose kernel has sent these messages on its shell, and one on its iopub channel."""

    async def is_alive():
        return alive

    class Client(engine._Channels):
        shell_channel, iopub_channel = Channel(*messages), Channel({"msg_type": "status"})

    client = Client()
    client.kernel_info = lambda: None
    client._async_is_alive = is_alive
    client._handle_kernel_info_reply = lambda message: None
    return client


def test_a_kernel_that_answers_is_ready_without_waiting_for_silence():
    client = channels(True, {"msg_type": "other"}, {"msg_type": "kernel_info_reply"})
    asyncio.run(client.wait_for_ready(timeout=5))
    got = client.shell_channel.asked, client.iopub_channel.asked
    expected = 2, 1
    assert got == expected


@pytest.mark.parametrize(
    ("alive", "said"), [(False, engine.UNBORN), (True, "Kernel did not answer within 0.1 seconds")]
)
def test_a_kernel_that_does_not_answer_is_an_error(alive, said):
    with pytest.raises(RuntimeError) as error:
        asyncio.run(channels(alive).wait_for_ready(timeout=0.1))
    got = str(error.value)
    expected = said
    assert got == expected
