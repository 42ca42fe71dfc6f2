"""The window: arranges the widgets and connects them to the controllers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QMainWindow, QToolBar, QVBoxLayout, QWidget

from desktop_app.actions import Actions
from desktop_app.benchmarks.room import Benchmarks
from desktop_app.context_menu import show_context_menu
from desktop_app.detect_controller import DetectController
from desktop_app.docks import Docks
from desktop_app.document_controller import DocumentController
from desktop_app.edit_commands import EditCommands
from desktop_app.focus import step_by_tab
from desktop_app.library import Library
from desktop_app.models.manager import ModelManager
from desktop_app.questions import Questions
from desktop_app.reference_picture import OPACITIES, ReferencePicture
from desktop_app.run_controller import RunController
from desktop_app.runs.room import RunRoom
from desktop_app.slots import slots_of
from desktop_app.status_line import StatusLine
from engine.errors import BoxpaintError
from ui.arrange import ALIGNMENTS
from ui.canvas.canvas import Canvas, Tool
from ui.canvas.frame import CanvasFrame
from ui.comfort import roomy, scaled, text_scale
from ui.completion import Vocabulary
from ui.document import Document
from ui.message_bar import MessageBar, Severity
from ui.pages import Pages
from ui.panels.generation_panel import GenerationPanel
from ui.panels.history_panel import HistoryPanel
from ui.panels.objects_panel import ObjectsPanel
from ui.panels.problems_panel import ProblemsPanel
from ui.problems import Model
from ui.timeline.model import RunModel
from ui.timeline.panel import TimelinePanel
from ui.timeline.pictures import PictureCache
from ui.timeline.results import Results
from ui.timeline.viewer import FrameViewer

if TYPE_CHECKING:
    from engine.worker.client import EngineClient


_NEED_SELECTION = (
    *("cut", "copy", "delete", "duplicate", "label", "lock", "hide", "zoom_selection"),
    *(f"align_{how}" for how in ALIGNMENTS),
)
TIMELINE_HEIGHT, SIDE_WIDTH = 240, 385
"""Of the timeline in a new window, in pixels: the strip's pictures are seen whole; and of the panels at the side."""
MOST_GROWN = 1.45
"""How many times as large they become at most with the text, as the canvas needs room too."""
_NEED_SEVERAL = ("same_size", "distribute_across", "distribute_down")


class MainWindow(QMainWindow):
    """Canvas in the middle, objects and generation at the right, timeline below."""

    closed = Signal()
    session_command = Signal(str)
    """A command that needs the settings was given."""
    snapping_switched = Signal(bool)

    def __init__(
        self,
        document: Document,
        run: RunModel,
        *,
        runs_folder: Callable[[], Path],
        icons: Callable[[str], QIcon],
        questions: Callable[[QWidget], Questions],
        client: EngineClient | None = None,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self.resize(roomy(1320, 860, self))
        self.document = document
        self.run_model = run
        self.vocabulary = Vocabulary()
        self.pictures = PictureCache(self)
        self.messages = MessageBar(self)
        self.canvas = Canvas(document, self.vocabulary.suggest, self)
        self.canvas_frame = CanvasFrame(self.canvas, self)
        self.objects = ObjectsPanel(document, self.vocabulary.suggest, icons, self)
        self.generation = GenerationPanel(run, icons, self)
        self.problems = ProblemsPanel(document, self)
        self.history = HistoryPanel(document, self)
        self.results = Results(run, self)
        self.timeline = TimelinePanel(run, self.pictures, self.results, icons, self)
        self.viewer = FrameViewer(run, self.canvas, self.pictures)
        self.questions = questions(self)
        self.files = DocumentController(document, self.questions, self)
        self.reference = ReferencePicture(self.canvas, self.files.open, self)
        self.runs = RunController(run, runs_folder, self, client=client)
        self.detecting = DetectController(self)
        self.models = ModelManager(self)
        self.room = RunRoom(self, icons)
        self.benchmarks = Benchmarks(self, self.questions)
        self.edits = EditCommands(document, self.canvas)
        self.actions_by_id = Actions(self, icons, slots_of(self))
        self._arrange(icons)
        self._connect()
        self._show_title()
        self._check_tool()
        self._update_actions()

    # -- building

    def _arrange(self, icons: Callable[[str], QIcon]) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        self.middle = Pages(self)
        self.middle.addWidget(self.canvas_frame)
        column.addWidget(self.middle, 1)
        self.setCentralWidget(middle)
        self.setAcceptDrops(True)
        bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("toolBar")
        bar.setMovable(False)
        bar.setIconSize(QSize(scaled(19), scaled(19)))
        self.addToolBar(bar)
        self.actions_by_id.fill_tool_bar(bar)
        self.menus = self.actions_by_id.fill_menus(self)
        for entry in ("boxes", "detections", "picture", "snap"):
            self.actions_by_id[entry].setChecked(True)
        for percent in OPACITIES:
            self.menus["opacity"].addAction(f"{percent} %", partial(self.reference.set_opacity, percent))
        self._arrange_docks()
        self.library = Library(self, icons)
        self.status_line = StatusLine(
            self,
            self.canvas,
            self.document,
            select=self.actions_by_id["tool_select"],
            draw=self.actions_by_id["tool_draw"],
        )

    def _arrange_docks(self) -> None:
        self.docks = docks = Docks(self, self.menus["panels"])
        right, bottom = Qt.DockWidgetArea.RightDockWidgetArea, Qt.DockWidgetArea.BottomDockWidgetArea
        objects = docks.add(self.tr("Objects"), self.objects, right)
        docks.add(self.tr("Problems"), self.problems, right, beside="objects")
        docks.add(self.tr("History"), self.history, right, beside="problems")
        objects.raise_()
        self.problems.count_changed.connect(partial(docks.show_count, "problems", self.tr("Problems")))
        generation = docks.add(self.tr("Generation"), self.generation, right)
        docks.add(self.tr("Timeline"), self.timeline, bottom)
        self.room.add_docks(docks)
        objects.raise_()
        grown = min(text_scale(), MOST_GROWN)
        self.resizeDocks([objects, generation], [round(SIDE_WIDTH * grown)] * 2, Qt.Orientation.Horizontal)
        self.resizeDocks([docks["timeline"]], [round(TIMELINE_HEIGHT * grown)], Qt.Orientation.Vertical)

    def _connect(self) -> None:
        document, canvas, files, runs = self.document, self.canvas, self.files, self.runs
        document.committed.connect(self._update_actions)
        document.selection_changed.connect(self._update_actions)
        files.modified_changed.connect(self._show_title)
        document.replaced.connect(lambda: self.vocabulary.note_layout(document.layout))
        files.file_changed.connect(self._show_title)
        files.failed.connect(self.show_error)
        self.reference.failed.connect(self.show_error)
        self.reference.changed.connect(self._update_actions)
        files.noted.connect(lambda text: self.messages.show_message(text))
        canvas.tool_changed.connect(self._check_tool)
        canvas.arrow_unused.connect(self.timeline.handle_key)
        self.problems.label_wanted.connect(canvas.edit_label)
        canvas.number_pressed.connect(self._label_by_number)
        canvas.label_accepted.connect(self.vocabulary.note)
        canvas.context_requested.connect(partial(show_context_menu, self))
        self.generation.generate_requested.connect(self.generate)
        self.generation.cancel_requested.connect(runs.cancel)
        self.generation.form.options_changed.connect(self._model_changed)
        runs.busy_changed.connect(self.generation.set_busy)
        runs.busy_changed.connect(self._update_actions)
        runs.failed.connect(self._run_failed)

    # -- what happens

    def generate(self) -> None:
        """Paint the layout as it is now with the panel's options."""
        if self.ready_to_paint():
            self.runs.generate(self.document.committed_layout, self.generation.form.options())

    def ready_to_paint(self) -> bool:
        """Whether there is a model and every box has a prompt; otherwise it is said."""
        self.canvas.editor.accept()
        self.messages.dismiss()
        unnamed = [item for item in self.document.layout.objects if not item.prompt.strip() and not item.hidden]
        if unnamed:
            self.document.select(item.id for item in unnamed)
            count = len(unnamed)
            text = self.tr("One box has no prompt yet.") if count == 1 else self.tr("{} boxes have no prompt yet.")
            actions = ((self.tr("Label it"), lambda: self.canvas.edit_label(unnamed[0].id)),)
            self.messages.show_message(text.format(count), Severity.WARNING, actions)
            return False
        if self.generation.form.choice is None:
            self.messages.show_message(
                self.tr("No model is installed. Choose the folder of an inpainting pipeline."), Severity.WARNING
            )
            return False
        return True

    def choose_reference(self) -> None:
        """Ask for a picture and show it behind the boxes."""
        path = self.questions.picture_to_open(self.files.folder)
        if path is not None:
            self.reference.load(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.reference.can_drop(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.reference.drop(event.mimeData()):
            event.acceptProposedAction()

    def paste(self) -> None:
        """Add what is on the clipboard: boxes, or a picture behind them."""
        text = QGuiApplication.clipboard().text()  # once, as Qt fetches it from the other program each time
        if not text and self.reference.take_clipboard():
            return
        try:
            self.edits.paste(text)
        except BoxpaintError as error:
            self.messages.show_message(str(error), Severity.WARNING)

    def _label_by_number(self, number: int) -> None:
        slots = self.vocabulary.slots
        if number <= len(slots):
            self.edits.label_as(slots[number - 1])

    def show_error(self, text: str) -> None:
        """Say what went wrong, without stopping anything."""
        self.messages.show_message(text, Severity.ERROR)

    def _run_failed(self, text: str, can_continue: bool) -> None:
        actions: list[tuple[str, Callable[[], object]]] = [(self.tr("Try again"), self.runs.try_again)]
        if can_continue:
            actions.insert(0, (self.tr("Continue"), self.runs.resume))
        self.messages.show_message(text, Severity.ERROR, actions)

    def focusNextPrevChild(self, forward: bool) -> bool:
        return step_by_tab(self, forward)

    def _model_changed(self) -> None:
        choice = self.generation.form.choice
        words = choice.vocabulary if choice is not None else ()
        self.vocabulary.set_base(words)
        if choice is not None:
            self.problems.set_model(Model(frozenset(words), choice.smallest_box, choice.size))

    def set_snapping(self, on: bool, grid: int) -> None:
        """Whether drags snap, and to a grid of so many pixels (0: none)."""
        self.canvas.set_snapping(on, grid)
        self.actions_by_id["snap"].setChecked(on)

    def show_part(self, part: str, on: bool) -> None:
        """Show or hide one of ``ui.canvas.frame.PARTS``."""
        self.canvas_frame.show_part(part, on)
        self.actions_by_id[part].setChecked(on)

    def show_recent(self, files: Sequence[str]) -> None:
        """Offer these files in the menu."""
        menu = self.menus["recent"]
        menu.clear()
        for name in files:
            menu.addAction(Path(name).name, partial(self.files.open, Path(name))).setToolTip(name)
        menu.setEnabled(bool(files))

    # -- showing

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] – Boxpaint")
        self.setWindowModified(self.files.modified)

    def _check_tool(self) -> None:
        self.actions_by_id["tool_draw" if self.canvas.tool is Tool.DRAW else "tool_select"].setChecked(True)

    def _update_actions(self) -> None:
        document, actions = self.document, self.actions_by_id
        some = bool(document.selection)
        undo, redo = document.undo_name, document.redo_name
        actions["undo"].setText(self.tr("&Undo {}").format(undo) if undo else self.tr("&Undo"))
        actions["redo"].setText(self.tr("&Redo {}").format(redo) if redo else self.tr("&Redo"))
        actions.enable(
            undo=undo is not None,
            redo=redo is not None,
            generate=not self.runs.busy,
            cancel=self.runs.busy,
            reference_clear=self.reference.shown,
            **dict.fromkeys(_NEED_SELECTION, some),
            **dict.fromkeys(_NEED_SEVERAL, len(document.selection) > 1),
        )

    # -- closing

    def closeEvent(self, event: QCloseEvent) -> None:
        if not (self.models.may_close() and self.files.may_close() and self.benchmarks.may_close()):
            event.ignore()
            return
        event.accept()
        self.closed.emit()

    def arrangement(self) -> tuple[str, str]:
        """Size and place of the window and of its panels, for the settings."""
        return (
            bytes(self.saveGeometry().toBase64().data()).decode(),
            bytes(self.saveState().toBase64().data()).decode(),
        )

    def arrange(self, geometry: str, state: str) -> None:
        """Take over an arrangement; one that cannot be read is left aside."""
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode(errors="replace")))
        if state:
            self.restoreState(QByteArray.fromBase64(state.encode(errors="replace")))
            self.library.settle()
