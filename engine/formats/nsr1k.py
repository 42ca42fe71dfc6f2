"""NSR-1K, LayoutGPT's spatial and counting prompts: objects ``[name, [four numbers]]``, shares of the sides."""

from __future__ import annotations

import re
from typing import Any

from engine.errors import BoxpaintError
from engine.formats.checks import bad, mapping, placed, sequence, shown, text
from engine.formats.dataset import Dataset, is_safe_name, safe_name
from engine.formats.guess import READINGS
from engine.formats.loose import LooseLayout, LooseObject, build, four_numbers
from engine.formats.output import ReadOnly
from engine.formats.pictures import PictureFinder, picture_size
from engine.formats.source import Source, first_dicts

_OBJECT = re.compile(r"obj\d{1,3}")
_LIST = "object_list"
_CANDIDATES = tuple(reading for reading in READINGS if reading.endswith("-normalised"))


class Nsr1k(ReadOnly):
    """Format ``nsr1k``: a list of ``{"id", "prompt", "obj1": ["cat", […]], "obj2": …, "relation", "type"}``.

    The counting part holds ``object_list`` instead, a list of such pairs. The files say neither the size of the
    pictures nor how a box is meant; both are asked for or guessed aloud.
    """

    name = "nsr1k"
    title = "NSR-1K (LayoutGPT)"
    suffixes: tuple[str, ...] = (".json",)
    can_read = True
    readings: tuple[str, ...] = READINGS

    def sniff(self, source: Source) -> int:
        """How sure it is (0 … 100) that this is such a list."""
        entries = list(first_dicts(source.json))
        return 90 if any(isinstance(entry.get("obj1"), list) or _LIST in entry for entry in entries) else 0

    def read(self, source: Source) -> Dataset:
        """One entry per prompt, named by its id."""
        finder = PictureFinder(source.path.parent)
        layouts = []
        try:
            raw = sequence(source.json)
        except BoxpaintError as error:
            raise placed(error, file=source.file) from error
        for index, entry in enumerate(raw):
            try:
                layouts.append(_layout(entry, index, finder))
            except BoxpaintError as error:
                raise placed(error, file=source.file, item=f"layout {index}") from error
        return build(layouts, source, self.name, candidates=_CANDIDATES, usual="xywh-normalised")


def _layout(raw: object, index: int, finder: PictureFinder) -> LooseLayout:
    data = mapping(raw)
    pairs = {key: value for key, value in data.items() if _OBJECT.fullmatch(key)}
    if _LIST in data:
        pairs |= {f"{_LIST}[{place}]": pair for place, pair in enumerate(sequence(data[_LIST], field=_LIST))}
    objects = [_object(pair, field) for field, pair in pairs.items()]
    identity = data.get("id", index)
    if isinstance(identity, bool) or not isinstance(identity, (int, str)):
        raise bad(f"a number or a text belongs here, not {shown(identity)}.", field="id")
    name = safe_name(text(str(identity), field="id"), default=f"layout_{index:06d}")
    picture = finder.find_stem(name)
    kind = data.get("type")
    split = kind if is_safe_name(kind) else None
    extra = {key: value for key, value in data.items() if key not in pairs and key not in ("prompt", _LIST)}
    caption = text(data.get("prompt", ""), field="prompt")
    return LooseLayout(name, objects, picture_size(picture) if picture else None, caption, split, picture, extra)


def _object(pair: Any, field: str) -> LooseObject:
    if not isinstance(pair, list) or len(pair) != 2:
        raise bad(f"a name and four numbers belong here, not {shown(pair)}.", field=field)
    return LooseObject(text(pair[0], field=field), four_numbers(pair[1], field=field))
