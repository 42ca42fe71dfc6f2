"""The real program in use for an hour or longer: whether memory, handles, threads or processes grow.

    python -m benchmarks.soak --out DIR [--minutes 60] [--small-caches] [--resume]

A script inside the real program, which runs as a process of its own, draws, names, moves, undoes, saves, opens, paints
with several models, branches, scrubs, opens every dialog, makes projects, and exports and scores small benchmarks
(`soak_user`). After each cycle a row of what the window's and the engine's processes hold goes into DIR/soak.csv. With
``--resume`` the program is started once more and the rows go on until there are so many minutes. At the end each
start's first steady third is compared with its last one, and a figure is drawn. Exit code 1 when memory grew by more
than 5 % an hour, or handles, sockets, threads, processes, shared memory or temporary files grew at all.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.soak_measures import COLUMNS, WARM_UP, Growth, Row, growth, read_rows
from benchmarks.soak_user import PARTS
from benchmarks.timeline import write_run
from desktop_app.settings import Settings
from engine.clevr.rules import rules_of
from engine.clevr.sampler import sample_scenes
from engine.evaluation.report import charts
from engine.formats.dataset import Entry
from engine.formats.registry import write
from tests.pipelines import make_tiny_pipeline

ROOT = Path(__file__).resolve().parents[1]

LONG_RUN = 60
"""Steps of the run that is scrubbed: four frames of 1 MiB each, more than the window keeps in memory."""

FEWEST = 6
"""Cycles of a start below which nothing is said about it."""


def prepare(folder: Path, steps: int) -> None:
    """What the user works with."""
    for seed, name in enumerate(("one", "two")):
        make_tiny_pipeline(folder / name, seed=seed)
    scenes = sample_scenes(rules_of("clevr", count=(2, 2)), 4, 0)
    write(folder / "layouts.json", [Entry(f"l{n}", scene.layout) for n, scene in enumerate(scenes)], "coco")
    write_run(folder / "run", steps)
    Settings(folder / "settings").update({"start_page": False, "last_folder": str(folder)})


def use(folder: Path, args: argparse.Namespace) -> int:
    """Start the program and wait for its end; its exit code. When it failed, its logs are beside the rows."""
    names = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "HOME")
    (folder / "tmp").mkdir()
    home = dict.fromkeys(names, str(folder / "home")) | {"TMPDIR": str(folder / "tmp")}
    command = [sys.executable, "-m", "benchmarks.soaking", str(folder), str(args.out.absolute() / "soak.csv")]
    command += ["--minutes", str(args.minutes), "--cycles", str(args.cycles), "--parts", args.parts]
    command += ["--small-caches"] if args.small_caches else []
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **home}, check=False).returncode
    if code:
        print(f"The program ended by itself, with code {code}.")
        for log in sorted((folder / "home").rglob("boxpaint-*")):  # of a crash there is a file that says where it was
            shutil.copy(log, args.out)
    return code


def judge(rows: Sequence[Row]) -> list[Growth]:
    """How every column of one start went on, told as a table; those that grew more than they may."""
    found = [growth(rows, column) for column in COLUMNS[3:]]
    steady = len(rows) - int(len(rows) * WARM_UP)
    print(
        f"\nstart {rows[0]['start']:.0f}: {len(rows)} cycles, {steady} of them steady, {found[0].minutes:.1f} minutes"
    )
    print(f"{'':18}{'first third':>12}{'last third':>12}{'per hour':>10}{'':>9}")
    for each in found:
        mark = "  grew" if each.grew else ""
        print(f"{each.column:18}{each.first:12.1f}{each.last:12.1f}{each.slope:+10.2f}{each.share:+9.1%}{mark}")
    return [each for each in found if each.grew]


def grown_types(path: Path, cycles: int, count: int = 12) -> None:
    """Tell which Python objects became more in the last start, from the end of its warm-up to its end."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()[-cycles:]]
    first, last = lines[int(len(lines) * WARM_UP)], lines[-1]
    more = sorted(((last[name] - first.get(name, 0), name) for name in last), reverse=True)[:count]
    print("\nPython objects that became more: " + ", ".join(f"{name} {by:+}" for by, name in more if by > 0))


def draw(rows: Sequence[Row], path: Path) -> None:
    """The figure: memory of window and engine."""
    step = max(1, len(rows) // 60)
    series = {
        title: [(row["minutes"], row[column]) for row in rows[::step]]
        for column, title in (("window_rss", "window"), ("engine_rss", "engine"))
    }
    path.write_text(
        charts.lines(series, title="Memory of the program in use", x_title="minutes", y_title="MiB (RSS)"),
        encoding="utf-8",
    )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--cycles", type=int, default=10**9, help="most cycles of this start")
    parser.add_argument("--resume", action="store_true", help="go on with the rows that are there")
    parser.add_argument(
        "--long-run", type=int, default=LONG_RUN, help=f"steps of the run that is scrubbed ({LONG_RUN})"
    )
    parser.add_argument(
        "--small-caches",
        action="store_true",
        help="let the window keep 24 MiB of pictures instead of 192, and Qt 1 MiB of pixmaps instead of 10: the usual "
        "ones take more than an hour to hold what they hold for good, which looks like a leak",
    )
    parser.add_argument("--parts", default=",".join(PARTS), help="what a cycle consists of; all by default")
    args = parser.parse_args(arguments)
    if unknown := set(args.parts.split(",")) - set(PARTS):
        parser.error(f"no part of a cycle: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    args.out.mkdir(parents=True, exist_ok=True)
    table = args.out / "soak.csv"
    if table.exists() and not args.resume:
        parser.error(f"{table} is there: go on with it by --resume, or give another folder")
    with tempfile.TemporaryDirectory() as name:
        prepare(Path(name), args.long_run)
        code = use(Path(name), args)
    return report(table, code)


def report(table: Path, code: int) -> int:
    """Tell and draw what was measured; the exit code, where the program's own was ``code``."""
    rows = read_rows(table) if table.exists() else []
    starts = [[row for row in rows if row["start"] == start] for start in sorted({row["start"] for row in rows})]
    grown = [each for start in starts if len(start) >= FEWEST for each in judge(start)]
    if rows:
        draw(rows, table.with_suffix(".svg"))
    if starts and len(starts[-1]) >= FEWEST:
        grown_types(table.with_suffix(".types.jsonl"), len(starts[-1]))
    verdict = f"grew: {', '.join(each.column for each in grown)}" if grown else "nothing grew"
    print(f"{len(rows)} cycles in {len(starts)} starts; {verdict}")
    return 1 if code or grown else 0


if __name__ == "__main__":
    sys.exit(main())
