"""Everything the menus, the tool bar and the keyboard can do, declared in one table.

A feature that adds commands adds its lines here and its functions to ``desktop_app.slots``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from ui.skills import TOOLS
from ui.texts import N_

CONTEXT = "Actions"
"""Where translations of the table's texts are looked up."""

Key = str | QKeySequence.StandardKey
_Std = QKeySequence.StandardKey


@dataclass(frozen=True, slots=True)
class Command:
    """One thing that can be done.

    Attributes:
        id: Its stable name, e.g. for remapped shortcuts.
        text: What menus show.
        keys: Its shortcuts; the first is shown.
        icon: Name of its icon, if it has one.
        checkable: Whether it is switched on and off.
        group: Of the checkable commands in one group, one is on.
    """

    id: str
    text: str
    keys: Sequence[Key] = ()
    icon: str = ""
    checkable: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """A menu: commands, separators (None) and menus, in their order; without entries it is filled by code."""

    id: str
    text: str
    entries: Sequence[Command | Menu | None] = ()


_SORT = (
    Command("sort_top-down", N_("Actions", "From top to bottom")),
    Command("sort_bottom-up", N_("Actions", "From bottom to top")),
    Command("sort_large-to-small", N_("Actions", "Large to small")),
    Command("sort_small-to-large", N_("Actions", "Small to large")),
    Command("sort_random", N_("Actions", "Randomly")),
)

_SKILLS = tuple(Command(f"skill_{name}", text) for name, (text, _) in TOOLS.items())

_FILE = (
    Command("new", N_("Actions", "&New"), (_Std.New,), "new"),
    Command("new_project", N_("Actions", "New pro&ject"), ("Ctrl+Alt+N",)),
    Command("open", N_("Actions", "&Open…"), (_Std.Open,), "open"),
    Command("open_folder", N_("Actions", "Open LayoutBench &folder…"), ("Ctrl+Alt+O",), "folder"),
    Menu("recent", N_("Actions", "Open &recent")),
    None,
    Command("save", N_("Actions", "&Save"), (_Std.Save,), "save"),
    Command("save_as", N_("Actions", "Save &As…"), ("Ctrl+Shift+S",)),
    Command("export", N_("Actions", "&Export dataset as…"), ("Ctrl+E",)),
    None,
    Command("preferences", N_("Actions", "&Preferences…"), ("Ctrl+,",)),
    None,
    Command("quit", N_("Actions", "&Quit"), ("Ctrl+Q",)),
)

_EDIT = (
    Command("undo", N_("Actions", "&Undo"), (_Std.Undo,), "undo"),
    Command("redo", N_("Actions", "&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
    None,
    Command("cut", N_("Actions", "Cu&t"), (_Std.Cut,)),
    Command("copy", N_("Actions", "&Copy"), (_Std.Copy,)),
    Command("paste", N_("Actions", "&Paste"), (_Std.Paste,)),
    Command("duplicate", N_("Actions", "Dup&licate"), ("Ctrl+D",), "duplicate"),
    Command("delete", N_("Actions", "&Delete"), ("Del", "Backspace"), "delete"),
    Command("select_all", N_("Actions", "Select &all"), (_Std.SelectAll,)),
    None,
    Command("tool_select", N_("Actions", "&Select"), ("V",), "select", True, "tool"),
    Command("tool_draw", N_("Actions", "Dra&w boxes"), ("D",), "draw", True, "tool"),
)

_OBJECT = (
    Command("new_box", N_("Actions", "&New box"), ("N",)),
    Command("label", N_("Actions", "&Label…"), ("F2",)),
    None,
    Command("lock", N_("Actions", "Loc&k or unlock"), ("Ctrl+L",)),
    Command("hide", N_("Actions", "&Hide or show"), ("Ctrl+H",)),
    None,
    Command("align_left", N_("Actions", "Align le&ft")),
    Command("align_centre", N_("Actions", "Align &centres")),
    Command("align_right", N_("Actions", "Align &right")),
    Command("align_top", N_("Actions", "Align &top")),
    Command("align_middle", N_("Actions", "Align &middles")),
    Command("align_bottom", N_("Actions", "Align &bottom")),
    None,
    Command("distribute_across", N_("Actions", "Distribute hori&zontally")),
    Command("distribute_down", N_("Actions", "Distribute &vertically")),
    Command("same_size", N_("Actions", "&Same size")),
    None,
    Command("vocabularies", N_("Actions", "O&wn labels…")),
    Command("detect", N_("Actions", "&Detect boxes in the picture"), ("Ctrl+Shift+D",)),
    Menu("sort", N_("Actions", "S&ort"), _SORT),
    Menu(
        "skills", N_("Actions", "Sk&ills"), tuple(Command(f"skill_{name}", text) for name, (text, _) in TOOLS.items())
    ),
)

_VIEW = (
    Command("zoom_in", N_("Actions", "Zoom &in"), ("Ctrl++", "Ctrl+="), "zoom-in"),
    Command("zoom_out", N_("Actions", "Zoom &out"), ("Ctrl+-",), "zoom-out"),
    Command("zoom_fit", N_("Actions", "&Fit the picture"), ("Ctrl+0",), "fit"),
    Command("zoom_actual", N_("Actions", "&100 %"), ("Ctrl+1",), "actual"),
    Command("zoom_selection", N_("Actions", "Zoom to &selection"), ("Ctrl+2",)),
    None,
    Command("boxes", N_("Actions", "Show &boxes"), ("Shift+B",), "boxes", True),
    Command("detections", N_("Actions", "Show what the &detector found"), ("B",), "detections", True),
    Command("picture", N_("Actions", "Show the run's &picture"), ("P",), "", True),
    Command("snap", N_("Actions", "S&nap to boxes and picture"), ("Ctrl+Shift+N",), "", True),
    None,
    Command("rulers", N_("Actions", "&Rulers"), ("Ctrl+Shift+R",), "", True),
    Command("minimap", N_("Actions", "&Minimap when zoomed in"), ("Ctrl+Shift+M",), "", True),
    Command("pixel_grid", N_("Actions", "Pixel &grid when zoomed in"), ("Ctrl+'",), "", True),
    None,
    Command("reference", N_("Actions", "Picture be&hind…"), ("Ctrl+R",)),
    Command("reference_clear", N_("Actions", "Remove the pict&ure behind")),
    Menu("opacity", N_("Actions", "Op&acity of the picture behind")),
    None,
    Command("browse", N_("Actions", "Browse la&youts"), ("Ctrl+Shift+F",)),
    Command("statistics", N_("Actions", "S&tatistics of the dataset…")),
    Command("next_layout", N_("Actions", "Ne&xt layout"), ("Ctrl+PgDown",)),
    Command("previous_layout", N_("Actions", "Pre&vious layout"), ("Ctrl+PgUp",)),
    None,
    Menu("panels", N_("Actions", "Pane&ls")),
    Command("next_part", N_("Actions", "N&ext part of the window"), ("F6",)),
    Command("former_part", N_("Actions", "Former part of the &window"), ("Shift+F6",)),
    Command("palette", N_("Actions", "&Commands…"), ("Ctrl+K", "Ctrl+Shift+P")),
)

_PLAY = (
    Command("play", N_("Actions", "&Play, faster"), ("L",)),
    Command("play_stop", N_("Actions", "Play or &stop"), ("K",)),
    Command("play_back", N_("Actions", "Play &backwards, faster"), ("J",)),
    Command("first_frame", N_("Actions", "&First frame")),
    Command("last_frame", N_("Actions", "&Last frame")),
)

_OUT = (
    Command("save_frame", N_("Actions", "Save the shown &frame…"), ("Ctrl+Alt+S",)),
    Command("save_step", N_("Actions", "Save the shown s&tep…")),
    Command("save_strip", N_("Actions", "Save the &strip…")),
    Command("save_sheet", N_("Actions", "Save the &contact sheet…")),
    Command("save_film", N_("Actions", "Save as a fi&lm…")),
    None,
    Command("copy_frame", N_("Actions", "Copy the shown f&rame"), ("Ctrl+Shift+C",)),
    Command("copy_strip", N_("Actions", "Copy the str&ip")),
    Command("copy_sheet", N_("Actions", "Copy the contact s&heet")),
)

_RUN = (
    Command("generate", N_("Actions", "&Generate"), ("Ctrl+Return", "Ctrl+Enter"), "play"),
    Command("queue", N_("Actions", "Add to the &queue"), ("Ctrl+Shift+Return",)),
    Command("cancel", N_("Actions", "&Cancel"), ("Ctrl+.",), "stop"),
    None,
    Command("branch", N_("Actions", "&Branch from this step"), ("Ctrl+B",), "branch"),
    Command("reseed_step", N_("Actions", "Another &seed for this step, and on"), ("Ctrl+Shift+B",)),
    Command("until_found", N_("Actions", "Paint this step again &until it is found, and on")),
    Command("candidates", N_("Actions", "Ca&ndidates for this step…"), ("Ctrl+Alt+C",)),
    Command("paint_earlier", N_("Actions", "Paint this object &earlier, and on")),
    Command("paint_later", N_("Actions", "Paint this object &later, and on")),
    Command("drop_step", N_("Actions", "Go on w&ithout this object")),
    Command("retouch", N_("Actions", "Apply changes to the &finished picture"), ("Ctrl+Alt+Return",)),
    None,
    Command("open_run", N_("Actions", "&Open a run…"), ("Ctrl+Shift+O",)),
    Command("branches", N_("Actions", "Show b&ranches"), ("Ctrl+Alt+B",)),
    Command("compare", N_("Actions", "Co&mpare…"), ("C",), "compare"),
    Command("sweep", N_("Actions", "S&weep…"), ("Ctrl+Alt+W",)),
    Command("models", N_("Actions", "Mo&dels…"), ("Ctrl+Alt+M",)),
    Menu("out_menu", N_("Actions", "Save or cop&y pictures"), _OUT),
    Menu("play_menu", N_("Actions", "&Play"), _PLAY),
)

_BENCHMARKS = (
    Command("bench_export", N_("Actions", "&Export pictures…"), ("Ctrl+Shift+E",)),
    Command("bench_scores", N_("Actions", "&Scores…"), ("Ctrl+Alt+E",)),
    Command("bench_gallery", N_("Actions", "&Gallery…"), ("Ctrl+Shift+G",)),
    None,
    Command("bench_open", N_("Actions", "&Open an export…")),
    Command("bench_leave", N_("Actions", "&Back to the canvas")),
)

_HELP = (
    Command("start_page", N_("Actions", "&Start page"), ("Ctrl+Shift+H",)),
    Command("tour", N_("Actions", "&Take the tour")),
    Command("shortcuts", N_("Actions", "&Keyboard shortcuts…"), ("Ctrl+/",)),
    None,
    Command("log", N_("Actions", "&Log…"), ("Ctrl+Alt+L",)),
    Command("about", N_("Actions", "&About Boxpaint")),
)

MENUS: Sequence[Menu] = (
    Menu("file", N_("Actions", "&File"), _FILE),
    Menu("edit", N_("Actions", "&Edit"), _EDIT),
    Menu("object", N_("Actions", "&Object"), _OBJECT),
    Menu("view", N_("Actions", "&View"), _VIEW),
    Menu("run", N_("Actions", "&Run"), _RUN),
    Menu("benchmarks", N_("Actions", "&Benchmarks"), _BENCHMARKS),
    Menu("help", N_("Actions", "&Help"), _HELP),
)

TOOL_BAR: Sequence[str | None] = (
    *("new", "open", "save", None),
    *("undo", "redo", None),
    *("tool_select", "tool_draw", None),
    *("duplicate", "delete", None),
    *("zoom_out", "zoom_in", "zoom_fit", "zoom_actual", None),
    *("boxes", "detections"),
)

CONTEXT_MENU: Sequence[str | None] = (
    *("label", "cut", "copy", "paste", "duplicate", "delete", None),
    *("lock", "hide", "zoom_selection"),
)
"""What a right click on the canvas offers first."""


def commands() -> Iterator[Command]:
    """Every command in the menus, in their order."""
    return (command for command, _ in _walk(MENUS, ()))


def titles(translated: Callable[[str], str]) -> dict[str, str]:
    """What each command is called where no menu is around it: ``Save As``, ``Sort: Large to small``."""
    found = {}
    for command, menus in _walk(MENUS, ()):
        inner = [menu.text for menu in menus[1:]]
        found[command.id] = ": ".join(plain(translated(text)) for text in (*inner, command.text))
    return found


def plain(text: str) -> str:
    """A menu's text without the mark of its key and without dots."""
    return text.replace("&", "").rstrip("…")


def _walk(
    entries: Sequence[Command | Menu | None], menus: tuple[Menu, ...]
) -> Iterator[tuple[Command, tuple[Menu, ...]]]:
    for entry in entries:
        if isinstance(entry, Menu):
            yield from _walk(entry.entries, (*menus, entry))
        elif entry is not None:
            yield entry, menus
