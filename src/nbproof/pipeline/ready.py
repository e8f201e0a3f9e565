"""The last import of the forking process: how many threads the stack has left in it.

What has been imported stays to the end: the children's garbage collectors need not go through it,
which would also copy the memory that they share. They look for garbage less often than Python does by
itself: a figure is a hundred thousand objects that stay, and looking at them took a tenth of a notebook.
"""

import gc
import os
import threading


def threads() -> int:
    try:
        return len(os.listdir("/proc/self/task"))
    except OSError:  # macOS has no /proc; this sees Python's own threads only
        return threading.active_count()


gc.freeze()
gc.set_threshold(100_000, 20, 20)
# Counted here because a forked child always starts with one.
THREADS = threads()
