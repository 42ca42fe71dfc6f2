"""Where a bundle starts. Its program is also its Python: ``boxpaint -m MODULE`` starts the engine's process."""

import multiprocessing
import runpy
import sys
from pathlib import Path


def start() -> int:
    """Do what ``python -m MODULE`` does, or be Boxpaint."""
    if sys.argv[1:2] == ["-m"] and len(sys.argv) > 2:
        module = sys.argv[2]
        del sys.argv[1:3]
        runpy.run_module(module, run_name="__main__", alter_sys=True)
        return 0
    from desktop_app.__main__ import main

    return main()


if __name__ == "__main__":
    if sys.platform == "win32":
        # A program without a console has no standard streams, by which the window and its processes talk.
        sys.executable = str(Path(sys.executable).with_name("boxpaint-cli.exe"))
        multiprocessing.set_executable(sys.executable)
    multiprocessing.freeze_support()  # the processes of `batch --workers`
    sys.exit(start())
