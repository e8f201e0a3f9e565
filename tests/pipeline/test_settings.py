"""A home full of settings: Python's, IPython's, Jupyter's, matplotlib's, pandas', GDAL's. No byte differs."""

import os
import shutil
import subprocess
import sys

import pytest

from nbproof.pipeline import closure, settings

NOTEBOOKS = ["03-world-map", "04-purposes"]  # GDAL and a table; bars
STARTUP = """
import matplotlib, pandas
matplotlib.rcParams["path.sketch"] = (1, 100, 2)
matplotlib.rcParams["figure.autolayout"] = True
pandas.set_option("display.max_rows", 2)
round = abs = lambda *given: 0
print("started")
"""
MATPLOTLIBRC = """
axes.axisbelow: line
backend: svg
figure.autolayout: True
font.size: 20
image.cmap: gray
lines.dash_capstyle: round
no.such.key: 1
path.sketch: 1, 100, 2
patch.force_edgecolor: True
savefig.bbox: tight
savefig.pad_inches: 2
savefig.transparent: True
svg.id: mine
xtick.minor.visible: True
"""
CONFIG = """
c.InteractiveShellApp.exec_lines = ["print('configured')"]
c.InteractiveShell.ast_node_interactivity = "all"
c.IPKernelApp.matplotlib = "svg"
"""
FILES = {
    ".ipython/profile_default/startup/00.py": STARTUP,
    ".ipython/profile_default/ipython_config.py": CONFIG,
    ".ipython/profile_default/ipython_kernel_config.py": CONFIG,
    ".jupyter/jupyter_config.py": "raise SystemExit",
    ".local/share/jupyter/kernels/python3/kernel.json": '{"argv": ["false"], "display_name": "x", "language": "x"}',
    ".config/matplotlib/matplotlibrc": MATPLOTLIBRC,
    ".gdal/gdalrc": "[configoptions]\nCPL_DEBUG=ON\n",
    "started.py": STARTUP,
    "site/sitecustomize.py": "import pandas\npandas.set_option('display.max_columns', 2, 'display.precision', 1)\n",
}
VARIABLES = {
    "IPYTHONDIR": ".ipython", "PYTHONSTARTUP": "started.py", "JUPYTER_PATH": ".local/share/jupyter",
    "JUPYTER_CONFIG_DIR": ".jupyter", "MATPLOTLIBRC": ".config/matplotlib/matplotlibrc",
}  # fmt: skip
VALUES = {
    "MPLBACKEND": "svg", "PANDAS_FUTURE_INFER_STRING": "0", "PYTHONWARNINGS": "always",
    "CPL_DEBUG": "ON", "PROJ_DEBUG": "3", "JUPYTER_PREFER_ENV_PATH": "0",
}  # fmt: skip


@pytest.fixture(scope="module")
def homes(tmp_path_factory):
    """The environment with an empty home, with settings in files, and with variables that name them."""
    place = tmp_path_factory.mktemp("homes")
    for name, text in FILES.items():
        (place / "full" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "full" / name).write_text(text)
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("IPYTHON", "JUPYTER", "MPL", "MATPLOTLIB", "XDG_", "CPL_", "GDAL_", "PROJ_"))
    }  # fmt: skip
    full = clean | {"HOME": str(place / "full")}
    named = {name: str(place / "full" / path) for name, path in VARIABLES.items()}
    (place / "none").mkdir()
    return {
        "none": clean | {"HOME": str(place / "none")},
        "files": full,
        "variables": full | named | VALUES,
        "site": clean | {"HOME": str(place / "none"), "PYTHONPATH": str(place / "full" / "site")},
    }


@pytest.fixture(scope="module")
def results(collection, homes, tmp_path_factory):
    """What a run leaves in a new copy: every file that it writes."""

    def run(home, *arguments):
        root = tmp_path_factory.mktemp("study") / "study"
        shutil.copytree(collection.data, root / "data")
        (root / "notebooks").mkdir()
        for name in NOTEBOOKS:
            shutil.copy(collection.notebooks / f"{name}.ipynb", root / "notebooks")
        subprocess.run(
            [sys.executable, "-m", "diplolib", "reproduce", *arguments],
            cwd=root, env=homes[home], check=True, capture_output=True,
        )  # fmt: skip
        places = ("data/processed", "figures", "notebooks", "build/tr")
        files = [path for place in places for path in (root / place).rglob("*")]
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}

    return run


@pytest.fixture(scope="module")
def plain(results):
    return results("none")


@pytest.mark.parametrize(
    ("home", "how"), [("files", ["--cold"]), ("variables", []), ("site", ["--cold"])]
)
def test_a_run_sees_none_of_the_user_s_settings(results, plain, home, how):
    got = results(home, *how)
    expected = plain
    assert {name for name in expected if got.get(name) != expected[name]} == set()


def test_nbval_sees_none_of_the_user_s_settings(collection, homes):
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebooks/04-purposes.ipynb"],
        cwd=collection.root, env=homes["variables"], check=False, capture_output=True, text=True,
    )  # fmt: skip
    got = done.returncode, done.stdout[-500:] * (done.returncode != 0)
    expected = 0, ""
    assert got == expected


def test_drawing_here_begins_from_matplotlib_s_own_settings():
    import matplotlib

    from nbproof.figures import style

    def inside():
        with matplotlib.rc_context({"savefig.bbox": "tight", "path.sketch": (1, 100, 2)}):
            return style.styled(lambda: dict(matplotlib.rcParams))()

    expected = style.styled(lambda: dict(matplotlib.rcParams))()
    got = inside()
    assert got == expected


def test_the_list_of_fonts_is_not_made_again(homes):
    code = (
        "from nbproof.pipeline import settings; settings.apply(); import matplotlib; "
        "print(matplotlib.get_cachedir())"
    )
    call = [sys.executable, "-c", code]
    done = subprocess.run(call, env=homes["files"], check=True, capture_output=True, text=True)
    got = done.stdout.strip()
    expected = os.path.join(homes["files"]["HOME"], ".cache", "matplotlib")
    assert got == expected


def test_the_engine_s_kernels_count_the_settings_module_as_code(tmp_path):
    library = closure.Library(tmp_path / "imports.json")
    got = "nbproof.pipeline.settings" in library.closure({"nbproof.pipeline.engine"})
    expected = True
    assert got == expected


def test_a_relative_search_path_is_the_same_in_a_kernel_s_folder(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["src", os.sep]))
    got = settings.neutral()["PYTHONPATH"]
    expected = os.pathsep.join([os.path.abspath("src"), os.sep])
    assert got == expected
