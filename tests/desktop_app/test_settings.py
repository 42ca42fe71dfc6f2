"""Settings are sparse, whole, and never lost."""

from __future__ import annotations

import json

import pytest

from desktop_app.settings import FILE_NAME, MOST, SETTINGS, Settings
from engine.errors import BoxpaintError


def test_only_what_differs_is_kept(tmp_path):
    settings = Settings(tmp_path)
    settings.set("theme", "dark")
    settings.set("last_folder", "somewhere")
    settings.set("last_folder", "")
    assert json.loads((tmp_path / FILE_NAME).read_text()) == {"theme": "dark"}
    assert Settings(tmp_path).get("theme") == "dark"


def test_names_of_a_newer_version_survive(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"from_the_future": [1, 2], "theme": "light"}')
    settings = Settings(tmp_path)
    settings.set("theme", "dark")
    assert json.loads((tmp_path / FILE_NAME).read_text()) == {"from_the_future": [1, 2], "theme": "dark"}


@pytest.mark.parametrize("content", ["{broken", "[1]", "\xff\xfe", "[" * 9999, '{"snap": NaN}', '{"grid": 1e999}'])
def test_a_broken_file_is_told_and_set_aside(tmp_path, content):
    (tmp_path / FILE_NAME).write_bytes(content.encode("latin-1"))
    settings = Settings(tmp_path)
    assert "set aside" in settings.problem
    (aside,) = tmp_path.glob("settings-broken-*.json")
    assert aside.read_bytes() == content.encode("latin-1")
    assert settings.get("theme") == "system"


def test_wrong_types_fall_back(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"theme": 3, "recent_files": "x", "warm_up": 1}')
    settings = Settings(tmp_path)
    assert settings.get("theme") == "system"
    assert settings.get("recent_files") == []
    assert settings.get("warm_up") is True


@pytest.mark.parametrize(
    ("name", "kept", "value"),
    [
        ("recent_files", ["a", 1, None, {}, "\ud800", "b\0", "c\udcff"], ["a", "c\udcff"]),
        ("recent_files", [str(number) for number in range(MOST + 1)], [str(number) for number in range(MOST)]),
        ("last_folder", "a\0b", ""),
        ("runs_folder", "\ud800", ""),
        ("grid", 10**400, 0),
        ("grid", -1, 0),
        ("grid", 512, 512),
        ("detect_score", 100, SETTINGS["detect_score"].default),
    ],
)
def test_values_that_cannot_be_are_left_out(tmp_path, name, kept, value):
    (tmp_path / FILE_NAME).write_text(json.dumps({name: kept}))
    assert Settings(tmp_path).get(name) == value


def test_an_unwritable_folder_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    settings = Settings(tmp_path / "file")
    with pytest.raises(BoxpaintError, match="folder"):
        settings.set("theme", "dark")
    assert settings.get("theme") == "dark"
