"""Kernels forked from a process that has imported the stack: Jupyter's provisioner over a forkserver.

Each notebook still has a process of its own. Only the imports of other projects are shared: the
library itself is imported by each kernel, so that a forking process is never out of date.
"""

import os
import subprocess
import sys
import threading
from multiprocessing.process import BaseProcess
from typing import Any

from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from nbproof.pipeline import forker

ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")


class Provisioner(LocalProvisioner):
    """Jupyter's local provisioner, with a fork in the place of a new interpreter."""

    process: Any = None

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        # A kernel of another interpreter, or in another language, cannot be forked from this one.
        if cmd[0] != sys.executable or "ipykernel_launcher" not in cmd:
            return await super().launch_kernel(cmd, **kwargs)
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        environment = {**(kwargs.get("env") or os.environ)}
        process = forker.start_child(
            _kernel, arguments, kwargs.get("cwd") or os.getcwd(), environment
        )
        self.process = _Process(process)
        self.pid = self.pgid = process.pid
        self.cwd = kwargs.get("cwd")
        return self.connection_info


class _Process:
    """A multiprocessing process under the names of subprocess, as the local provisioner calls them."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess):
        self._process = process
        self.pid = process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        if self.pid:
            os.kill(self.pid, signum)

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()


def _kernel(arguments: list[str], cwd: str, environment: dict[str, str]) -> None:
    """In a forked child: become the kernel that a new interpreter would have been."""
    os.setsid()
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    stack = sys.modules[forker.STACK]
    sys.path[:] = stack.PATH
    import ipykernel_launcher

    sys.argv[:] = [ipykernel_launcher.__file__, *arguments]
    # Its kernel poller would watch the forking process, which lives as long as its children.
    os.environ.pop("JPY_PARENT_PID", None)
    threading.Thread(target=forker.leave_with_parent, daemon=True).start()
    if "numpy" in sys.modules:
        # Else all children draw the same "random" numbers. Python's own generator sees to itself.
        sys.modules["numpy"].random.seed()
    from ipykernel.kernelapp import launch_new_instance

    launch_new_instance()
