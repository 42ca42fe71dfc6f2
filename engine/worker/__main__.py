"""``python -m engine.worker [PULSE]``: the engine process; started by ``engine.worker.process``."""

import sys

from engine.worker.server import main

if __name__ == "__main__":
    main(*map(float, sys.argv[1:]))
