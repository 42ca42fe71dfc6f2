"""Ground truth of scenes: which pictures are to be rendered, and the LayoutBench files that belong to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.clevr.blender.records import RenderFolder, Shot
from engine.clevr.rules import Rules, rules_of, split_names
from engine.clevr.sampler import sample_scene
from engine.errors import BoxpaintError
from engine.files import write_bytes
from engine.formats.clevr import PROJECT, ClevrScenes
from engine.formats.dataset import Dataset, Entry, is_safe_name, without_suffix
from engine.formats.layoutbench_root import NO_SPLIT, root_files, scenes_path, skill_of
from engine.formats.registry import default_registry, read
from engine.formats.source import Source
from engine.layout import Box, Layout, LayoutObject

MADE_BY = {"made_by": "boxpaint render"}
"""Stands in the ``info`` of scenes files that this module wrote, so that no other is overwritten."""

_ANOTHER = 0x9E3779B97F4A7C15
"""Odd, so that the seeds of a scene's tries do not repeat; its multiples are spread over all seeds."""


@dataclass(frozen=True)
class Order:
    """A picture to be rendered, and the entry that it is the picture of."""

    entry: Entry
    shot: Shot

    @property
    def split(self) -> str:
        """The split that the picture is listed in."""
        return self.entry.split or NO_SPLIT


def read_scenes(path: Path) -> Dataset:
    """The scenes of a file or folder; CLEVR's own, which have no boxes, get them from the 3D scene.

    Raises:
        BoxpaintError: As `engine.formats.registry.read`.
    """
    is_clevr = path.exists() and default_registry().sniff(Source(path)).name == ClevrScenes.name
    return read(path, boxes=PROJECT if is_clevr else None)


def orders_of(dataset: Dataset) -> list[Order]:
    """The pictures of the scenes of a file. They are rendered as they are, whatever is hidden in them.

    Raises:
        BoxpaintError: A picture's name leads out of the folder.
    """
    orders = []
    for entry in dataset.entries:
        name = entry.layout.extra.get("image_filename")
        if isinstance(name, str) and not is_safe_name(without_suffix(name)):
            raise BoxpaintError(
                f"the picture's name {name!r} leads out of the folder, or cannot be a file's name.",
                "layout",
                file=str(dataset.path),
                item=entry.name,
                field="image_filename",
                hint="Give it a plain name like scene_000001.png.",
            )
        split = entry.split or NO_SPLIT
        rules = rules_of(split) if split in split_names() else None
        # CLEVR's files hold radians although the values run to 360; see engine/formats/clevr.py.
        radians = dataset.format == ClevrScenes.name
        orders.append(Order(entry, Shot(entry.name, skill_of(split), entry.layout, radians, rules)))
    return orders


def sampled_orders(rules: Rules, count: int, seed: int) -> Iterator[Order]:
    """The pictures of ``count`` new scenes; where the rendered picture hides too much, another scene is sampled."""
    return (_sampled(rules, seed, index) for index in range(count))


def _sampled(rules: Rules, seed: int, index: int) -> Order:
    scene = sample_scene(rules, seed, index)
    # As many objects again: otherwise crowded scenes, which hide more, would become rarer than the split wants them.
    number = len(scene.layout.objects)
    as_many = replace(rules, count=(number, number))

    def another(attempt: int) -> Layout:
        return sample_scene(as_many, (seed + attempt * _ANOTHER) % 2**63, index).layout

    entry = Entry(scene.name, scene.layout, scene.split)
    return Order(entry, Shot(entry.name, skill_of(scene.split), scene.layout, rules=rules, again=another))


def check_room(root: Path, orders: Sequence[Order]) -> None:
    """Make sure that the scenes files to be written replace none but their own former versions.

    Raises:
        BoxpaintError: A file is there that somebody else wrote, or that lists other pictures.
    """
    for split in dict.fromkeys(order.split for order in orders):
        path = root / scenes_path(split)
        if not path.exists():
            continue
        there = read(path, format="layoutbench")
        info = there.extra.get("info")
        ours = isinstance(info, dict) and info.items() >= MADE_BY.items()
        names = {order.entry.name for order in orders if order.split == split}
        if not ours or any(entry.name not in names for entry in there.entries):
            raise BoxpaintError(
                "it lists other scenes than those that are to be rendered.",
                "output",
                file=str(path),
                hint="Choose another folder for the pictures.",
            )


def write_files(folder: RenderFolder, orders: Sequence[Order]) -> list[Path]:
    """Write the scenes and COCO files of finished pictures, with what the pictures show; the paths.

    Raises:
        BoxpaintError: A record cannot be read, or a file cannot be written.
    """
    entries = [_with_truth(order, folder.read(order.shot)) for order in orders]
    written = []
    for name, content in root_files(entries, MADE_BY).items():
        path = folder.root / name
        write_bytes(path, content)
        written.append(path)
    return written


def _with_truth(order: Order, record: Mapping[str, Any]) -> Entry:
    try:
        layout = order.shot.scene(record["attempt"])
        facts = list(zip(layout.objects, record["objects"], strict=True))
        # An object outside the picture has no box in it, and is not listed.
        kept = [number for number, (_, fact) in enumerate(facts) if fact["bbox"] is not None]
        items = tuple(_object(*facts[number], layout) for number in kept)
        order_of_depth = [kept.index(number) for number in record["depth_order"] if number in kept]
        extra = {**layout.extra, "image_filename": f"{order.shot.name}.png", "depth_order": order_of_depth}
        extra |= {"camera": record["camera"], "lights": record["lights"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BoxpaintError(
            "the record of this picture is damaged.",
            "output",
            item=order.shot.name,
            hint="Take the record and the picture away to have them made anew.",
        ) from error
    return Entry(order.entry.name, replace(layout, objects=items, extra=extra), order.split)


def _object(item: LayoutObject, fact: Mapping[str, Any], layout: Layout) -> LayoutObject:
    x, y, width, height = fact["bbox"]
    box = Box.from_pixels(x, y, x + width, y + height, layout.width, layout.height)
    seen = {name: fact[name] for name in ("visible_pixels", "visible_share", "visible_bbox")}
    return replace(item, box=box, extra={**item.extra, **seen})
