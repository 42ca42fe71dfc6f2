"""Shows the start page in place of an empty canvas, and does what is chosen on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_app.samples import load_sample, painted_sample, samples
from engine.errors import BoxpaintError
from engine.layout import Layout
from ui.spoken import tell_focus_again
from ui.start.page import StartPage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDockWidget

    from desktop_app.main_window import MainWindow

COMMANDS = ("new", "open", "open_folder")
"""What the page offers besides samples and recent files."""


class StartController(QObject):
    """Owns the page, which is made when it is first shown; anything that changes the document leaves it."""

    tour_wanted = Signal()
    tour_refused = Signal()
    shown_at_start = Signal(bool)

    def __init__(self, window: MainWindow, recent: Callable[[], Sequence[str]]) -> None:
        super().__init__(window)
        self._window = window
        self._recent = recent
        self._page: StartPage | None = None
        self._layouts: dict[str, Layout] = {}
        self._docks: list[QDockWidget] = []
        self._raised: list[QDockWidget] = []
        window.document.replaced.connect(self.leave)
        window.document.committed.connect(self.leave)
        window.reference.taken.connect(self.leave)
        for command in ("tool_draw", "tool_select"):
            window.actions_by_id[command].triggered.connect(self.leave)
        window.generation.form.options_changed.connect(self._show_layouts)

    @property
    def shown(self) -> bool:
        """Whether the page is seen instead of the canvas."""
        return self._page is not None and self._window.middle.currentWidget() is self._page

    @property
    def page(self) -> StartPage:
        """The page; made now if it was not shown yet."""
        if self._page is None:
            self._page = self._make_page()
        return self._page

    def show(self, *, offer_tour: bool, at_start: bool) -> None:
        """Show the page; the panels, which would be empty or in the way, are put aside.

        Args:
            offer_tour: Whether the page begins with the offer of a tour.
            at_start: Whether its box says that it is shown at the start.
        """
        page = self.page
        page.offer.setVisible(offer_tour)
        page.at_start.setChecked(at_start)
        page.show_recent(self._recent())
        if not self.shown:
            self._put_docks_aside()
            self._window.middle.setCurrentWidget(page)
            page.setFocus()
        QTimer.singleShot(0, self, self._load_next)

    def leave(self) -> None:
        """Show the canvas, with the panels as they were."""
        if not self.shown:
            return
        self._window.middle.setCurrentIndex(0)
        for dock in self._docks:
            dock.show()
        for dock in self._raised:
            dock.raise_()
        self._window.canvas.setFocus()
        tell_focus_again(self._window)

    def _put_docks_aside(self) -> None:
        self._docks = [dock for dock in self._window.docks.all() if not dock.isHidden()]
        self._raised = [dock for dock in self._docks if not dock.visibleRegion().isEmpty()]
        for dock in self._docks:
            dock.hide()

    def _make_page(self) -> StartPage:
        window = self._window
        page = StartPage([window.actions_by_id[command] for command in COMMANDS], samples(), window)
        page.open_wanted.connect(self.open)
        page.paint_wanted.connect(self.paint)
        page.recent_wanted.connect(window.files.open)
        page.left.connect(self.leave)
        page.tour_wanted.connect(self.tour_wanted)
        page.tour_refused.connect(page.offer.hide)
        page.tour_refused.connect(self.tour_refused)
        page.shown_at_start.connect(self.shown_at_start)
        window.middle.addWidget(page)
        return page

    # -- samples

    def open(self, name: str) -> bool:
        """Open a copy of a sample, which belongs to no file."""
        layout = self._layout(name)
        return layout is not None and self._window.files.show_copy(layout, name)

    def paint(self, name: str) -> None:
        """Open a copy of a sample and paint it."""
        if self.open(name):
            self._window.generate()

    def _layout(self, name: str) -> Layout | None:
        if name not in self._layouts:
            try:
                self._layouts[name] = load_sample(name)
            except BoxpaintError as error:
                self._window.show_error(str(error))
                return None
        return self._layouts[name]

    def _load_next(self) -> None:
        """Read one more sample; one in each turn of the event loop, so that the page answers meanwhile."""
        missing = [name for name in self.page.cards if name not in self._layouts]
        if missing and self.shown and self._layout(missing[0]) is not None:
            self._show_layout(missing[0])
            QTimer.singleShot(0, self, self._load_next)

    def _show_layouts(self) -> None:
        if self._page is not None:
            for name in self._layouts:
                self._show_layout(name)

    def _show_layout(self, name: str) -> None:
        layout = self._layouts[name]
        choice = self._window.generation.form.choice
        known = set(choice.vocabulary) if choice is not None else set()
        paintable = not known or all(item.prompt in known for item in layout.objects)
        self.page.cards[name].show_layout(layout, paintable=paintable, picture=painted_sample(name))
