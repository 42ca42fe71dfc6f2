"""Everything that the program shows – window, pages, panels, dialogs, menus – opened one by one in one session."""

from __future__ import annotations

import ast
import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from PIL import Image
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from desktop_app import questions
from desktop_app.questions import DialogQuestions
from desktop_app.reading import read_dataset
from desktop_app.reading_dialogs import ReadingDialog, SizeDialog
from desktop_app.runs.candidates import CandidatesDialog
from desktop_app.runs.sweep_room import SweepDialog
from desktop_app.runs.sweeps import Sweep
from desktop_app.session import SAMPLE, Session
from engine.formats.source import ReadOptions
from ui.benchmarks.values import ScoredRun, Shot

ROOT = Path(__file__).parents[2]
FRAMES = {"QDialog", "QDockWidget", "QMainWindow", "QMenu", "QMessageBox", "QWizard", "QWizardPage", "SideWindow"}
"""What shows something of its own, outside of the widget that makes it."""


@dataclass(frozen=True)
class House:
    """A session with something to show.

    Attributes:
        run: Folder of a finished run.
        scratch: A folder for files that are opened.
    """

    session: Session
    run: Path
    scratch: Path

    @property
    def window(self) -> Any:
        return self.session.window


@dataclass(frozen=True)
class Surface:
    """One thing to look at.

    Attributes:
        shows: The classes, and the functions that put a plain Qt dialog or menu together, that are seen here.
        open: Shows it; the widget to look at.
    """

    shows: tuple[str, ...]
    open: Callable[[House], QWidget]


# -- parts of the main window


def _start_page(house: House) -> QWidget:
    house.window.actions_by_id["start_page"].trigger()
    page = house.session.start_page.page
    wait_for(lambda: all(card.count.text() for card in page.cards.values()))
    return page


def _canvas(house: House) -> QWidget:
    window = house.window
    window.files.open(SAMPLE)
    window.room.open_run(house.run)
    window.edits.select_all()
    window.messages.show_message("Two sentences. One of them is longer.", actions=(("Do it", lambda: None),))
    return window


def _dock(name: str, house: House) -> QWidget:
    _canvas(house)
    dock = house.window.docks[name]
    dock.show()
    dock.raise_()
    if name == "browser":
        wait_for(lambda: house.window.library.datasets.dataset is not None)
    return dock


def _bench(tab: str, house: House) -> QWidget:
    window = house.window
    page = window.benchmarks.page
    figures = {"AP": 0.51, "pictures": 3, "targets": 9}
    document = {"splits": {"number_few": figures}, "overall": figures, "classes": {"red metal cube": 0.4}}
    page.scores.show_scored([ScoredRun("first", document), ScoredRun("second", document)])
    shots = [Shot("first", "number_few", f"scene_{n}", "", "done", ("cube",), False, None, 1, 0, {}) for n in range(3)]
    page.gallery.set_shots(shots)
    window.benchmarks.show(tab)
    return page


def _tour(house: House) -> QWidget:
    _canvas(house)
    house.window.actions_by_id["tour"].trigger()
    return house.session.tour.tour.bubble


# -- windows and dialogs of their own


def _command(name: str, house: House) -> QWidget:
    """What a command opens."""
    if not house.window.document.layout.objects:
        _canvas(house)
    return _new(house.window.actions_by_id[name].trigger)


def _new(opens: Callable[[], object]) -> QWidget:
    before = set(map(id, _windows()))
    opens()
    (found,) = [one for one in _windows() if id(one) not in before]
    return found


def _windows() -> list[QWidget]:
    return [one for one in QApplication.topLevelWidgets() if one.isVisible()]


def _statistics(house: House) -> QWidget:
    dialog = _command("statistics", house)
    wait_for(lambda: dialog.save_picture.isEnabled())
    return dialog


def _models(house: House) -> QWidget:
    manager = house.window.models  # not shown by its command: that asks what fits the machine, in a process of its own
    manager.refresh()
    wait_for(lambda: manager.panel.view.model().rowCount() > 0)
    manager.dialog.show()
    return manager.dialog


def _remove_model(house: House) -> QWidget:
    _models(house)
    return _new(lambda: house.window.models.ask_remove("clevr-mini"))


def _candidates(house: House) -> QWidget:
    _canvas(house)
    window = house.window
    dialog = CandidatesDialog(window, window.room.branching, window.room.waiting.queue)
    dialog.show()
    return dialog


def _sweep_dialog(house: House) -> QWidget:
    dialog = SweepDialog(house.window)
    dialog.show()
    return dialog


def _sweep(house: House) -> QWidget:
    run = house.run.name
    sweep = Sweep("sweep", ("guidance", ("1", "2")), ("order", ("given",)), (run, "other"))
    return _new(lambda: house.window.room.sweeps.show(sweep))


def _compare(house: House) -> QWidget:
    _canvas(house)
    wait_for(lambda: len(house.window.room.runs_panel.lines) > 0)
    return _new(house.window.room.compare)


def _pair(house: House) -> QWidget:
    files = []
    for name, color in (("one", "red"), ("other", "blue")):
        files.append(house.scratch / f"{name}.png")
        Image.new("RGB", (40, 30), color).save(files[-1])
    two, one = (
        Shot(file.stem, "number_few", "scene", str(file), "done", (), False, None, 1, 0, {}) for file in reversed(files)
    )
    assert house.window.benchmarks.page
    return _new(lambda: house.window.benchmarks.gallery.compare(Shot(**{**_fields(one), "other": two})))


def _fields(shot: Shot) -> dict[str, Any]:
    return {name: getattr(shot, name) for name in Shot.__slots__}


def _branches(house: House) -> QWidget:
    _canvas(house)
    return _new(house.window.room.show_branches)


def _reading(house: House) -> QWidget:
    file = house.scratch / "boxes.json"
    boxes = [{"label": f"mug {n}", "box": [20 + n, 10, 60 + n, 50]} for n in range(3)]
    file.write_text(json.dumps({"width": 200, "height": 100, "objects": boxes}))
    dataset = read_dataset(file, ReadOptions())
    dialog = ReadingDialog(dataset, lambda reading: read_dataset(file, ReadOptions(boxes=reading)), house.window)
    dialog.show()
    return dialog


def _size(house: House) -> QWidget:
    dialog = SizeDialog("a_file_with_a_long_name.json", house.window)
    dialog.show()
    return dialog


def _broken(house: House) -> QWidget:
    folder = house.scratch / "broken"
    folder.mkdir(exist_ok=True)
    (folder / "broken.layout.json").write_text("{")
    (folder / "sound.layout.json").write_text(SAMPLE.read_text())
    datasets = house.window.library.datasets
    datasets._show(read_dataset(folder, ReadOptions(skip_broken=True)), "broken")
    return _new(datasets.panel.broken.click)


def _asked(question: str, arguments: tuple[Any, ...], house: House) -> QWidget:
    """A question as it is put; nobody waits for its answer, so that it can be looked at."""
    with mock.patch.object(questions, "ask", lambda box: box.show() or 0):
        return _new(lambda: getattr(DialogQuestions(house.window), question)(*arguments))


# -- menus


def _context_menu(house: House) -> QWidget:
    _canvas(house)
    window = house.window
    ids = [item.id for item in window.document.selected][:3]
    return _new(lambda: window.canvas.context_requested.emit(window.mapToGlobal(QPoint(50, 50)), ids))


def _step_menu(house: House) -> QWidget:
    _canvas(house)
    return _new(lambda: house.window.timeline.menu_wanted.emit(house.window.mapToGlobal(QPoint(50, 50))))


def _runs_menu(house: House) -> QWidget:
    _canvas(house)
    panel = house.window.room.runs_panel
    return _new(lambda: panel.menu_wanted.emit(str(house.run), house.window.mapToGlobal(QPoint(50, 50))))


def _color_menu(house: House) -> QWidget:
    _canvas(house)
    menu = house.window.findChild(QMenu, "colorMenu")
    menu.popup(house.window.mapToGlobal(QPoint(50, 50)))
    return menu


PANELS = {
    "objects": ("ObjectsPanel", "BoxPanel", "DetailsPanel"),
    "problems": ("ProblemsPanel",),
    "history": ("HistoryPanel",),
    "results": ("ResultsPanel",),
    "generation": ("GenerationPanel",),
    "timeline": ("TimelinePanel",),
    "runs": ("RunsPanel",),
    "queue": ("QueuePanel",),
    "project": ("ProjectPanel",),
    "browser": ("BrowserPanel",),
}
QUESTIONS: Mapping[str, tuple[Any, ...]] = {
    "save_changes": ("a_layout",),
    "overwrite_changed": ("a_layout",),
    "stop_fetching": (("one", "another"),),
    "stop_export": (),
}

SURFACES: dict[str, Surface] = {
    "start page": Surface(("StartPage",), _start_page),
    "canvas": Surface(("MainWindow",), _canvas),
    **{f"{name} panel": Surface((*classes, "Docks.add"), partial(_dock, name)) for name, classes in PANELS.items()},
    "export page": Surface(("BenchmarksPage", "ExportPanel"), partial(_bench, "export")),
    "scores page": Surface(("ScoresPanel",), partial(_bench, "scores")),
    "gallery page": Surface(("GalleryPanel",), partial(_bench, "gallery")),
    "tour": Surface((), _tour),
    "preferences": Surface(("Preferences",), partial(_command, "preferences")),
    "shortcuts": Surface(("ShortcutsDialog",), partial(_command, "shortcuts")),
    "palette": Surface(("CommandPalette",), partial(_command, "palette")),
    "own labels": Surface(("VocabularyDialog",), partial(_command, "vocabularies")),
    "log": Surface(("LogViewer",), partial(_command, "log")),
    "about": Surface(("SettingsDialogs.show_about",), partial(_command, "about")),
    "export layouts": Surface(("ExportDialog",), partial(_command, "export")),
    "statistics": Surface(("StatisticsDialog",), _statistics),
    "models": Surface(("ModelsDialog", "ModelsPanel"), _models),
    "remove a model": Surface(("ModelManager.ask_remove",), _remove_model),
    "candidates": Surface(("CandidatesDialog",), _candidates),
    "sweep": Surface(("SweepDialog",), _sweep_dialog),
    "sweep's runs": Surface(("SweepWindow",), _sweep),
    "compare": Surface(("CompareWindow",), _compare),
    "gallery's pair": Surface(("SideWindow", "Gallery.compare"), _pair),
    "branches": Surface(("BranchView",), _branches),
    "how boxes are meant": Surface(("ReadingDialog",), _reading),
    "size of pictures": Surface(("SizeDialog",), _size),
    "broken files": Surface(("DatasetController._show_broken",), _broken),
    **{name: Surface(("DialogQuestions._box",), partial(_asked, name, words)) for name, words in QUESTIONS.items()},
    "context menu": Surface(("ContextMenu",), _context_menu),
    "step menu": Surface(("RunRoom._menu",), _step_menu),
    "runs menu": Surface(("RunRoom._menu",), _runs_menu),
    "colour menu": Surface(("DetailsPanel._color_menu",), _color_menu),
}


def close(house: House) -> None:
    """Put everything away but the window."""
    if house.session.tour.tour is not None:
        house.session.tour.tour.end()
    for other in _windows():
        if other is not house.window:
            other.close()
    house.session.start_page.leave()
    house.window.benchmarks.leave()
    house.window.messages.hide()
    for name in ("project", "browser"):
        house.window.docks[name].hide()


def wait_for(condition: Callable[[], object], seconds: float = 20) -> None:
    """Let the event loop turn until something is true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(5)


def shown_by_the_source() -> Iterator[str]:
    """Whatever in the source shows something of its own, and every panel and page: names of classes and functions."""
    for room in ("desktop_app", "ui"):
        for file in sorted((ROOT / room).rglob("*.py")):
            yield from _shown_by(ast.parse(file.read_text(encoding="utf-8")), ())


def _shown_by(node: ast.AST, inside: tuple[str, ...]) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.ClassDef):
            bases = {base.id for base in child.bases if isinstance(base, ast.Name)}
            named = child.name.endswith(("Panel", "Page", "Dialog", "Menu")) and "QWidget" in bases
            if bases & FRAMES or named or _is_window(child):
                yield child.name
        elif isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id in FRAMES:
            yield ".".join(inside)
        named_here = isinstance(child, (ast.ClassDef, ast.FunctionDef))
        yield from _shown_by(child, (*inside, child.name) if named_here else inside)


def _is_window(node: ast.ClassDef) -> bool:
    """Whether its widgets are windows of their own, by their flags."""
    parts = (part for part in ast.walk(node) if isinstance(part, ast.Attribute))
    return any(ast.unparse(part) == "Qt.WindowType.Window" for part in parts)
