"""A process that visits repositories: orders come through standard input, answers leave by standard output.

It is started by module name and dies with its parent; see `workers`.
"""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import signal
import sys
from importlib import import_module
from typing import BinaryIO

from deepsignal_pipeline.lake import LakeError

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl(2)


class _NoPandas:
    """Keeps pyarrow from importing pandas, as it does when it first sees a list: half a second for nothing here."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:  # noqa: ARG004  an importer's signature
        """Find nothing, and say so for pandas."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def work(parent: int, orders: BinaryIO, answers: BinaryIO) -> None:
    """Visit what is asked for, one after the other, until there are no more orders.

    SIGTERM, which the kernel sends when the parent is gone, ends the git command that runs, with all that it started.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
    if os.getppid() != parent:
        return
    visitor = pickle.load(orders)  # noqa: S301  our own parent wrote it
    while True:
        try:
            asked = pickle.load(orders)  # noqa: S301  our own parent wrote it
        except EOFError:
            return
        try:
            answer = visitor.visit(asked)
        except (OSError, LakeError) as error:  # not even a record could be written: the parent raises it
            answer = error
        pickle.dump(answer, answers)
        answers.flush()


if __name__ == "__main__":
    sys.meta_path.insert(0, _NoPandas())
    gc.disable()  # while modules are imported nothing can be collected, and looking costs a tenth of that time
    import_module("deepsignal_pipeline.sources.git.visit")
    gc.freeze()
    gc.enable()
    # Run as a module, this file is __main__: what is pickled must carry the names that the parent knows
    import_module("deepsignal_pipeline.sources.git.worker").work(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
    os._exit(0)  # nothing is left to be done, and a signal that comes while Python closes down would be reported
