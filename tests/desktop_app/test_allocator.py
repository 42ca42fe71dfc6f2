"""Freed pictures go back to the system."""

from __future__ import annotations

import subprocess
import sys

import pytest

SCRIPT = """
import psutil
from desktop_app.allocator import give_large_blocks_back

if {told}:
    give_large_blocks_back()
bytearray(4 * 2**20)  # the largest block that was ever freed
process = psutil.Process()
before, pictures, others = process.memory_info().rss, [], []
for number in range(20):
    pictures.append(bytearray(b"x") * (3 * 2**20))
    others.append(bytearray(b"x") * 200_000)  # lives longer, and lies between the pictures
del pictures
print((process.memory_info().rss - before) // 2**20)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone keeps freed pictures")
def test_what_pictures_took_is_free_again_when_they_are_gone() -> None:
    def left(*, told: bool) -> int:
        """MiB after 20 pictures of 3 MiB."""
        command = [sys.executable, "-c", SCRIPT.format(told=told)]
        return int(subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout)

    assert left(told=True) < 20 < 40 < left(told=False)
