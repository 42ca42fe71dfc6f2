"""Everything the menus, the tool bar and the keyboard can do, declared in one table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QWidget

from ui.skills import TOOLS

SEPARATOR = "-"
Key = str | QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done.

    Attributes:
        id: Its stable name, e.g. for remapped shortcuts.
        text: What menus show.
        menu: The menu it is in; empty for none.
        keys: Its shortcuts; the first is shown.
        icon: Name of its icon, if it has one.
        checkable: Whether it is switched on and off.
        group: Of the checkable commands in one group, one is on.
    """

    id: str
    text: str
    menu: str
    keys: Sequence[Key] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""


_Std = QKeySequence.StandardKey

MENUS: Mapping[str, str] = {
    "file": "&File",
    "edit": "&Edit",
    "object": "&Object",
    "view": "&View",
    "run": "&Run",
}

COMMANDS: tuple[Command, ...] = (
    Command("new", "&New", "file", (_Std.New,), "new"),
    Command("open", "&Open…", "file", (_Std.Open,), "open"),
    Command("save", "&Save", "file", (_Std.Save,), "save"),
    Command("save_as", "Save &As…", "file", ("Ctrl+Shift+S",)),
    Command("preferences", "P&references…", "file", ("Ctrl+,",)),
    Command("quit", "&Quit", "file", ("Ctrl+Q",)),
    Command("undo", "&Undo", "edit", (_Std.Undo,), "undo"),
    Command("redo", "&Redo", "edit", ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    Command("cut", "Cu&t", "edit", (_Std.Cut,)),
    Command("copy", "&Copy", "edit", (_Std.Copy,)),
    Command("paste", "&Paste", "edit", (_Std.Paste,)),
    Command("delete", "&Delete", "edit", ("Del", "Backspace"), "delete"),
    Command("duplicate", "D&uplicate", "edit", ("Ctrl+D",), "duplicate"),
    Command("select_all", "Select &all", "edit", (_Std.SelectAll,)),
    Command("label", "&Label…", "object", ("F2",)),
    Command("lock", "Loc&k or unlock", "object", ("Ctrl+L",)),
    Command("hide", "&Hide or show", "object", ("Ctrl+H",)),
    Command("align_left", "Align &left", "object"),
    Command("align_centre", "Align &centres", "object"),
    Command("align_right", "Align &right", "object"),
    Command("align_top", "Align &top", "object"),
    Command("align_middle", "Align &middles", "object"),
    Command("align_bottom", "Align &bottom", "object"),
    Command("distribute_across", "Distribute &horizontally", "object"),
    Command("distribute_down", "Distribute &vertically", "object"),
    Command("same_size", "&Same size", "object"),
    Command("palette", "Co&mmands…", "view", ("Ctrl+K", "Ctrl+Shift+P")),
    Command("picture", "Show the run's &picture", "view", ("P",), "", True),
    Command("reference", "Picture &behind…", "view", ("Ctrl+R",)),
    Command("reference_clear", "&Remove the picture behind", "view"),
    *(Command(f"skill_{name}", text, "skills") for name, (text, _) in TOOLS.items()),
    Command("sort_top-down", "From top to bottom", "sort"),
    Command("sort_bottom-up", "From bottom to top", "sort"),
    Command("sort_large-to-small", "Large to small", "sort"),
    Command("sort_small-to-large", "Small to large", "sort"),
    Command("sort_random", "Randomly", "sort"),
    Command("snap", "S&nap to boxes and picture", "view", ("Ctrl+Shift+N",), "", True),
    Command("tool_select", "&Select", "edit", ("V",), "select", True, "tool"),
    Command("tool_draw", "&Draw boxes", "edit", ("D",), "draw", True, "tool"),
    Command("zoom_in", "Zoom &in", "view", ("Ctrl++", "Ctrl+="), "zoom-in"),
    Command("zoom_out", "Zoom &out", "view", ("Ctrl+-",), "zoom-out"),
    Command("zoom_fit", "&Fit the picture", "view", ("Ctrl+0",), "fit"),
    Command("zoom_actual", "&100 %", "view", ("Ctrl+1",), "actual"),
    Command("zoom_selection", "Zoom to &selection", "view", ("Ctrl+2",)),
    Command("boxes", "Show &boxes", "view", ("B",), "boxes", True),
    Command("generate", "&Generate", "run", ("Ctrl+Return", "Ctrl+Enter"), "play"),
    Command("cancel", "&Cancel", "run", ("Ctrl+.",), "stop"),
)

MENU_ORDER: Mapping[str, Sequence[str]] = {
    "file": ("new", "open", SEPARATOR, "save", "save_as", SEPARATOR, "preferences", SEPARATOR, "quit"),
    "edit": (
        "undo",
        "redo",
        SEPARATOR,
        "cut",
        "copy",
        "paste",
        "duplicate",
        "delete",
        "select_all",
        SEPARATOR,
        "tool_select",
        "tool_draw",
    ),
    "object": (
        "label",
        SEPARATOR,
        "lock",
        "hide",
        SEPARATOR,
        "align_left",
        "align_centre",
        "align_right",
        "align_top",
        "align_middle",
        "align_bottom",
        SEPARATOR,
        "distribute_across",
        "distribute_down",
        "same_size",
    ),
    "view": (
        "zoom_in",
        "zoom_out",
        "zoom_fit",
        "zoom_actual",
        "zoom_selection",
        SEPARATOR,
        "boxes",
        "picture",
        "snap",
        SEPARATOR,
        "reference",
        "reference_clear",
        SEPARATOR,
        "palette",
    ),
    "run": ("generate", "cancel"),
}

TOOL_BAR: Sequence[str] = (
    "new",
    "open",
    "save",
    SEPARATOR,
    "undo",
    "redo",
    SEPARATOR,
    "tool_select",
    "tool_draw",
    SEPARATOR,
    "duplicate",
    "delete",
    SEPARATOR,
    "zoom_out",
    "zoom_in",
    "zoom_fit",
    "zoom_actual",
    SEPARATOR,
    "boxes",
)


class Actions:
    """The commands as Qt actions, by id."""

    def __init__(
        self, parent: QWidget, icons: Callable[[str], QIcon], slots: Mapping[str, Callable[[], object]]
    ) -> None:
        self._actions: dict[str, QAction] = {}
        groups: dict[str, QActionGroup] = {}
        for command in COMMANDS:
            action = QAction(_translated(command.text), parent)
            action.setObjectName(command.id)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            action.setCheckable(command.checkable)
            if command.icon:
                action.setIcon(icons(command.icon))
            if command.group:
                group = groups.setdefault(command.group, QActionGroup(parent))
                group.addAction(action)
            plain = action.text().replace("&", "").rstrip("…")
            shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{plain} ({shortcut})" if shortcut else plain)
            slot = slots[command.id]
            action.triggered.connect(lambda _checked=False, slot=slot: slot())
            parent.addAction(action)
            self._actions[command.id] = action

    def all(self) -> list[QAction]:
        """Every command, in the order of the table."""
        return list(self._actions.values())

    def __getitem__(self, command: str) -> QAction:
        return self._actions[command]

    def enable(self, **states: bool) -> None:
        """Enable or disable commands by id."""
        for command, enabled in states.items():
            self._actions[command].setEnabled(enabled)

    def fill_menus(self, window: QMainWindow) -> dict[str, QMenu]:
        """Put the commands into the window's menu bar; the menus by name."""
        menus = {}
        for name, title in MENUS.items():
            menu = window.menuBar().addMenu(_translated(title))
            self._fill(menu, MENU_ORDER[name])
            menus[name] = menu
        return menus

    def fill(self, menu: QMenu, *commands: str) -> None:
        """Put these commands into a menu."""
        self._fill(menu, commands)

    def fill_tool_bar(self, bar: QToolBar) -> None:
        """Put the most used commands into a tool bar."""
        self._fill(bar, TOOL_BAR)

    def _fill(self, place: QMenu | QToolBar, order: Sequence[str]) -> None:
        for entry in order:
            if entry == SEPARATOR:
                place.addSeparator()
            else:
                place.addAction(self._actions[entry])


def _translated(text: str) -> str:
    return QCoreApplication.translate("Actions", text)
