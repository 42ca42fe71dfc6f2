"""Long JSON decoded piece by piece gives what ``json.loads`` gives, and lets other threads in meanwhile."""

from __future__ import annotations

import json
import threading
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formats import json_pieces
from engine.formats.json_pieces import decode

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=12))
TRICKY = st.sampled_from(['}, {"', "}]}, {", '"}, {"', "\\", "]", ", {"])
VALUES = st.recursive(
    LEAVES | TRICKY,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4) | TRICKY, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.text(max_size=4), VALUES, min_size=1, max_size=4)
FILES = st.lists(OBJECTS, max_size=30) | st.dictionaries(
    st.text(max_size=5), st.lists(OBJECTS, max_size=30) | VALUES, max_size=4
)


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "PIECE", 40)
    monkeypatch.setattr(json_pieces, "_SHORT", 8)


@settings(max_examples=300, deadline=None)
@given(FILES, st.sampled_from([None, 1, "\t"]))
def test_the_value_is_the_same(value: Any, indent: int | str | None) -> None:
    text = json.dumps(value, indent=indent)
    assert decode(text, json.JSONDecoder()) == value


@settings(max_examples=200, deadline=None)
@given(FILES, st.data())
def test_broken_text_is_refused_in_the_same_words(value: Any, data: st.DataObject) -> None:
    text = json.dumps(value)
    place = data.draw(st.integers(0, max(len(text) - 1, 0)))
    broken = text[:place] + data.draw(st.sampled_from(["", "}", "]", '"', ",", "{"])) + text[place + 1 :]
    outcomes = []
    for read in (json.loads, lambda text: decode(text, json.JSONDecoder())):
        try:
            outcomes.append(repr(read(broken)))
        except ValueError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


def test_no_piece_is_much_longer_than_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "PIECE", 2000)
    scenes = [{"objects": [{"bbox": [1, 2, 3, 4]}] * 5, "index": number} for number in range(100)]
    nested = [{"index": number, "objects": [{"bbox": [1, 2, 3, 4]}] * 5} for number in range(100)]
    text = json.dumps({"info": {"a": 1}, "scenes": scenes, "images": nested, "empty": []})
    lengths: list[int] = []

    class Listening(json.JSONDecoder):
        def raw_decode(self, s: str, idx: int = 0) -> tuple[Any, int]:
            value, end = super().raw_decode(s, idx)
            lengths.append(end - idx)
            return value, end

    assert decode(text, Listening()) == json.loads(text)
    assert max(lengths) < 2600, "one piece and an item"


def test_another_thread_gets_its_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "PIECE", 2**16)
    text = json.dumps([{"number": number, "values": list(range(20))} for number in range(30_000)])
    done, turns = threading.Event(), 0
    worker = threading.Thread(target=lambda: (decode(text, json.JSONDecoder()), done.set()))
    worker.start()
    while not done.wait(0.0005):
        turns += 1
    worker.join()
    assert turns > 3
