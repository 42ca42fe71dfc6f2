"""The long fuzzing run, outside the test suite: ``python -m tests.formats.long_fuzz --count 100000``.

Reads that many broken variants of each sample file; prints whatever was not a BoxpaintError, and the slowest reading.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError
from engine.formats import registry
from tests.formats.samples import FILES, FOLDER
from tests.formats.test_fuzz import BINARY, mutated


def broken(content: bytes, choose: random.Random, *, is_json: bool) -> bytes:
    """A variant of a file: values changed in two of three JSON files, bytes in all others."""
    if is_json and choose.random() < 2 / 3:
        data = json.loads(content)
        for _ in range(choose.randint(1, 4)):
            data = mutated(data, choose)
        return json.dumps(data).encode()
    changed = bytearray(content)
    for _ in range(choose.randint(1, 3)):
        place, length = choose.randrange(len(changed) + 1), choose.randint(0, 20)
        own = content[choose.randrange(len(content)) :][: choose.randint(1, 40)]
        changed[place : place + length] = own if choose.random() < 0.4 else choose.randbytes(choose.randint(0, 8))
    return bytes(changed)


def main() -> int:
    """Run it; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=100_000, help="variants of each file")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    sources: dict[str, tuple[bytes, dict[str, Any]]] = {
        name: ((FOLDER / name).read_bytes(), asked) for name, (_, asked) in FILES.items() if (FOLDER / name).is_file()
    }
    sources |= {name: (content, {}) for name, content in BINARY.items()}
    wrong: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        for name, (content, asked) in sources.items():
            choose = random.Random(args.seed)
            path = Path(folder) / Path(name).name
            for _ in range(args.count):
                path.write_bytes(broken(content, choose, is_json=name.endswith(".json")))
                started = time.perf_counter()
                try:
                    registry.read(path, **asked)
                except BoxpaintError:
                    pass
                except Exception:  # noqa: BLE001 - everything else is what this run looks for
                    text = traceback.format_exc()
                    wrong[text] += 1
                    if wrong[text] == 1:
                        sys.stdout.write(f"{name}\n{text}\n")
                slowest = max(slowest, time.perf_counter() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    total = args.count * len(sources)
    sys.stdout.write(f"{total} files, {sum(wrong.values())} failures, slowest {slowest:.2f} s, peak {peak:.0f} MiB\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
