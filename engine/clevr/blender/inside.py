"""What runs inside Blender: builds CLEVR's scene once, then moves its objects and renders as it is told.

This file is started by Blender's own Python (``blender --background --python inside.py``) or by the Python of an
environment that has ``bpy``. It imports nothing of Boxpaint, and of Blender only what versions 4.2 to 5.0 share.

Protocol: one JSON object per line. Requests come on standard input. Answers go to standard output, each on a line that
begins with `MARK`, since Blender prints there too. A request has a ``"do"`` and gets exactly one answer:
``{"ok": true, …}`` or ``{"ok": false, "error": "…"}``. The end of the input ends the process.

    start    {"threads", "persistent", "scene", "cycles"}; ``scene`` is what does not change from picture to picture
             (see look.py), ``cycles`` the renderer's settings. Answer: {"blender": version}
    place    {"width", "height", "camera", "lights", "objects", "seed"}: the next arrangement
    ids      {}. Answer: {"path"} of a PNG whose red channel is the number (from 1) of the object that is seen at the
             centre of each pixel, and 0 where there is none
    picture  {}. Answer: {"path"} of a PNG of the rendered picture

World units, z up, angles in degrees. Files that are answered belong to this process and are overwritten by the next.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bpy
from mathutils import Vector

MARK = "@boxpaint "
"""What stands before an answer on standard output."""

BEND = 12
"""Steps in which a rounded edge is built."""

TURNS = 128
"""Sides of a round shape."""

Point = tuple[float, float, float]
Surface = tuple[list[Point], list[tuple[int, ...]], list[Point]]
"""Points, faces (counter-clockwise seen from outside) and the normal at each point."""


def sphere() -> Surface:
    """A sphere of radius 1."""
    rings = TURNS // 2
    angles = [math.pi * ring / rings for ring in range(1, rings)]
    return lathe([(math.sin(angle), math.cos(angle), math.sin(angle), math.cos(angle)) for angle in angles])


def cylinder(flat: float) -> Surface:
    """A cylinder of radius and half-height 1, bevelled from ``flat`` on."""
    top = []
    for step in range(BEND + 1):
        out, up = math.sin(math.pi / 2 * step / BEND), math.cos(math.pi / 2 * step / BEND)
        top.append((flat + (1 - flat) * out, flat + (1 - flat) * up, out, up))
    return lathe(top + [(radius, -height, out, -up) for radius, height, out, up in reversed(top)])


def lathe(profile: list[tuple[float, float, float, float]]) -> Surface:
    """The closed surface from z = 1 to z = −1 that a profile makes when it is turned about z.

    Each point of the profile is (radius, height, normal outwards, normal upwards), from top to bottom.
    """
    top, bottom = (0.0, 0.0, 1.0), (0.0, 0.0, -1.0)
    points, normals = [top], [top]
    for radius, height, out, up in profile:
        for turn in range(TURNS):
            x, y = math.cos(2 * math.pi * turn / TURNS), math.sin(2 * math.pi * turn / TURNS)
            points.append((radius * x, radius * y, height))
            normals.append((out * x, out * y, up))
    points.append(bottom)
    normals.append(bottom)
    last = len(points) - 1
    faces: list[tuple[int, ...]] = []
    for turn in range(TURNS):
        after = (turn + 1) % TURNS
        faces.append((0, 1 + turn, 1 + after))
        for ring in range(len(profile) - 1):
            upper, lower = 1 + ring * TURNS, 1 + (ring + 1) * TURNS
            faces.append((upper + turn, lower + turn, lower + after, upper + after))
        faces.append((last, last - TURNS + after, last - TURNS + turn))
    return points, faces, normals


def cube(flat: float) -> Surface:
    """A cube of half-size 1, rounded from ``flat`` on."""
    # Across a face: the end of the flat part that a point is pushed to, and the slope of its normal.
    slopes = [-math.tan(math.pi / 4 * (1 - step / BEND)) for step in range(BEND + 1)]
    steps = [(-1.0, slope) for slope in slopes] + [(1.0, -slope) for slope in reversed(slopes)]
    points: list[Point] = []
    normals: list[Point] = []
    faces: list[tuple[int, ...]] = []
    for axis in range(3):
        for sign in (-1.0, 1.0):
            first = len(points)
            for corner_u, u in steps:
                for corner_v, v in steps:
                    length = math.hypot(1.0, u, v)
                    normal = 1.0 / length, u / length, v / length
                    corner = 1.0, corner_u, corner_v
                    point = [flat * end + (1 - flat) * along for end, along in zip(corner, normal, strict=True)]
                    points.append(on_face(point, axis, sign))
                    normals.append(on_face(normal, axis, sign))
            count = len(steps)
            for row in range(count - 1):
                for column in range(count - 1):
                    at = first + row * count + column
                    face = (at, at + count, at + count + 1, at + 1)
                    faces.append(face if sign > 0 else face[::-1])
    return points, faces, normals


def on_face(values: Sequence[float], axis: int, sign: float) -> Point:
    """(out of the face, u, v) as x, y, z."""
    placed = [0.0, 0.0, 0.0]
    placed[axis], placed[(axis + 1) % 3], placed[(axis + 2) % 3] = sign * values[0], values[1], values[2]
    return placed[0], placed[1], placed[2]


def ground(facts: dict[str, Any]) -> Surface:
    """A floor that bends up to a backdrop behind the scene, as one looks along ``toward`` (x, y)."""
    angle = math.atan2(facts["toward"][1], facts["toward"][0])
    flat, radius, reach, rise = facts["flat"], facts["radius"], facts["reach"], math.radians(facts["rise"])
    profile = [(-reach, 0.0, 0.0)]
    for step in range(65):
        turn = rise * step / 64
        profile.append((flat + radius * math.sin(turn), radius * (1 - math.cos(turn)), turn))
    along, height, _ = profile[-1]
    profile.append((along + reach * math.cos(rise), height + reach * math.sin(rise), rise))
    points, normals = [], []
    for along, height, turn in profile:
        for across in (-reach, reach):
            points.append((*turned(along, across, angle), height))
            normals.append((*turned(-math.sin(turn), 0.0, angle), math.cos(turn)))
    return points, [(2 * i, 2 * i + 2, 2 * i + 3, 2 * i + 1) for i in range(len(profile) - 1)], normals


def turned(x: float, y: float, angle: float) -> tuple[float, float]:
    """A point of the plane turned about the origin."""
    return x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)


def mesh_of(name: str, surface: Surface) -> Any:
    """A smooth mesh with exactly the surface's normals, and room for one material."""
    points, faces, normals = surface
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(points, [], faces)
    mesh.shade_smooth()
    mesh.normals_split_custom_set_from_vertices(normals)
    mesh.materials.append(None)
    return mesh


def nodes_of(owner: Any) -> Any:
    """The node tree of a material or a world."""
    # Newer versions make it at once, and warn when it is asked for.
    if owner.node_tree is None:
        owner.use_nodes = True
    return owner.node_tree


class Shader:
    """A material that is put together from nodes."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self._tree = nodes_of(self.material)
        self._tree.nodes.clear()

    def node(self, kind: str, inputs: Mapping[Any, Any], **properties: Any) -> Any:
        """The first output of a new node; its inputs are numbers, colours, or other nodes' outputs."""
        node = self._tree.nodes.new(f"ShaderNode{kind}")
        for name, value in properties.items():
            setattr(node, name, value)
        for key, value in inputs.items():
            if isinstance(value, bpy.types.NodeSocket):
                self._tree.links.new(value, node.inputs[key])
            else:
                node.inputs[key].default_value = value
        return node.outputs[0]

    def object_fact(self, name: str) -> Any:
        """A fact of the object that is shaded: ``"Color"`` or ``"Object Index"``."""
        return self._tree.nodes.new("ShaderNodeObjectInfo").outputs[name]

    def finished(self, surface: Any) -> Any:
        """The material, with this as its surface."""
        output = self._tree.nodes.new("ShaderNodeOutputMaterial")
        self._tree.links.new(surface, output.inputs["Surface"])
        return self.material


def rubber(facts: dict[str, Any]) -> Any:
    """Dull, of the object's colour, with a soft rim and a little rough gloss."""
    shader = Shader("rubber")
    color = shader.object_fact("Color")
    diffuse = shader.node("BsdfDiffuse", {"Color": color})
    sheen = {"Color": color, "Roughness": facts["sheen_roughness"]}
    velvet = shader.node("BsdfSheen", sheen, distribution="ASHIKHMIN")
    rim = shader.node("Fresnel", {"IOR": facts["ior"]})
    dull = shader.node("MixShader", {0: rim, 1: diffuse, 2: velvet})
    white = (1.0, 1.0, 1.0, 1.0)
    gloss = shader.node("BsdfAnisotropic", {"Color": white, "Roughness": facts["gloss_roughness"]})
    return shader.finished(shader.node("MixShader", {0: facts["gloss"], 1: dull, 2: gloss}))


def metal(facts: dict[str, Any]) -> Any:
    """Two mirrors of the object's colour, a rough one and a clear one."""
    shader = Shader("metal")
    color = shader.object_fact("Color")
    brushed = {"Color": color, "Roughness": facts["rough"], "Anisotropy": facts["anisotropy"]}
    rough = shader.node("BsdfAnisotropic", brushed)
    clear = shader.node("BsdfAnisotropic", {"Color": color, "Roughness": facts["clear"]})
    return shader.finished(shader.node("MixShader", {0: facts["clear_share"], 1: rough, 2: clear}))


def floor(facts: dict[str, Any]) -> Any:
    """Dull, of one colour."""
    shader = Shader("ground")
    return shader.finished(shader.node("BsdfDiffuse", {"Color": (*facts["color"], 1.0)}))


def numbers() -> Any:
    """Shines with the object's number as its red level, 0 to 255, whatever the light."""
    shader = Shader("numbers")
    level = shader.node("Math", {0: shader.object_fact("Object Index"), 1: 255.0}, operation="DIVIDE")
    color = shader.node("CombineColor", {0: level})
    return shader.finished(shader.node("Emission", {"Color": color, "Strength": 1.0}))


def aimed(direction: Iterable[float]) -> Any:
    """The turn of a lamp or camera, which look along their own −z, that looks this way."""
    return Vector(tuple(direction)).to_track_quat("-Z", "Y").to_euler()


class Studio:
    """The scene. It is built once; then only objects, lamps and the camera move."""

    def __init__(self, request: dict[str, Any]) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self._scene = bpy.context.scene
        self._cycles_settings = request["cycles"]
        facts = request["scene"]
        self._materials = {"rubber": rubber(facts["rubber"]), "metal": metal(facts["metal"])}
        self._numbers = numbers()
        shapes = {"sphere": sphere(), "cube": cube(facts["cube_flat"]), "cylinder": cylinder(facts["cylinder_flat"])}
        self._meshes = {name: mesh_of(name, surface) for name, surface in shapes.items()}
        # Objects are kept and used again: what stays needs not be handed to the renderer anew.
        self._pool: dict[str, list[Any]] = {name: [] for name in shapes}
        self._add("ground", mesh_of("ground", ground(facts["ground"]))).material_slots[0].material = floor(
            facts["ground"]
        )
        self._camera = self._add("camera", bpy.data.cameras.new("camera"))
        self._camera.data.lens, self._camera.data.sensor_width = facts["lens"], facts["sensor"]
        self._scene.camera = self._camera
        self._lamps = {name: self._new_lamp(name, lamp) for name, lamp in facts["lamps"].items()}
        self._add_sun(facts["sun"])
        self._scene.world = bpy.data.worlds.new("world")
        black = nodes_of(self._scene.world).nodes["Background"].inputs["Color"]
        black.default_value = (0.0, 0.0, 0.0, 1.0)
        self._set_output(request["threads"], request["persistent"])
        self._folder = tempfile.TemporaryDirectory(prefix="boxpaint-render-", ignore_cleanup_errors=True)

    def place(self, request: dict[str, Any]) -> dict[str, Any]:
        """Put everything where the next picture wants it."""
        render = self._scene.render
        render.resolution_x, render.resolution_y = request["width"], request["height"]
        self._camera.location = request["camera"]["position"]
        self._camera.rotation_euler = aimed(request["camera"]["forward"])
        for name, position in request["lights"].items():
            self._lamps[name].location = position
            self._lamps[name].rotation_euler = aimed(-axis for axis in position)
        self._scene.cycles.seed = request["seed"]
        used = dict.fromkeys(self._pool, 0)
        for number, facts in enumerate(request["objects"], 1):
            shape = facts["shape"]
            thing = self._take(shape, used[shape])
            used[shape] += 1
            thing.location, thing.scale = facts["position"], facts["half_sizes"]
            thing.rotation_euler = (0.0, 0.0, math.radians(facts["rotation"]))
            thing.color = (*facts["color"], 1.0)
            thing.material_slots[0].material = self._materials[facts["material"]]
            thing.pass_index = number
        for shape, things in self._pool.items():
            for index, thing in enumerate(things):
                thing.hide_render = index >= used[shape]
        return {}

    def ids(self, request: dict[str, Any]) -> dict[str, Any]:
        """Render the objects' numbers: one ray through the middle of each pixel, no light."""
        cycles, layer = self._scene.cycles, self._scene.view_layers[0]
        self._scene.view_settings.view_transform = "Raw"
        cycles.samples, cycles.use_denoising, cycles.use_adaptive_sampling, cycles.max_bounces = 1, False, False, 0
        cycles.pixel_filter_type, cycles.filter_width = "BOX", 0.01
        layer.material_override = self._numbers
        try:
            return self._rendered("ids")
        finally:
            layer.material_override = None

    def picture(self, request: dict[str, Any]) -> dict[str, Any]:
        """Render the picture."""
        cycles = self._scene.cycles
        self._scene.view_settings.view_transform = "Standard"
        cycles.pixel_filter_type, cycles.filter_width = "BLACKMAN_HARRIS", 1.5
        for name, value in self._cycles_settings.items():
            setattr(cycles, name, value)
        return self._rendered("picture")

    def close(self) -> None:
        """Take the files away."""
        self._folder.cleanup()

    def _add(self, name: str, data: Any) -> Any:
        made = bpy.data.objects.new(name, data)
        self._scene.collection.objects.link(made)
        return made

    def _new_lamp(self, name: str, facts: dict[str, Any]) -> Any:
        lamp = bpy.data.lights.new(name, "AREA")
        lamp.energy, lamp.size, lamp.color = facts["power"], facts["size"], facts["color"]
        return self._add(name, lamp)

    def _add_sun(self, facts: dict[str, Any]) -> None:
        sun = bpy.data.lights.new("sun", "SUN")
        sun.energy, sun.angle = facts["strength"], math.radians(facts["angle"])
        self._add("sun", sun).rotation_euler = aimed(facts["direction"])

    def _set_output(self, threads: int, persistent: bool) -> None:
        render = self._scene.render
        render.engine = "CYCLES"
        self._scene.cycles.device = "CPU"
        self._scene.cycles.use_auto_tile = False
        render.resolution_percentage = 100
        render.use_persistent_data = persistent
        render.threads_mode, render.threads = "FIXED", threads
        render.use_compositing = render.use_sequencer = False
        render.dither_intensity = 0.0
        image = render.image_settings
        image.file_format, image.color_mode, image.color_depth, image.compression = "PNG", "RGB", "8", 0

    def _take(self, shape: str, index: int) -> Any:
        """Object ``index`` of a shape; made when there are not as many yet."""
        pool = self._pool[shape]
        if index == len(pool):
            thing = self._add(f"{shape} {index}", self._meshes[shape])
            thing.material_slots[0].link = "OBJECT"
            pool.append(thing)
        return pool[index]

    def _rendered(self, name: str) -> dict[str, Any]:
        path = Path(self._folder.name) / f"{name}.png"
        path.unlink(missing_ok=True)
        self._scene.render.filepath = str(path)
        bpy.ops.render.render(write_still=True)
        if not path.is_file() or not path.stat().st_size:
            raise OSError(f"no picture could be written to {path.parent}; is the disk full?")
        return {"path": str(path)}


ACTIONS: dict[str, Callable[[Studio, dict[str, Any]], dict[str, Any]]] = {
    "place": Studio.place,
    "ids": Studio.ids,
    "picture": Studio.picture,
}
"""What can be asked for once the scene is there."""


def serve(lines: Iterable[str], answer: Callable[[dict[str, Any]], None]) -> None:
    """Answer requests until they end."""
    studio: Studio | None = None
    for line in lines:
        try:
            request = json.loads(line)
            if request["do"] == "start":
                studio = Studio(request)
                result = {"blender": bpy.app.version_string}
            elif studio is None:
                raise RuntimeError("nothing was started")
            else:
                result = ACTIONS[request["do"]](studio, request)
            answer({"ok": True, **result})
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is for the other side to judge
            traceback.print_exc()
            answer({"ok": False, "error": f"{type(error).__name__}: {error}"})
    if studio is not None:
        studio.close()


def main() -> None:
    """Serve standard input."""

    def answer(value: dict[str, Any]) -> None:
        # Blender may have left a line of its own open.
        sys.stdout.write(f"\n{MARK}{json.dumps(value)}\n")
        sys.stdout.flush()

    serve(iter(sys.stdin.readline, ""), answer)


if __name__ == "__main__":
    main()
