"""Fuzzes what reads files, guided by coverage; needs the package atheris, which is no dependency of Boxpaint's.

    python -m benchmarks.fuzz --minutes 60 --out FOLDER [--target layout ...] [--samples FOLDER ...]

The targets (``tests/hostile/targets.py``) take turns of two minutes, each in a process of its own, and go on with the
corpus of their last turn. A finding is whatever is no BoxpaintError, code or a network that was used, a change outside
the target's folder, over a second of processor time, or over 300 MiB more memory at the peak. Its bytes and the reason
are kept in FOLDER/findings, one of each kind; the fuzzing goes on. A table of what was done is printed at the end.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

TURN = 120
SLOW = 1.0
"""Processor seconds."""
MEMORY = 300 * 2**10
"""KiB by which the peak may grow in one reading."""
LONGEST = 16_384
"""Bytes of an input."""


class Finder:
    """Calls a target, and keeps what is wrong with it."""

    def __init__(self, name: str, out: Path) -> None:
        from tests.hostile import targets

        self._targets = targets
        self._target = targets.TARGETS[name]
        self._name = name
        self._out = out / "findings"
        self._out.mkdir(parents=True, exist_ok=True)
        self._scratch = Path(tempfile.mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None))
        tempfile.tempdir = str(self._scratch)
        os.environ["BOXPAINT_MODELS"] = str(self._scratch / "x" / "models")
        self._kinds: set[str] = set()

    def warm_up(self, seeds: list[bytes]) -> None:
        """Import whatever is imported late."""
        for seed in seeds:
            self(seed)

    def __call__(self, content: bytes) -> None:
        from engine.errors import BoxpaintError
        from tests.hostile.watch import watched

        folder = self._scratch / "x"
        folder.mkdir()
        peak, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            with watched(self._scratch) as seen:
                self._target(content, folder)
        except BoxpaintError as error:
            str(error).encode("utf-8", "surrogatepass")
        except Exception as error:  # noqa: BLE001 - everything else is what this looks for
            last = traceback.extract_tb(error.__traceback__)[-1]
            self._found(f"{type(error).__name__}-{Path(last.filename).stem}-{last.lineno}", content)
        seconds = time.process_time() - started
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - peak
        if seen:
            self._found("reach", content, "\n".join(seen))
        if seconds > SLOW:
            self._found("slow", content, f"{seconds:.2f} s")
        if grown > MEMORY:
            self._found("memory", content, f"{grown} KiB")
        shutil.rmtree(folder)

    def _found(self, kind: str, content: bytes, reason: str = "") -> None:
        if kind in self._kinds:
            return
        self._kinds.add(kind)
        digest = hashlib.sha256(content).hexdigest()[:8]
        (self._out / f"{self._name}-{kind}-{digest}").write_bytes(content)
        (self._out / f"{self._name}-{kind}-{digest}.why").write_text(reason or traceback.format_exc())

    def mutate(self, content: bytes, size: int, seed: int) -> bytes:
        """Half of the changes keep the outer form of the file."""
        import atheris

        choose = random.Random(seed)
        changed = self._targets.mutant(content, choose) if choose.random() < 0.5 else None
        return changed if changed is not None and len(changed) <= size else atheris.Mutate(content, size)


def fuzz(name: str, out: Path, seconds: int) -> None:
    """One turn of a target; ends the process."""
    import atheris

    with atheris.instrument_imports(include=["engine", "desktop_app", "zipfile"]):
        finder = Finder(name, out)
    corpus = out / "corpus" / name
    finder.warm_up([path.read_bytes() for path in sorted(corpus.iterdir())[:20]])
    words = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-rss_limit_mb=4096", "-timeout=60", str(corpus)]
    atheris.Setup([sys.argv[0], *words], finder, custom_mutator=finder.mutate)
    atheris.Fuzz()


def plant(name: str, out: Path, samples: list[Path]) -> None:
    """Put the seeds of a target into its corpus."""
    from tests.hostile.targets import seeds

    corpus = out / "corpus" / name
    corpus.mkdir(parents=True, exist_ok=True)
    planted = seeds(name)
    if name in ("layout", "clipboard"):
        found = (path for sample in samples for path in sorted(sample.rglob("*.json")))
        planted += [path.read_bytes() for path in found if path.stat().st_size <= LONGEST]
    for seed in planted:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)


def turn(name: str, out: Path, seconds: int) -> tuple[int, float]:
    """Let a target have its turn: executions and seconds."""
    started = time.monotonic()
    words = [sys.executable, "-m", "benchmarks.fuzz", "--out", str(out), "--turn", name, "--seconds", str(seconds)]
    done = subprocess.run(words, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, check=False)
    told = re.findall(r"Done (\d+) (?:in|runs)|^#(\d+)\s", done.stderr, re.MULTILINE)
    (out / f"{name}.log").write_text(done.stderr)
    return max((int(first or second) for first, second in told), default=0), time.monotonic() - started


def main() -> int:
    """Run it; 1 if there are findings."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--target", action="append")
    parser.add_argument("--samples", type=Path, action="append", default=[])
    parser.add_argument("--turn", help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=int, default=TURN, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.turn:
        fuzz(args.turn, args.out, args.seconds)
    from tests.hostile.targets import TARGETS

    names = args.target or list(TARGETS)
    for name in names:
        plant(name, args.out, args.samples)
    totals = {name: [0, 0.0] for name in names}
    started = time.monotonic()
    while time.monotonic() - started < 60 * args.minutes:
        for name in names:
            executions, seconds = turn(name, args.out, args.seconds)
            totals[name][0] += executions
            totals[name][1] += seconds
            print(json.dumps(totals), flush=True)
    for name, (executions, seconds) in totals.items():
        count = len(list((args.out / "findings").glob(f"{name}-*.why")))
        print(f"{name:10} {executions:9} executions {seconds / 60:6.1f} min {count:3} kinds of findings")
    return 1 if list((args.out / "findings").glob("*.why")) else 0


if __name__ == "__main__":
    sys.exit(main())
