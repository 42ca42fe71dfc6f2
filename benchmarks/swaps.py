"""Whether swapping models leaks: the engine process's memory over many swaps.

    python benchmarks/swaps.py [--swaps 100]

Two tiny pipelines with random weights and the built-in model take turns in one engine process; each paints a picture.
Printed is the process's resident memory after each tenth of the swaps, and the last as a ratio to the second of these:
the first still warms up (libraries are imported, buffers made).
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from pathlib import Path

import psutil

from engine.events import RunFinished
from engine.inpainting.settings import GenerationSettings
from engine.layout import Box, Layout, LayoutObject
from engine.models.catalogue import DEFAULT_MODEL
from engine.runs.request import GenerationRequest, new_run_id
from engine.worker.client import EngineClient
from tests.pipelines import make_tiny_pipeline

LAYOUT = Layout(64, 64, (LayoutObject("a", "red metal cube", Box.from_pixels(8, 8, 40, 40, 64, 64)),))


async def measure(folder: Path, swaps: int) -> list[int]:
    """Resident bytes of the engine process after every tenth of the swaps."""
    models = [
        str(make_tiny_pipeline(folder / "one")),
        str(make_tiny_pipeline(folder / "two", seed=1)),
        DEFAULT_MODEL,
    ]
    resident = []
    async with EngineClient() as client:
        for number in range(swaps):
            request = GenerationRequest(
                new_run_id(),
                LAYOUT,
                GenerationSettings(steps=1, width=64, height=64, device="cpu"),
                models[number % len(models)],
                str(folder / f"run-{number}"),
            )
            last = [event async for event in client.run(request)][-1]
            assert isinstance(last, RunFinished), last
            if (number + 1) % max(1, swaps // 10) == 0:
                resident.append(psutil.Process(client.pid).memory_info().rss)
                print(f"{number + 1:4} swaps: {resident[-1] / 2**20:7.1f} MiB", flush=True)
    return resident


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--swaps", type=int, default=100)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        resident = asyncio.run(measure(Path(folder), arguments.swaps))
    start = resident[1] if len(resident) > 1 else resident[0]
    print(f"last / second tenth: {resident[-1] / start:.3f}")


if __name__ == "__main__":
    main()
