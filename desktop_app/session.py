"""One window with its settings: what it is at its start, and what is kept at its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QStandardPaths, QTimer, SignalInstance
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.document_controller import NEW_SIZE
from desktop_app.errors import logger
from desktop_app.lost_work import LostWork
from desktop_app.main_window import MainWindow
from desktop_app.model_choices import ModelChoices
from desktop_app.questions import DialogQuestions, Questions
from desktop_app.recovery import Recovery, find_lost
from desktop_app.settings import Settings
from desktop_app.settings_dialogs import SettingsDialogs
from desktop_app.shortcuts import Shortcuts
from desktop_app.start_controller import StartController
from desktop_app.theme import RESOURCES, IconSet, apply_motion, apply_text_size, apply_theme
from desktop_app.tour_controller import TourController
from desktop_app.vocabularies import OwnVocabularies
from engine.errors import BoxpaintError
from engine.layout import Layout
from ui.canvas.frame import PARTS
from ui.document import Document
from ui.message_bar import Severity
from ui.timeline.model import RunModel

if TYPE_CHECKING:
    from engine.worker.client import EngineClient

SAMPLE = RESOURCES / "layouts" / "eight_objects.layout.json"
RECENT_KEPT = 12

REMEMBER = 1000
"""Milliseconds of rest after a change of the settings for painting, or of the layout, until they are kept."""


class Session(QObject):
    """One window with its settings, from the first start to the last word."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        *,
        runs_folder: Path | None = None,
        recovery_folder: Path | None = None,
        client: EngineClient | None = None,
        questions: Callable[[QWidget], Questions] = DialogQuestions,
    ) -> None:
        super().__init__()
        self._app = app
        self.settings = settings
        self._runs_override = runs_folder
        self.ready = False
        """Whether the window is shown, its models are listed, and it is not being closed."""
        self._dress()
        self.window = MainWindow(
            Document(Layout(*NEW_SIZE)),
            RunModel(),
            runs_folder=self.runs_folder,
            icons=IconSet(),
            questions=questions,
            client=client,
        )
        window = self.window
        window.arrange(settings.get("window_geometry"), settings.get("window_state"))
        window.files.folder = settings.get("last_folder") or str(Path.home())
        window.files.opened.connect(self._opened)
        self.models = ModelChoices(window, settings, self._keep)
        window.document.committed.connect(self._warm_up)
        window.actions_by_id.set_keys(Shortcuts(settings.get("shortcuts")))
        self.start_page = self._make_start_page()
        window.benchmarks.about_to_show.connect(self.start_page.leave)
        window.benchmarks.painting.connect(lambda folder: self._keep(painting_export=folder))
        self.tour = TourController(window)
        self.tour.ended.connect(lambda: self._keep(offer_tour=False))
        self._remembering = QTimer(window, singleShot=True, interval=REMEMBER)
        self._remembering.timeout.connect(self._remember)
        for change in (window.generation.form.options_changed, window.document.committed):
            change.connect(lambda *_: self._remembering.start() if self.ready else None)
        self.vocabularies = OwnVocabularies(window.vocabulary, settings, self._keep, window)
        self.dialogs = dialogs = SettingsDialogs(window, settings, self._keep, self._apply_preferences)
        self._commands: Mapping[str, Callable[[], None]] = {
            "preferences": dialogs.show_preferences,
            "start_page": self._show_start_page,
            "tour": self._start_tour,
            "shortcuts": dialogs.show_shortcuts,
            "vocabularies": self.vocabularies.show,
            "log": dialogs.show_log,
            "about": dialogs.show_about,
        }
        window.session_command.connect(lambda command: self._commands[command]())
        window.snapping_switched.connect(self._switch_snapping)
        self._show_kept()
        window.canvas_frame.part_switched.connect(lambda part, on: self._keep(**{part: on}))
        self._recovery_folder = recovery_folder or data_folder() / "recovery"
        self.recovery = self._make_recovery()

    def _dress(self) -> None:
        """Give the application its colours and the size of its texts, and follow the system's wishes."""
        apply_text_size(self._app, int(self.settings.get("text_size")))
        apply_theme(self._app, self.settings.get("theme"))
        for wish in _wishes():
            wish.connect(self._scheme_changed)

    def _make_start_page(self) -> StartController:
        page = StartController(self.window, lambda: self.settings.get("recent_files"))
        page.tour_refused.connect(lambda: self._keep(offer_tour=False))
        page.shown_at_start.connect(lambda on: self._keep(start_page=on))
        page.tour_wanted.connect(self._start_tour)
        return page

    def _make_recovery(self) -> Recovery:
        window = self.window
        recovery = Recovery(window.document, self._recovery_folder, window)
        recovery.failed.connect(window.show_error)
        window.files.file_changed.connect(lambda: recovery.set_origin(window.files.file, window.files.name))
        window.files.project_changed.connect(recovery.set_project)
        return recovery

    def _show_kept(self) -> None:
        """Bring the window to what the settings tell of the last time."""
        window, settings = self.window, self.settings
        self._set_canvas()
        for part in PARTS:
            window.show_part(part, settings.get(part))
        for prompt in reversed(settings.get("used_prompts")):
            window.vocabulary.note(prompt)
        window.show_recent(settings.get("recent_files"))
        if settings.problem:
            window.messages.show_message(settings.problem, Severity.WARNING)

    def runs_folder(self) -> Path:
        """Where runs are kept."""
        if self._runs_override is not None:
            return self._runs_override
        chosen = self.settings.get("runs_folder")
        return Path(chosen) if chosen else data_folder() / "runs"

    def start(self, paths: Sequence[str], *, generate: bool) -> None:
        """Show the window; what is not needed to draw comes right after it is painted."""
        self.window.show()
        if not paths and self.settings.get("start_page"):
            self._show_start_page()
        QTimer.singleShot(0, self.window, lambda: self._after_show(paths, generate))

    def _after_show(self, paths: Sequence[str], generate: bool) -> None:
        self.models.load()
        lost = find_lost(self._recovery_folder, lambda error: self.window.show_error(str(error)))
        if lost:
            LostWork(self.window, self.recovery).offer(lost)
        if paths:
            self.window.files.open(Path(paths[0]))
        elif not lost and not self.start_page.shown:
            self.window.messages.show_message(
                self.tr("Draw boxes on the empty canvas, or begin with an example."),
                actions=((self.tr("Open the example"), lambda: self.window.files.open(SAMPLE)),),
            )
        if not self.start_page.shown:
            self.window.canvas.setFocus()
        self.window.runs.repair()
        self.window.room.refresh()
        self.window.room.restore()
        if cut_off := self.settings.get("painting_export"):
            self.window.benchmarks.offer(Path(cut_off))
        self.ready = True
        if generate:
            self.window.generate()

    def _warm_up(self) -> None:
        """Load the model while the user is still drawing, so that the first step comes at once."""
        window = self.window
        choice = window.generation.form.choice
        wanted = self.settings.get("warm_up") and window.document.layout.objects
        if wanted and choice is not None and window.runs.engine_pid is None:
            window.runs.warm_up(choice.name)

    def _opened(self, path: Path) -> None:
        others = [name for name in self.settings.get("recent_files") if name != str(path)]
        recent = [str(path), *others][:RECENT_KEPT]
        self._keep(last_folder=str(path.parent), recent_files=recent)
        self.window.show_recent(recent)

    def _switch_snapping(self, on: bool) -> None:
        self._keep(snap=on)
        self.window.set_snapping(on, self.settings.get("grid"))

    def _show_start_page(self) -> None:
        self.start_page.show(offer_tour=self.settings.get("offer_tour"), at_start=self.settings.get("start_page"))

    def _start_tour(self) -> None:
        self.start_page.leave()
        self.tour.start()

    def _apply_preferences(self) -> None:
        apply_theme(self._app, self.settings.get("theme"))
        self._set_canvas()

    def _set_canvas(self) -> None:
        self.window.set_snapping(self.settings.get("snap"), self.settings.get("grid"))
        self.window.detecting.threshold = self.settings.get("detect_score") / 100
        self.window.canvas.set_dashed(self.settings.get("dashed"))
        apply_motion(self._app, reduced=self.settings.get("reduce_motion"))
        self.window.setAnimated(not self.settings.get("reduce_motion"))

    def _scheme_changed(self) -> None:
        if self.settings.get("theme") == "system":
            apply_theme(self._app, "system")

    def _keep(self, **values: Any) -> None:
        try:
            self.settings.update(values)
        except BoxpaintError as error:
            self.window.show_error(self.tr("The settings were not saved: {}").format(error))

    def _remember(self) -> None:
        """Keep how the window is set, for the next start: when it is closed, and soon after a change."""
        values: dict[str, Any] = {
            "run_options": asdict(self.window.generation.form.options()),
            "used_prompts": list(self.window.vocabulary.used[:200]),
        }
        if not self.start_page.shown:
            values["window_geometry"], values["window_state"] = self.window.arrangement()
        try:
            self.settings.update(values)
        except BoxpaintError as error:
            logger.warning("The settings were not saved: %s", error)

    async def close(self, *, keep_unsaved: bool = False) -> None:
        """Keep what the next start should find, and end the engine; with ``keep_unsaved`` it finds unsaved work too."""
        self.ready = False
        for wish in _wishes():
            wish.disconnect(self._scheme_changed)
        self._remembering.stop()
        self.start_page.leave()  # it puts the panels aside
        self._remember()
        if not keep_unsaved:
            self.recovery.clear()
        await self.window.models.close()
        await self.window.detecting.close()
        await self.window.reference.close()
        await self.window.library.close()
        await self.window.benchmarks.close()
        await self.window.room.close()
        await self.window.runs.close()


def _wishes() -> list[SignalInstance]:
    """What tells that the system wants other colours."""
    hints = QGuiApplication.styleHints()
    accessible = [hints.accessibility().contrastPreferenceChanged] if hasattr(hints, "accessibility") else []
    return [hints.colorSchemeChanged, *accessible]  # the second from Qt 6.10 on


def data_folder() -> Path:
    """Where the program keeps what belongs to the user."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation))
