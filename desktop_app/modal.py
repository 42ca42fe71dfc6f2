"""Dialogs that are waited for."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog


def ask(dialog: QDialog) -> int:
    """Show a dialog until it is answered; what it was answered. It can be read until the caller returns to the loop.

    Its parent would keep it, and all that it shows, until the window closes.
    """
    try:
        return dialog.exec()
    finally:
        dialog.deleteLater()
