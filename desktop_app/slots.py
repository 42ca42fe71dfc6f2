"""What each command of ``desktop_app.menu_table`` does, by its id."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop_app.command_palette import CommandPalette
from desktop_app.focus import step_to_part
from ui.arrange import ALIGNMENTS
from ui.canvas.canvas import ZOOM_STEP, Tool
from ui.canvas.frame import PARTS
from ui.skills import TOOLS

if TYPE_CHECKING:
    from desktop_app.main_window import MainWindow

SORT_ORDERS = ("top-down", "bottom-up", "large-to-small", "small-to-large", "random")

SESSION_COMMANDS = ("vocabularies", "preferences", "start_page", "tour", "shortcuts", "log", "about")
"""Commands that need the settings: the session carries them out."""

Slots = dict[str, Callable[[], object]]


def slots_of(window: MainWindow) -> Slots:
    """A function for every command; called before the actions exist, so what needs them looks them up later."""
    rooms = {**window.room.slots(), **window.benchmarks.slots()}
    return {**_file_and_run(window), **_editing(window), **_viewing(window), **rooms}


def _file_and_run(window: MainWindow) -> Slots:
    files = window.files
    return {
        "new": files.new,
        "new_project": files.new_project,
        "open": files.open,
        "save": files.save,
        "save_as": files.save_as,
        "export": lambda: window.library.datasets.export(),
        "statistics": lambda: window.library.datasets.show_statistics(),
        "browse": lambda: window.library.browse(),
        "next_layout": lambda: window.library.step(1),
        "previous_layout": lambda: window.library.step(-1),
        "open_folder": files.open_folder,
        "quit": window.close,
        **{name: partial(window.session_command.emit, name) for name in SESSION_COMMANDS},
        "palette": lambda: CommandPalette(window.actions_by_id.by_title(), window).show_over(window),
        "generate": window.generate,
        "cancel": window.runs.cancel,
        "models": window.models.show,
    }


def _editing(window: MainWindow) -> Slots:
    edits = window.edits
    return {
        "undo": window.document.undo,
        "redo": window.document.redo,
        "cut": edits.cut,
        "copy": edits.copy,
        "paste": window.paste,
        "delete": edits.delete,
        "duplicate": edits.duplicate,
        "select_all": edits.select_all,
        "new_box": partial(_new_box, window),
        "label": edits.label,
        "lock": edits.toggle_locked,
        "hide": edits.toggle_hidden,
        **{f"align_{how}": partial(edits.align, how) for how in ALIGNMENTS},
        "distribute_across": lambda: edits.distribute(0),
        "distribute_down": lambda: edits.distribute(1),
        "same_size": edits.same_size,
        "detect": window.detecting.start,
        **{f"skill_{name}": partial(edits.use_skill, name) for name in TOOLS},
        **{f"sort_{order}": partial(edits.sort, order) for order in SORT_ORDERS},
    }


def _viewing(window: MainWindow) -> Slots:
    canvas = window.canvas

    def checked(command: str) -> bool:
        return window.actions_by_id[command].isChecked()

    return {
        "tool_select": lambda: canvas.set_tool(Tool.SELECT),
        "tool_draw": lambda: canvas.set_tool(Tool.DRAW),
        "zoom_in": lambda: canvas.zoom(ZOOM_STEP),
        "zoom_out": lambda: canvas.zoom(1 / ZOOM_STEP),
        "zoom_fit": canvas.fit,
        "zoom_actual": lambda: canvas.zoom_to(1.0),
        "zoom_selection": canvas.zoom_to_selection,
        "boxes": lambda: canvas.set_boxes_visible(checked("boxes")),
        "picture": lambda: canvas.set_picture_visible(checked("picture")),
        **{part: partial(_show_part, window, part) for part in PARTS},
        "snap": lambda: window.snapping_switched.emit(checked("snap")),
        "next_part": partial(step_to_part, window, 1),
        "former_part": partial(step_to_part, window, -1),
        "reference": window.choose_reference,
        "reference_clear": window.reference.clear,
    }


def _new_box(window: MainWindow) -> None:
    window.benchmarks.leave()
    window.canvas.add_box()


def _show_part(window: MainWindow, part: str) -> None:
    window.canvas_frame.show_part(part, window.actions_by_id[part].isChecked())
