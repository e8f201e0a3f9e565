"""The user's own settings of Python, IPython, Jupyter, matplotlib, pandas and GDAL, kept out of a run."""

import os
import sys
from importlib.util import find_spec
from pathlib import Path

# Variables that change what is printed or drawn. MPLCONFIGDIR stays: matplotlib's list of fonts lies there.
USERS = (
    "IPYTHON", "JUPYTER", "MATPLOTLIBRC", "MPLBACKEND", "PANDAS_", "CPL_", "PYTHONSTARTUP",
    "PYTHONWARNINGS", "PYTHONDEVMODE", "PYTHONVERBOSE", "PYTHONPROFILEIMPORTTIME",
)  # fmt: skip
# In place of files in the user's home: matplotlib's own settings, and none of GDAL.
OURS = {"GDAL_CONFIG_FILE": os.devnull, "CPL_DEBUG": "OFF", "PROJ_DEBUG": "0"}
_applied = False
HOMES = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")


def neutral(folder: Path | None = None) -> dict[str, str]:
    """The environment without the user's settings.

    folder: a private one, in which IPython and Jupyter find no settings and keep what they write.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(USERS)}
    if "PYTHONPATH" in kept:  # a kernel starts in another folder
        entries = kept["PYTHONPATH"].split(os.pathsep)
        kept["PYTHONPATH"] = os.pathsep.join(map(os.path.abspath, entries))
    drawing = find_spec("matplotlib")
    if drawing and drawing.origin:
        kept["MATPLOTLIBRC"] = str(Path(drawing.origin).parent / "mpl-data" / "matplotlibrc")
    homes = {name: str(folder / name.lower()) for name in HOMES} if folder else {}
    return kept | OURS | homes


def apply(folder: Path | None = None) -> None:
    """Make `neutral(folder)` the environment of this process and of those that it starts, once."""
    global _applied
    if _applied:
        return
    _applied = True
    environment = neutral(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.warnoptions.clear()  # multiprocessing hands them on to its children
