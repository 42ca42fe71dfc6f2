"""Colour and notes of an object: extra fields that come back from every file that keeps such."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from engine.formats.boxpaint_layout import layout_from_dict, layout_to_dict
from engine.layout import Box, Layout, LayoutObject
from engine.layout.notes import notes_of, own_color, with_color, with_notes

THING = LayoutObject("a", "red metal cube", Box(0, 0, 0.5, 0.5), extra={"rotation": 3.5})
SCHEMA = Path(__file__).parents[2] / "resources" / "schemas" / "layout.schema.json"


def test_colour_and_notes_are_kept_beside_other_fields_and_taken_away_again():
    changed = with_notes(with_color(THING, (1, 128, 255)), "the left one")
    assert (own_color(changed), notes_of(changed)) == ((1, 128, 255), "the left one")
    assert changed.extra == {"rotation": 3.5, "display_color": "#0180ff", "notes": "the left one"}
    assert with_color(with_notes(changed, ""), None) == THING
    assert with_color(THING, None) is THING


def test_they_survive_a_file_that_fits_the_schema():
    layout = Layout(64, 64, (with_notes(with_color(THING, (1, 2, 3)), "ä\nb"),))
    data = json.loads(json.dumps(layout_to_dict(layout)))
    jsonschema.validate(data, json.loads(SCHEMA.read_text("utf-8")))
    assert layout_from_dict(data) == layout


@pytest.mark.parametrize("value", ["red", "#12345", "#1234567", 7, None, ["#123456"]])
def test_what_is_no_colour_is_kept_and_not_shown(value):
    item = LayoutObject("a", "mug", Box(0, 0, 1, 1), extra={"display_color": value, "notes": 7})
    assert own_color(item) is None and notes_of(item) == ""
    assert layout_from_dict(layout_to_dict(Layout(8, 8, (item,)))).objects[0].extra == item.extra
