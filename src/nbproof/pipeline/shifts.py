"""Many runs in child processes, one after another: each takes a shift of them and ends.

A process that runs notebooks, several at a time, grows with every one: what its threads give back
leaves gaps that the next, larger notebook does not fit. Here it ends before that tells, and the
process that directs it only hears what has become of each run.
"""

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection

from nbproof.pipeline import forker, jobs, runs
from nbproof.study import StudyError

SHIFT = 100  # runs


def every(
    function: Callable,
    items: list,
    done: Callable,
    modules: Iterable[str] | None,
    most: int | None,
    say: Callable[[str], None],
) -> None:
    """Call `function` with every item and `forked`, in children, and `done` with item and result, here.

    modules: what kernels are forked with; None starts each by itself. most: how many at a time.
    function, items and results are pickled. An error or an interrupt ends all that is under way.
    """
    context = multiprocessing.get_context("spawn")
    for first in range(0, len(items), SHIFT):
        shift = items[first : first + SHIFT]
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_work, args=(function, shift, modules, most, there))
        with forker.no_main_module():
            child.start()
        there.close()
        try:
            for number, result in _heard(here, len(shift), say):
                done(shift[number], result)
        except BaseException:
            child.terminate()
            raise
        finally:
            child.join()


def _heard(here: Connection, expected: int, say: Callable[[str], None]) -> Iterator[tuple]:
    """The number of each item and its result, as they come."""
    while expected:
        try:
            message = here.recv()
        except EOFError:
            raise StudyError(
                "the process that ran the notebooks died (killed, or out of memory). Run the same "
                "command again: it continues; --workers 1 takes the least memory."
            ) from None
        if isinstance(message, Exception):
            raise message
        if isinstance(message, str):
            say(message)
        else:
            expected -= 1
            yield message


def _work(
    function: Callable, items: list, modules: list | None, most: int | None, there: Connection
) -> None:
    """In a child: run a shift."""
    # An interrupt at the keyboard reaches both; the process that directs decides, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupted)
    threading.Thread(target=forker.leave_with_parent, daemon=True).start()
    try:
        forked = modules is not None and forker.start(modules, there.send)
        runs.engine().every(
            lambda number: function(items[number], forked=forked),
            range(len(items)),
            lambda number, result: there.send((number, result)),
            most or jobs.workers(not forked),
        )
    except KeyboardInterrupt:
        pass
    except Exception as error:  # told where someone hears it
        there.send(error)


def _interrupted(signum: int, frame: object) -> None:
    raise KeyboardInterrupt
