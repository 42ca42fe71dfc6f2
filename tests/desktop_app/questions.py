"""A user whose answers are known beforehand."""

from __future__ import annotations

from pathlib import Path


class ScriptedQuestions:
    """Answers what the window asks, and remembers what it was."""

    def __init__(self) -> None:
        self.open: Path | None = None
        self.folder: Path | None = None
        self.save: Path | None = None
        self.changes = "discard"
        self.layout: int | None = 0
        self.picture: Path | None = None
        self.asked: list[str] = []

    def file_to_open(self, folder: str) -> Path | None:
        self.asked.append("open")
        return self.open

    def folder_to_open(self, folder: str) -> Path | None:
        self.asked.append("folder")
        return self.folder

    def file_to_save(self, suggestion: Path) -> Path | None:
        self.asked.append(f"save {suggestion.name}")
        return self.save

    def save_changes(self, name: str) -> str:
        self.asked.append(f"changes {name}")
        return self.changes

    def choose_layout(self, names: list[str]) -> int | None:
        self.asked.append(f"choose {len(names)}")
        return self.layout

    def picture_to_open(self, folder: str) -> Path | None:
        self.asked.append("picture")
        return self.picture
