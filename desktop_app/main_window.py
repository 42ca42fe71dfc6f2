"""The window: arranges the widgets and connects them to the controllers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QMenu, QTabWidget, QToolBar, QVBoxLayout, QWidget

from desktop_app.actions import Actions
from desktop_app.command_palette import CommandPalette
from desktop_app.document_controller import DocumentController, Questions
from desktop_app.edit_commands import EditCommands
from desktop_app.reference_picture import OPACITIES, ReferencePicture
from desktop_app.run_controller import RunController
from engine.errors import BoxpaintError
from ui.arrange import ALIGNMENTS
from ui.canvas.canvas import ZOOM_STEP, Canvas, Tool
from ui.colors import object_color
from ui.completion import Vocabulary
from ui.document import Document
from ui.message_bar import MessageBar, Severity
from ui.panels.generation_panel import GenerationPanel
from ui.panels.history_panel import HistoryPanel
from ui.panels.objects_model import swatch
from ui.panels.objects_panel import ObjectsPanel
from ui.panels.problems_panel import ProblemsPanel
from ui.problems import Model
from ui.skills import TOOLS
from ui.timeline.model import RunModel
from ui.timeline.panel import TimelinePanel
from ui.timeline.pictures import PictureCache
from ui.timeline.viewer import FrameViewer

if TYPE_CHECKING:
    from engine.worker.client import EngineClient


SORT_ORDERS = ("top-down", "bottom-up", "large-to-small", "small-to-large", "random")
_NEED_SELECTION = (
    *("cut", "copy", "delete", "duplicate", "label", "lock", "hide", "zoom_selection"),
    *(f"align_{how}" for how in ALIGNMENTS),
)
_NEED_SEVERAL = ("same_size", "distribute_across", "distribute_down")


class MainWindow(QMainWindow):
    """Canvas in the middle, objects and generation at the right, timeline below."""

    closed = Signal()
    preferences_wanted = Signal()
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
        self.resize(1320, 860)
        self.document = document
        self.run_model = run
        self.vocabulary = Vocabulary()
        self.pictures = PictureCache(self)
        self.messages = MessageBar(self)
        self.canvas = Canvas(document, self.vocabulary.suggest, self)
        self.objects = ObjectsPanel(document, self.vocabulary.suggest, icons, self)
        self.generation = GenerationPanel(run, icons, self)
        self.problems = ProblemsPanel(document, self)
        self.history = HistoryPanel(document, self)
        self.timeline = TimelinePanel(run, self.pictures, self)
        self.viewer = FrameViewer(run, self.canvas, self.pictures)
        self._questions = questions(self)
        self.files = DocumentController(document, self._questions, self)
        self.reference = ReferencePicture(self.canvas, self.files.open, self)
        self.runs = RunController(run, runs_folder, self, client=client)
        self.edits = EditCommands(document, self.canvas)
        self.actions_by_id = Actions(self, icons, self._slots())
        self._arrange()
        self._connect()
        self._show_title()
        self._update_actions()

    # -- building

    def _slots(self) -> dict[str, Callable[[], object]]:
        canvas, edits, files = self.canvas, self.edits, self.files
        return {
            "new": files.new,
            "open": files.open,
            "save": files.save,
            "save_as": files.save_as,
            "preferences": self.preferences_wanted.emit,
            "quit": self.close,
            "undo": self.document.undo,
            "redo": self.document.redo,
            "cut": edits.cut,
            "copy": edits.copy,
            "paste": self.paste,
            "delete": edits.delete,
            "duplicate": edits.duplicate,
            "select_all": edits.select_all,
            "label": edits.label,
            "lock": edits.toggle_locked,
            "hide": edits.toggle_hidden,
            **{f"align_{how}": partial(edits.align, how) for how in ALIGNMENTS},
            "distribute_across": lambda: edits.distribute(0),
            "distribute_down": lambda: edits.distribute(1),
            "same_size": edits.same_size,
            **{f"skill_{name}": partial(edits.use_skill, name) for name in TOOLS},
            **{f"sort_{order}": partial(edits.sort, order) for order in SORT_ORDERS},
            "snap": lambda: self.snapping_switched.emit(self.actions_by_id["snap"].isChecked()),
            "tool_select": lambda: canvas.set_tool(Tool.SELECT),
            "tool_draw": lambda: canvas.set_tool(Tool.DRAW),
            "zoom_in": lambda: canvas.zoom(ZOOM_STEP),
            "zoom_out": lambda: canvas.zoom(1 / ZOOM_STEP),
            "zoom_fit": canvas.fit,
            "zoom_actual": lambda: canvas.zoom_to(1.0),
            "zoom_selection": canvas.zoom_to_selection,
            "boxes": lambda: canvas.set_boxes_visible(self.actions_by_id["boxes"].isChecked()),
            "picture": lambda: canvas.set_picture_visible(self.actions_by_id["picture"].isChecked()),
            "reference": self._choose_reference,
            "reference_clear": self.reference.clear,
            "palette": lambda: CommandPalette(self.actions_by_id.all(), self).show_over(self),
            "generate": self.generate,
            "cancel": self.runs.cancel,
        }

    def _arrange(self) -> None:
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addWidget(self.canvas, 1)
        self.setCentralWidget(middle)
        self.setAcceptDrops(True)
        bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("toolBar")
        bar.setMovable(False)
        bar.setIconSize(QSize(19, 19))
        self.addToolBar(bar)
        self.actions_by_id.fill_tool_bar(bar)
        self.menus = self.actions_by_id.fill_menus(self)
        for entry in ("boxes", "picture", "snap"):
            self.actions_by_id[entry].setChecked(True)
        self.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.RightDockWidgetArea)
        self.recent = QMenu(self.tr("Open &recent"), self)
        self.menus["file"].insertMenu(self.actions_by_id["save"], self.recent)
        opacities = self.menus["view"].addMenu(self.tr("&Opacity of the picture behind"))
        for percent in OPACITIES:
            opacities.addAction(f"{percent} %", partial(self.reference.set_opacity, percent))
        self.actions_by_id.fill(
            self.menus["object"].addMenu(self.tr("S&ort")), *(f"sort_{order}" for order in SORT_ORDERS)
        )
        self.actions_by_id.fill(self.menus["object"].addMenu(self.tr("S&kills")), *(f"skill_{name}" for name in TOOLS))
        objects = self._dock(self.tr("Objects"), self.objects, Qt.DockWidgetArea.RightDockWidgetArea)
        problems = self._dock(self.tr("Problems"), self.problems, Qt.DockWidgetArea.RightDockWidgetArea)
        history = self._dock(self.tr("History"), self.history, Qt.DockWidgetArea.RightDockWidgetArea)
        self.tabifyDockWidget(objects, problems)
        self.tabifyDockWidget(problems, history)
        self.setTabPosition(Qt.DockWidgetArea.RightDockWidgetArea, QTabWidget.TabPosition.North)
        for dock in (objects, problems, history):
            dock.setTitleBarWidget(QWidget(dock))  # the tabs say it already
        objects.raise_()
        self.problems.count_changed.connect(
            lambda count: problems.setWindowTitle(
                self.tr("Problems ({})").format(count) if count else self.tr("Problems")
            )
        )
        self._dock(self.tr("Generation"), self.generation, Qt.DockWidgetArea.RightDockWidgetArea)
        self._dock(self.tr("Timeline"), self.timeline, Qt.DockWidgetArea.BottomDockWidgetArea)
        docks = [self.findChild(QDockWidget, name) for name in ("objectsDock", "generationDock")]
        self.resizeDocks([dock for dock in docks if dock is not None], [310, 310], Qt.Orientation.Horizontal)
        self._place = QLabel(self)
        self._place.setMinimumWidth(130)
        self._zoom = QLabel(self)
        self._hint = QLabel(self)
        self._hint.setObjectName("panelNote")
        self._hint.setContentsMargins(8, 0, 0, 0)
        self._zoom.setContentsMargins(0, 0, 8, 0)
        self.statusBar().addWidget(self._hint, 1)
        self.statusBar().addPermanentWidget(self._place)
        self.statusBar().addPermanentWidget(self._zoom)
        self.statusBar().setSizeGripEnabled(False)
        self._show_tool()

    def _dock(self, title: str, widget: QWidget, area: Qt.DockWidgetArea) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(f"{widget.objectName().removesuffix('Panel')}Dock")
        dock.setWidget(widget)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        self.addDockWidget(area, dock)
        return dock

    def _connect(self) -> None:
        document, canvas, files, runs = self.document, self.canvas, self.files, self.runs
        document.committed.connect(self._update_actions)
        document.selection_changed.connect(self._update_actions)
        document.modified_changed.connect(self._show_title)
        document.replaced.connect(lambda: self.vocabulary.note_layout(document.layout))
        files.file_changed.connect(self._show_title)
        files.failed.connect(self.show_error)
        self.reference.failed.connect(self.show_error)
        self.reference.changed.connect(self._update_actions)
        files.noted.connect(lambda text: self.messages.show_message(text))
        canvas.tool_changed.connect(self._show_tool)
        canvas.zoom_changed.connect(lambda scale: self._zoom.setText(f"{scale * 100:.0f} %"))
        canvas.pointer_moved.connect(self._show_place)
        canvas.arrow_unused.connect(self.timeline.handle_key)
        self.problems.label_wanted.connect(canvas.edit_label)
        canvas.number_pressed.connect(self._label_by_number)
        canvas.label_accepted.connect(self.vocabulary.note)
        canvas.context_requested.connect(self._show_context_menu)
        self.generation.generate_requested.connect(self.generate)
        self.generation.cancel_requested.connect(runs.cancel)
        self.generation.options_changed.connect(self._model_changed)
        runs.busy_changed.connect(self.generation.set_busy)
        runs.busy_changed.connect(self._update_actions)
        runs.failed.connect(self._run_failed)

    # -- what happens

    def generate(self) -> None:
        """Paint the layout as it is now with the panel's options."""
        self.canvas.editor.accept()
        self.messages.hide()
        unnamed = [item for item in self.document.layout.objects if not item.prompt.strip() and not item.hidden]
        if unnamed:
            self.document.select(item.id for item in unnamed)
            count = len(unnamed)
            text = self.tr("One box has no prompt yet.") if count == 1 else self.tr("{} boxes have no prompt yet.")
            actions = ((self.tr("Label it"), lambda: self.canvas.edit_label(unnamed[0].id)),)
            self.messages.show_message(text.format(count), Severity.WARNING, actions)
            return
        if self.generation.choice is None:
            self.messages.show_message(
                self.tr("No model is installed. Choose the folder of an inpainting pipeline."), Severity.WARNING
            )
            return
        self.runs.generate(self.document.committed_layout, self.generation.options())

    def _choose_reference(self) -> None:
        path = self._questions.picture_to_open(self.files.folder)
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
        if not QGuiApplication.clipboard().text() and self.reference.take_clipboard():
            return
        try:
            self.edits.paste()
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

    def _model_changed(self) -> None:
        choice = self.generation.choice
        words = choice.vocabulary if choice is not None else ()
        self.vocabulary.set_base(words)
        if choice is not None:
            self.problems.set_model(Model(frozenset(words), choice.smallest_box, choice.size))

    def set_snapping(self, on: bool, grid: int) -> None:
        """Whether drags snap, and to a grid of so many pixels (0: none)."""
        self.canvas.snapping, self.canvas.grid = on, float(grid)
        self.actions_by_id["snap"].setChecked(on)

    def show_recent(self, files: Sequence[str]) -> None:
        """Offer these files in the menu."""
        self.recent.clear()
        for name in files:
            self.recent.addAction(Path(name).name, partial(self.files.open, Path(name))).setToolTip(name)
        self.recent.setEnabled(bool(files))

    def _show_context_menu(self, place: QPoint, ids: Sequence[str]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setObjectName("contextMenu")
        for entry in ("label", "cut", "copy", "paste", "duplicate", "delete", "", "lock", "hide", "zoom_selection"):
            if entry:
                menu.addAction(self.actions_by_id[entry])
            else:
                menu.addSeparator()
        if self.document.selection:
            slots = menu.addMenu(self.tr("Label as"))
            for number, prompt in enumerate(self.vocabulary.slots, start=1):
                slots.addAction(f"&{number}  {prompt}", partial(self.edits.label_as, prompt))
        if len(ids) > 1:
            menu.addSection(self.tr("Here, from the top"))
            for name in ids:
                item = self.document.layout.find(name)
                menu.addAction(
                    swatch(object_color(item.prompt)),
                    item.prompt or self.tr("no prompt yet"),
                    partial(self.document.select, (name,)),
                )
        menu.popup(place)

    # -- showing

    def _show_title(self) -> None:
        self.setWindowTitle(f"{self.files.name}[*] – Boxpaint")
        self.setWindowModified(self.document.modified)

    def _show_tool(self) -> None:
        drawing = self.canvas.tool is Tool.DRAW
        self.actions_by_id["tool_draw" if drawing else "tool_select"].setChecked(True)
        self._hint.setText(
            self.tr("Drag to draw a box · Shift: square · Alt: from the centre · V: select")
            if drawing
            else self.tr("Click to select · drag to move · Shift: add or keep the shape · D: draw")
        )

    def _show_place(self, point: object) -> None:
        text = ""
        if isinstance(point, tuple):
            width, height = self.document.layout.size
            x, y = int(point[0]), int(point[1])
            text = f"{x}, {y} px" if 0 <= x < width and 0 <= y < height else ""
        self._place.setText(text)

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
        if not self.files.may_close():
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
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
        if state:
            self.restoreState(QByteArray.fromBase64(state.encode()))
