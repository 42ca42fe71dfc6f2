"""The desktop entry, the icon and the kinds of files: installed, checked by the desktop's own tools, and removed."""

from __future__ import annotations

import configparser
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from desktop_app.__main__ import main
from desktop_app.desktop_entry import SIZES, install
from engine.errors import BoxpaintError

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="desktop entries are for Linux")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share"


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def test_it_is_installed_whole_and_removed_whole(home, capsys):
    assert main(["desktop", "install", "--json"]) == 0
    written = {Path(name) for name in json.loads(capsys.readouterr().out)["installed"]}
    icons = {home / "icons/hicolor" / f"{size}x{size}" / "apps/boxpaint.png" for size in SIZES}
    assert written == icons | {
        home / "applications/boxpaint.desktop",
        home / "mime/packages/boxpaint.xml",
        home / "icons/hicolor/scalable/apps/boxpaint.svg",
    }
    for path in icons:
        image = QImage(str(path))
        middle = image.pixelColor(image.width() // 2, image.height() // 2)
        assert f"{image.width()}x{image.height()}" == path.parts[-3] and middle.alpha() == 255
    assert main(["desktop", "remove", "--json"]) == 0
    assert {Path(name) for name in json.loads(capsys.readouterr().out)["removed"]} == written
    assert not any(path.exists() for path in written)
    assert main(["desktop", "remove"]) == 0
    assert capsys.readouterr().out == "There was nothing to remove.\n"


def test_the_entry_starts_this_boxpaint(home, capsys):
    install()
    entry = configparser.ConfigParser(interpolation=None)
    entry.read(home / "applications/boxpaint.desktop", "utf-8")
    command = entry["Desktop Entry"]["Exec"]
    assert command.endswith(" %f") and str(Path(sys.executable).parent) in command


def test_a_strange_path_is_quoted(home, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", r'/opt/100% "new" $\box')
    install()
    text = (home / "applications/boxpaint.desktop").read_text("utf-8")
    assert r'Exec="/opt/100%% \\"new\\" \\$\\\\box" %f' in text.splitlines()


def test_the_entry_is_valid(home):
    validate = tool("desktop-file-validate")
    install()
    done = subprocess.run(
        [validate, home / "applications/boxpaint.desktop"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_the_files_of_the_program_have_kinds_of_their_own(home):
    tool("update-mime-database")
    install()
    globs = (home / "mime/globs2").read_text()
    assert "60:application/x-boxpaint-project:*.boxpaint" in globs
    assert "60:application/x-boxpaint-layout+json:*.layout.json" in globs


def test_a_folder_that_cannot_be_written_is_named(unwritable, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(unwritable))
    with pytest.raises(BoxpaintError, match=r"boxpaint\.desktop"):
        install()


def test_another_system_is_told_where_to_look(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "win32")
    assert main(["desktop", "install"]) == 2
    assert "docs/packages.md" in capsys.readouterr().err
