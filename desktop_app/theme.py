"""The look: Fusion with a light, dark or high-contrast palette that follows the system, and icons tinted to match."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import Template

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from desktop_app.plain_texts import PlainTexts
from ui.comfort import scaled, set_reduced_motion
from ui.inks import Ink

RESOURCES = Path(__file__).resolve().parent.parent / "resources"

_Role = QPalette.ColorRole

_LIGHT: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#f4f5f7",
    _Role.WindowText: "#1d2025",
    _Role.Base: "#ffffff",
    _Role.AlternateBase: "#eceef1",
    _Role.Text: "#1d2025",
    _Role.PlaceholderText: "#5b6573",
    _Role.Button: "#ffffff",
    _Role.ButtonText: "#1d2025",
    _Role.BrightText: "#ffffff",
    _Role.Midlight: "#e6e8ec",
    _Role.Mid: "#d3d7dd",
    _Role.Dark: "#b2b8c1",
    _Role.Light: "#ffffff",
    _Role.Shadow: "#8a919c",
    _Role.Highlight: "#2f6fe4",
    _Role.HighlightedText: "#ffffff",
    _Role.Link: "#1f5fd0",
    _Role.ToolTipBase: "#23262c",
    _Role.ToolTipText: "#f2f3f5",
}

_DARK: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#232529",
    _Role.WindowText: "#e4e6ea",
    _Role.Base: "#1b1d20",
    _Role.AlternateBase: "#292b30",
    _Role.Text: "#e4e6ea",
    _Role.PlaceholderText: "#b4bbc6",
    _Role.Button: "#2e3137",
    _Role.ButtonText: "#e4e6ea",
    _Role.BrightText: "#ffffff",
    _Role.Midlight: "#343840",
    _Role.Mid: "#3f444c",
    _Role.Dark: "#50565f",
    _Role.Light: "#4a4f58",
    _Role.Shadow: "#0e0f11",
    _Role.Highlight: "#2f6fe4",
    _Role.HighlightedText: "#ffffff",
    _Role.Link: "#7fb0ff",
    _Role.ToolTipBase: "#34383f",
    _Role.ToolTipText: "#f2f3f5",
}


_CONTRAST: Mapping[QPalette.ColorRole, str] = {
    _Role.Window: "#000000",
    _Role.WindowText: "#ffffff",
    _Role.Base: "#000000",
    _Role.AlternateBase: "#141414",
    _Role.Text: "#ffffff",
    _Role.PlaceholderText: "#d0d0d0",
    _Role.Button: "#000000",
    _Role.ButtonText: "#ffffff",
    _Role.BrightText: "#ffffff",
    _Role.Midlight: "#303030",
    _Role.Mid: "#767676",
    _Role.Dark: "#b0b0b0",
    _Role.Light: "#ffffff",
    _Role.Shadow: "#ffffff",
    _Role.Highlight: "#ffe100",
    _Role.HighlightedText: "#000000",
    _Role.Link: "#8cc8ff",
    _Role.ToolTipBase: "#000000",
    _Role.ToolTipText: "#ffffff",
}

_AS_SYSTEM = -1

_PALETTES = {"light": _LIGHT, "dark": _DARK, "contrast": _CONTRAST}


def apply_theme(app: QApplication, theme: str = "system") -> None:
    """Give the program its look; ``theme`` is ``system``, ``light``, ``dark`` or ``contrast``."""
    app.setStyle(PlainTexts())
    palette = QPalette()
    for role, color in _PALETTES.get(theme, _PALETTES[_system_theme()]).items():
        palette.setColor(role, QColor(color))
    # What is disabled tells something too, so it is paler than other text but not hard to read.
    for role in (_Role.Text, _Role.WindowText, _Role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, palette.color(_Role.PlaceholderText))
    app.setPalette(palette)
    app.setStyleSheet(_sheet(palette))


def apply_text_size(app: QApplication, percent: int) -> None:
    """Make the program's text so many per cent of the system's; ``ui.comfort.scaled`` follows it."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPointSizeF(font.pointSizeF() * percent / 100)
    app.setFont(font)


def apply_motion(app: QApplication, *, reduced: bool) -> None:
    """Let things move by themselves, or not: menus that slide, cursors that blink, pictures that alternate."""
    set_reduced_motion(reduced)
    app.setCursorFlashTime(0 if reduced else _AS_SYSTEM)
    if reduced:  # they are the system's own choice otherwise
        for effect in (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip):
            app.setEffectEnabled(effect, False)


def _system_theme() -> str:
    hints = QGuiApplication.styleHints()
    wish = hints.accessibility().contrastPreference() if hasattr(hints, "accessibility") else None  # from Qt 6.10 on
    if wish is not None and wish == Qt.ContrastPreference.HighContrast:
        return "contrast"
    return "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"


def _sheet(palette: QPalette) -> str:
    """The style sheet, with the palette's inks, and with lengths that go with the text."""
    source = (RESOURCES / "themes" / "base.qss").read_text(encoding="utf-8")
    text = Template(source).substitute({ink.name.lower(): ink.color(palette).name() for ink in Ink})
    return re.sub(r"\b(\d+)px", lambda length: f"{scaled(int(length[1]))}px", text)


class IconSet:
    """Icons by name, painted in the palette's text colour at the moment of painting."""

    def __init__(self, folder: Path = RESOURCES / "icons") -> None:
        self._folder = folder
        self._icons: dict[str, QIcon] = {}

    def __call__(self, name: str) -> QIcon:
        """The icon of this name; with ``!`` behind it, in the colour of text on the accent colour."""
        if name not in self._icons:
            plain = name.removesuffix("!")
            source = (self._folder / f"{plain}.svg").read_text(encoding="utf-8")
            self._icons[name] = QIcon(_TintedEngine(source, on_accent=plain != name))
        return self._icons[name]


class _TintedEngine(QIconEngine):
    """An SVG whose ``currentColor`` is the text colour of the palette."""

    def __init__(self, source: str, *, on_accent: bool = False) -> None:
        super().__init__()
        self._source = source
        self._on_accent = on_accent
        self._done: dict[tuple[int, int, str], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatio() if painter.device() is not None else 1.0
        painter.drawPixmap(rect, self._pixmap(rect.size() * ratio, mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._pixmap(size, mode)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:
        # The size is in device-independent pixels: without the scale, icons are blurred on a dense screen.
        pixmap = QPixmap(self._pixmap((QSizeF(size) * scale).toSize(), mode))
        pixmap.setDevicePixelRatio(scale)
        return pixmap

    def clone(self) -> QIconEngine:
        return _TintedEngine(self._source, on_accent=self._on_accent)

    def _pixmap(self, size: QSize, mode: QIcon.Mode) -> QPixmap:
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Normal
        role = _Role.HighlightedText if mode == QIcon.Mode.Selected or self._on_accent else _Role.WindowText
        color = QApplication.palette().color(group, role)
        key = (size.width(), size.height(), color.name(QColor.NameFormat.HexArgb))
        if key not in self._done:
            self._done[key] = self._render(size, color)
        return self._done[key]

    def _render(self, size: QSize, color: QColor) -> QPixmap:
        # Imported when the first icon is painted: the window's start is measured.
        from PySide6.QtSvg import QSvgRenderer

        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setOpacity(color.alphaF())
        renderer = QSvgRenderer(QByteArray(self._source.replace("currentColor", color.name()).encode()))
        renderer.render(painter, QRectF(QPoint(0, 0), pixmap.size()))
        painter.end()
        return pixmap
