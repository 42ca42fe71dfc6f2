"""Small versions of pictures are read in a thread, and nothing stays of the reading."""

from __future__ import annotations

import gc
from pathlib import Path

from PySide6.QtGui import QImage

from ui.browser.reading import SmallPictures


def test_pictures_arrive_small_and_nothing_stays_of_their_reading(qtbot, tmp_path: Path) -> None:
    paths = [str(tmp_path / f"{number}.png") for number in range(60)]
    for path in paths:
        assert QImage(64, 32, QImage.Format.Format_RGB32).save(path)
    small = SmallPictures(side=16, kept=2)
    objects = []
    for number, path in enumerate(paths, 1):
        with qtbot.waitSignal(small.arrived):
            small.want(path)
        picture = small.get(path)
        assert picture is not None and (picture.width(), picture.height()) == (16, 8)
        if number in (20, 60):
            gc.collect()
            objects.append(len(gc.get_objects()))
    assert len(small) == 2
    assert objects[1] - objects[0] < 40, "less than an object for each of the forty pictures"
