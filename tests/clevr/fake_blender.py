"""A program that speaks the protocol of Blender's side, and can crash, hang and misbehave when it is told to.

Faults of a real Blender cannot be called up at will. Every object is a square of 4 × 4 pixels here; a picture is gray.
``BLENDER_FAULT`` says what goes wrong, in pictures whose seed ends in the digit ``BLENDER_FAULT_SEED`` (all if empty);
with ``BLENDER_FAULT_ONCE``, the name of a file, only the first time.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import tempfile
from pathlib import Path

from PIL import Image

SCRIPT = """#!{python}
import sys
sys.path.insert(0, {root!r})
from tests.clevr.fake_blender import main
main()
"""


def install(folder: Path) -> Path:
    """An executable file that runs this program."""
    path = folder / "blender"
    folder.mkdir(parents=True, exist_ok=True)
    root = str(Path(__file__).resolve().parents[2])
    path.write_text(SCRIPT.format(python=sys.executable, root=root))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def main() -> None:
    """Answer requests until they end."""
    say("Fake Blender 0.0")
    if os.environ.get("BLENDER_FAULT") == "no start":
        say("a library is missing")
        sys.exit(3)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        serve(Path(folder))


def serve(folder: Path) -> None:
    """Answer with files in this folder."""
    place: dict = {}
    for line in sys.stdin:
        request = json.loads(line)
        answer: dict = {"ok": True}
        if request["do"] == "start":
            answer["blender"] = "0.0"
        elif request["do"] == "place":
            place = request
        else:
            answer["path"] = str(folder / "picture.png")
            size = (place["width"], place["height"])
            picture = Image.new("RGB", size, (100, 100, place["seed"] % 256))
            if request["do"] == "ids":
                picture = Image.new("RGB", size)
                for number in range(1, len(place["objects"]) + 1):
                    picture.paste((number, 0, 0), (number * 4, 8, number * 4 + 4, 12))
            picture.save(answer["path"])
            if request["do"] == "picture" and _is_faulty(place["seed"]):
                _misbehave(os.environ["BLENDER_FAULT"], Path(answer["path"]), answer)
            say("Fra:1 Mem:1M")
        say(f"@boxpaint {json.dumps(answer)}")


def say(line: str) -> None:
    """One line on standard output."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _is_faulty(seed: int) -> bool:
    if "BLENDER_FAULT" not in os.environ or not str(seed).endswith(os.environ.get("BLENDER_FAULT_SEED", "")):
        return False
    once = os.environ.get("BLENDER_FAULT_ONCE")
    if once is None:
        return True
    try:
        Path(once).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True


def _misbehave(fault: str, path: Path, answer: dict) -> None:
    if fault == "crash":
        say("segmentation fault in kernel 7")
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "hang":
        signal.pause()
    elif fault == "torn":
        path.write_bytes(path.read_bytes()[:40])
    elif fault == "black":
        Image.new("RGB", Image.open(path).size).save(path)
    elif fault == "small":
        Image.new("RGB", (3, 3), "white").save(path)
    elif fault == "error":
        answer.clear()
        answer.update(ok=False, error="OSError: the disk is full")
