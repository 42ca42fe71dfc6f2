"""Paints the samples of the start page with the built-in model: python -m benchmarks.sample_pictures

Done anew when the model or a sample has changed. The pictures in resources/samples are small, so that they load fast.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from desktop_app.samples import PAINTED, sample_file
from desktop_app.theme import RESOURCES

SIDE = 320
QUALITY = 82


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for name in PAINTED:
            command = [sys.executable, "-m", "desktop_app", "generate", str(sample_file(name)), "--json"]
            done = subprocess.run(
                [*command, "--out", str(Path(folder) / name), "--seed", "0"], check=True, capture_output=True
            )
            with Image.open(json.loads(done.stdout)["picture"]) as picture:
                small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS)
            small.save(RESOURCES / "samples" / f"{name}.jpg", quality=QUALITY, optimize=True)
            print(name)


if __name__ == "__main__":
    main()
