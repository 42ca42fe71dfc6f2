"""``python -m engine.worker``: the engine process; started by ``engine.worker.client``."""

from engine.worker.server import main

if __name__ == "__main__":
    main()
