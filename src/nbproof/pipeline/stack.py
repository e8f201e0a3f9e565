"""What the forking process imports before a kernel is forked from it; not for import elsewhere.

An import leaves traces of where it happened. Each line below makes the process look, to what is
imported in it, like the ordinary kernel that its children will be.
"""

import builtins
import os
import sys

from nbproof.pipeline import settings

# What a fresh interpreter searches; a forked child would search what its parent does.
PATH = [entry for entry in sys.path if entry]

settings.apply()
# pyplot would fall back to a backend that shows nothing. ipykernel sets the same.
os.environ.setdefault("MPLBACKEND", "module://matplotlib_inline.backend_inline")
# A library's threads do not survive a fork. The last is that of pyarrow, which pandas imports.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")
os.environ["JE_ARROW_MALLOC_CONF"] = "background_thread:false"


class _ZMQShell:
    """pandas asks whether its shell has a kernel to know how wide a table may be."""

    kernel = True


vars(builtins)["get_ipython"] = _ZMQShell
try:
    import pandas  # noqa: F401
finally:
    del vars(builtins)["get_ipython"]

# A kernel imports its debugger when it starts, whether anybody debugs or not; this is about warnings.
os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
import ipykernel.debugger  # noqa: E402
import ipykernel.ipkernel  # noqa: E402
import ipykernel.kernelapp  # noqa: E402
import ipykernel.zmqshell  # noqa: E402, F401
