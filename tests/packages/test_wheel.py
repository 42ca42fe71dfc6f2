"""What is handed out: what packages hold, and that what was installed from them works with no checkout near."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from engine.formats.registry import Entry, write
from engine.layout import Box, Layout, LayoutObject

ROOT = Path(__file__).parents[2]
ROOMS = ("desktop_app", "engine", "ui", "resources")
LARGEST = 25 * 2**20
"""Bytes that a package may have; the built-in models are 17 MiB of them."""

WINDOW = """
import sys
from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtTest import QTest
from desktop_app.gui import make_application, run_gui
from desktop_app.main_window import MainWindow

def look():
    window = next((widget for widget in app.topLevelWidgets() if isinstance(widget, MainWindow)), None)
    if window is None or not window.document.layout.objects:
        return
    state = window.run_model.state.name
    if state == "NONE" and not window.runs.busy:
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    elif state not in ("NONE", "LOADING", "RUNNING"):
        if double_clicked:
            print(window.windowTitle(), state, len(window.run_model.steps))
            app.sendEvent(app, QFileOpenEvent(QUrl.fromLocalFile(double_clicked.pop())))
        if not window.windowTitle().startswith("two"):
            return
        timer.stop()
        print(window.windowTitle())
        QTest.keyClick(window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)

double_clicked = sys.argv[2:]
app = make_application()
timer = QTimer(interval=100)
timer.timeout.connect(look)
timer.start()
sys.exit(run_gui(sys.argv[1:2]))
"""
"""Paints the file that is opened, by a key; opens the second as macOS asks for it, and closes the window, by a key."""


def names_of_checkout() -> set[str]:
    files = (path for room in ROOMS for path in (ROOT / room).rglob("*") if path.is_file())
    names = {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}
    return {name for name in names if not name.startswith("resources/packaging/")}


def content(wheel: Path) -> dict[str, bytes]:
    """The files of a wheel, but for its list of them."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith("/RECORD")}


def build(*options: str, out: Path) -> Path:
    """Build a package of the checkout; the wheel."""
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), *options, str(ROOT)]
    done = subprocess.run(command, cwd=out.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return next(out.glob("*.whl"))


def needed_packages() -> set[Path]:
    """Files and folders of all that Boxpaint requires, and of what that requires: no extras, nothing of the tests."""
    waiting, seen, found = [Requirement("boxpaint")], set(), set()
    while waiting:
        wanted = waiting.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        package = distribution(wanted.name)
        if wanted.name != "boxpaint":
            tops = {path.parts[0] for path in package.files or ()} - {"..", "__pycache__"}
            found |= {Path(str(package.locate_file(top))) for top in tops}
        for requirement in map(Requirement, package.requires or ()):
            marker, extras = requirement.marker, ("", *wanted.extras)
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in extras):
                waiting.append(requirement)
    return found


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """A folder with the sdist and the wheel that was built from it."""
    return build(out=tmp_path_factory.mktemp("packages")).parent


@pytest.fixture(scope="module")
def bin_folder(packages, tmp_path_factory) -> Path:
    """Where the programs are of an environment with the wheel in it, and with what it says it needs; no more."""
    environment = tmp_path_factory.mktemp("installed") / "venv"
    venv.create(environment, with_pip=False)
    where = {name: sysconfig.get_path(name, "venv", {"base": str(environment)}) for name in ("scripts", "purelib")}
    python = Path(where["scripts"]) / Path(sys.executable).name
    wheel = next(packages.glob("*.whl"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    done = subprocess.run([*pip, str(wheel)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for folder in needed_packages():
        Path(where["purelib"], folder.name).symlink_to(folder)
    return python.parent


@pytest.fixture
def surroundings(tmp_path, monkeypatch) -> Path:
    """A home of its own, and no way to the checkout."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "APPDATA", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*command: str | Path) -> str:
    """What a command prints; it must do its work."""
    words = list(map(str, command))
    done = subprocess.run(words, capture_output=True, text=True, encoding="utf-8", check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_of_the_sdist_is_that_of_the_checkout(packages, tmp_path):
    from_sdist, from_checkout = next(packages.glob("*.whl")), build("--wheel", out=tmp_path / "wheel")
    assert content(from_sdist) == content(from_checkout)


def test_a_wheel_holds_everything_and_nothing_else(packages):
    wheel = next(packages.glob("*.whl"))
    names = {name for name in content(wheel) if ".dist-info/" not in name}
    assert names == names_of_checkout()
    assert {Path(name).suffix for name in names} >= {".safetensors", ".qm", ".svg", ".qss", ".json", ".jpg"}
    assert wheel.stat().st_size < LARGEST


def test_an_sdist_holds_what_a_wheel_is_built_from(packages):
    sdist = next(packages.glob("*.tar.gz"))
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    rooms = {name for name in names if name.partition("/")[0] in ROOMS}
    assert {name for name in rooms if not name.startswith("resources/packaging/")} == names_of_checkout()
    beside = {"CHANGELOG.md", "LICENSE", "PKG-INFO", "README.md", "constraints.txt", "pyproject.toml", ".gitignore"}
    assert names - rooms == beside
    assert sdist.stat().st_size < LARGEST


def test_the_installed_program_is_not_the_checkout_and_tells_its_version(bin_folder, surroundings):
    where = run(bin_folder / "python", "-c", "import desktop_app, engine, ui; print(engine.__file__)")
    assert Path(where.strip()).is_relative_to(bin_folder.parent)
    assert run(bin_folder / "boxpaint", "--version").startswith("boxpaint 0.")


def test_the_installed_program_paints_a_sample_by_the_built_in_model(bin_folder, surroundings):
    resources = run(bin_folder / "python", "-c", "from desktop_app.theme import RESOURCES; print(RESOURCES)").strip()
    sample = Path(resources) / "layouts" / "number_few_2.layout.json"
    printed = run(bin_folder / "boxpaint", "generate", sample, "--steps", "2", "--out", "out", "--json")
    assert Path(json.loads(printed)["picture"]).is_file()


def test_the_installed_window_opens_paints_and_closes(bin_folder, surroundings):
    one, two = surroundings / "one.layout.json", surroundings / "two.layout.json"
    cube = LayoutObject("a", "red metal cube", Box(0.2, 0.2, 0.6, 0.7))
    for layout in (one, two):
        write(layout, [Entry("one", Layout(64, 64, (cube,)))], "boxpaint")
    printed = run(bin_folder / "python", "-c", WINDOW, one, two).splitlines()
    assert printed == ["one.layout.json[*] – Boxpaint FINISHED 2", "two.layout.json[*] – Boxpaint"]
    log = next(surroundings.rglob("boxpaint-*.log")).read_text("utf-8")
    assert "INFO boxpaint: boxpaint 0." in log and "INFO engine.models.loading: clevr-mini on " in log
