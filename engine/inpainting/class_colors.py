"""The colours of classes in the pictures that ControlNet 1.1 (seg) is led by.

Its network was trained with two palettes (lllyasviel/ControlNet-v1-1-nightly, "Model: Segmentation"): ADE20K's of 150
classes, and COCO panoptic's of 133. The colours are those of mmsegmentation and mmdetection (both Apache-2.0,
`mmseg/datasets/ade.py`, `mmdet/datasets/coco_panoptic.py`), as in LayoutBench-COCO's `image_generation/seg_utils.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Rgb = tuple[int, int, int]


def _palette(table: str) -> Mapping[str, Rgb]:
    pairs = (entry.strip().rsplit(" ", 1) for entry in table.replace("\n", " ").split(","))
    return {name: (int(code[:2], 16), int(code[2:4], 16), int(code[4:], 16)) for name, code in pairs}


ADE20K: Mapping[str, Rgb] = _palette("""
wall 787878, building b47878, sky 06e6e6, floor 503232, tree 04c803, ceiling 787850, road 8c8c8c, bed cc05ff,
windowpane e6e6e6, grass 04fa07, cabinet e005ff, sidewalk ebff07, person 96053d, earth 787846, door 08ff33,
table ff0652, mountain 8fff8c, plant ccff04, curtain ff3307, chair cc4603, car 0066c8, water 3de6fa,
painting ff0633, sofa 0b66ff, shelf ff0747, house ff09e0, sea 0907e6, mirror dcdcdc, rug ff095c, field 7009ff,
armchair 08ffd6, seat 07ffe0, fence ffb806, desk 0aff47, rock ff290a, wardrobe 07ffff, lamp e0ff08,
bathtub 6608ff, railing ff3d06, cushion ffc207, base ff7a08, box 00ff14, column ff0829, signboard ff0599,
chest of drawers 0633ff, counter eb0cff, sand a09614, sink 00a3ff, skyscraper 8c8c8c, fireplace fa0a0f,
refrigerator 14ff00, grandstand 1fff00, path ff1f00, stairs ffe000, runway 99ff00, case 0000ff,
pool table ff4700, pillow 00ebff, screen door 00adff, stairway 1f00ff, river 0bc8c8, bridge ff5200,
bookcase 00fff5, blind 003dff, coffee table 00ff70, toilet 00ff85, flower ff0000, book ffa300, hill ff6600,
bench c2ff00, countertop 008fff, stove 33ff00, palm 0052ff, kitchen island 00ff29, computer 00ffad,
swivel chair 0a00ff, boat adff00, bar 00ff99, arcade machine ff5c00, hovel ff00ff, bus ff00f5, towel ff0066,
light ffad00, truck ff0014, tower ffb8b8, chandelier 001fff, awning 00ff3d, streetlight 0047ff, booth ff00cc,
television receiver 00ffc2, airplane 00ff52, dirt track 000aff, apparel 0070ff, pole 3300ff, land 00c2ff,
bannister 007aff, escalator 00ffa3, ottoman ff9900, bottle 00ff0a, buffet ff7000, poster 8fff00, stage 5200ff,
van a3ff00, ship ffeb00, fountain 08b8aa, conveyer belt 8500ff, canopy 00ff5c, washer b800ff, plaything ff001f,
swimming pool 00b8ff, stool 00d6ff, barrel ff0070, basket 5cff00, waterfall 00e0ff, tent 70e0ff, bag 46b8a0,
minibike a300ff, cradle 9900ff, oven 47ff00, ball ff00a3, food ffcc00, step ff008f, tank 00ffeb,
trade name 85ff00, microwave ff00eb, pot f500ff, animal ff007a, bicycle fff500, lake 0abed4, dishwasher d6ff00,
screen 00ccff, blanket 1400ff, sculpture ffff00, hood 0099ff, sconce 0029ff, vase 00ffcc, traffic light 2900ff,
tray 29ff00, ashcan ad00ff, fan 00f5ff, pier 4700ff, crt screen 7a00ff, plate 00ffb8, monitor 005cff,
bulletin board b8ff00, shower 0085ff, radiator ffd600, glass 19c2c2, clock 66ff00, flag 5c00ff
""")
"""Class name -> colour of ADE20K's 150 classes."""

COCO_PANOPTIC: Mapping[str, Rgb] = _palette("""
person dc143c, bicycle 770b20, car 00008e, motorcycle 0000e6, airplane 6a00e4, bus 003c64, train 005064,
truck 000046, boat 0000c0, traffic light faaa1e, fire hydrant 64aa1e, stop sign dcdc00, parking meter af74af,
bench fa001e, bird a52a2a, cat ff4dff, dog 00e2fc, horse b6b6ff, sheep 005200, cow 78a69d, elephant 6e4c00,
bear ae39ff, zebra c76400, giraffe 480076, backpack ffb3f0, umbrella 007d5c, handbag d10097, tie bcd0b6,
suitcase 00dcb0, frisbee ff63a4, skis 5c0049, snowboard 8581ff, sports ball 4eb4ff, kite 00e400,
baseball bat aefff3, baseball glove 2d59ff, skateboard 868667, surfboard 9194ae, tennis racket ffd0ba,
bottle c5e2ff, wine glass ab8601, cup 6d3f36, fork cf8aff, knife 97005f, spoon 09503d, bowl 546933,
banana 4a4169, apple a6c466, sandwich d0c3d2, orange ff6d41, broccoli 008f95, carrot b300c2, hot dog d1636a,
pizza 057900, donut e3ffcd, cake 93bad0, chair 994501, couch 035fa1, potted plant a3ff00, bed 7700aa,
dining table 00b6c7, toilet 00a578, tv b78258, laptop 5f2000, mouse 827287, remote 6e8185, keyboard a64a76,
cell phone db8eb9, microwave 4fd272, oven b25a3e, toaster 41460f, sink 7fa773, refrigerator 3b696a, book 8e6c2d,
clock c4ac00, vase 5f3650, scissors 804cff, teddy bear c93901, hair drier f6007a, toothbrush bfa2d0,
banner ffff80, blanket 93d3cb, bridge 966464, cardboard a8abac, counter 9270c6, curtain d2aa64,
door-stuff 5c8859, floor-wood da58b8, flower f18100, fruit d911ff, gravel 7c4ab5, house 464646, light ffe4ff,
mirror-stuff 9ad000, net c1005c, pillow 4c5b71, platform ffb4c3, playingfield 6a9ab0, railroad e6968c,
river 3c8fff, road 804080, roof 5c5237, sand fed47c, sea 494dae, shelf ffa062, snow ffffff, stairs 68546d,
tent a9a483, towel e1c7ff, wall-brick 89364a, wall-stone 879edf, wall-tile 07f6e7, wall-wood 6bffc8,
water-other 3a2995, window-blind b7798e, window-other ff4961, tree-merged 6b8e23, fence-merged be9999,
ceiling-merged 928b8d, sky-other-merged 4682b4, cabinet-merged 86c79c, table-merged d1e28c,
floor-other-merged 60246c, pavement-merged 606060, mountain-merged 40aa40, grass-merged 98fb98,
dirt-merged d0e5e4, paper-merged cebaab, food-other-merged 98a140, building-other-merged 747000,
rock-merged 00728f, wall-other-merged 66669c, rug-merged fa8dff
""")
"""Class name -> colour of COCO panoptic's 80 things and 53 kinds of stuff."""

WALL = ADE20K["wall"]
"""What is in no box: LayoutBench-COCO takes it for a wall."""

_SAME: Mapping[str, str] = {
    "couch": "sofa",
    "dining table": "table",
    "motorcycle": "minibike",
    "potted plant": "plant",
    "tv": "television receiver",
    "window": "windowpane",
}
"""Everyday names of ADE20K's classes."""


@dataclass(frozen=True, slots=True)
class ClassColor:
    """The colour that a prompt stands for, the class it is of, and why where the prompt is not simply that class."""

    rgb: Rgb
    name: str
    note: str = ""


def published_color(prompt: str) -> ClassColor | None:
    """COCO's colour of a class, as LayoutBench-COCO's script has it; None for what is no class."""
    rgb = COCO_PANOPTIC.get(prompt)
    return None if rgb is None else ClassColor(rgb, prompt)


def trained_color(prompt: str) -> ClassColor | None:
    """The colour of the class that a prompt names: ADE20K's where it has the class, else COCO's.

    A prompt that is more than a class ("an old red bus") stands for the longest name in it, the last one of several.
    None where there is none.
    """
    words = re.findall(r"[a-z]+", prompt.lower())
    while words and words[0] in ("a", "an", "the"):
        del words[0]
    whole = _color_of(" ".join(words))
    if whole is not None:
        return whole
    best: ClassColor | None = None
    length = 0
    for start in range(len(words)):
        for end in range(start + 1, len(words) + 1):
            found = _color_of(" ".join(words[start:end]))
            if found is not None and end - start >= length:
                best, length = found, end - start
    if best is None:
        return None
    return ClassColor(best.rgb, best.name, f"{prompt!r} is given to the ControlNet as a {best.name!r}, which it names.")


def _color_of(name: str) -> ClassColor | None:
    for form in (name, name.removesuffix("s"), name.removesuffix("es")):
        ade = _SAME.get(form, form)
        if ade in ADE20K:
            return ClassColor(ADE20K[ade], ade)
        if form in COCO_PANOPTIC:
            return ClassColor(COCO_PANOPTIC[form], form, f"{form!r} is no class of ADE20K: it has COCO's colour.")
    return None
