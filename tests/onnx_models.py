"""Tiny real ONNX networks that give known outputs, whatever the picture; built when a test asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def save_constant(
    file: Path,
    outputs: Sequence[np.ndarray],
    *,
    size: tuple[int | str, int | str] = (64, 64),
    batch: int | str = 1,
    metadata: Mapping[str, str] | None = None,
    half: bool = False,
) -> Path:
    """A network whose outputs are these arrays, plus nothing of a picture: the input is read and multiplied by 0.

    Args:
        file: Where to.
        outputs: One array per output.
        size: Width and height of the input, numbers or symbols.
        batch: Pictures per call, a number or a symbol.
        metadata: What exporters write beside the graph.
        half: Whether the input is in half precision.
    """
    kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    images = helper.make_tensor_value_info("images", kind, [batch, 3, size[1], size[0]])
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["mean"], keepdims=0),
        helper.make_node("Cast", ["mean"], ["level"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["level", "zero"], ["nothing"]),
    ]
    constants = [numpy_helper.from_array(np.float32(0), "zero")]
    infos = []
    for number, array in enumerate(outputs):
        constants.append(numpy_helper.from_array(array.astype(np.float32), f"values{number}"))
        nodes.append(helper.make_node("Add", [f"values{number}", "nothing"], [f"output{number}"]))
        infos.append(helper.make_tensor_value_info(f"output{number}", TensorProto.FLOAT, array.shape))
    return _save(file, nodes, images, infos, constants, metadata)


def save_looking(file: Path, *, side: int = 64) -> Path:
    """A YOLO of two classes that looks: every 8 × 8 cell tells its mean red and green as the scores of its two classes.

    Its output is (1, 4 + 2, cells), its boxes are the cells themselves, in pixels.
    """
    cells = side // 8
    grid = (np.arange(cells, dtype=np.float32) + 0.5) * 8
    x, y = np.meshgrid(grid, grid)
    boxes = np.stack([x.ravel(), y.ravel(), np.full(cells**2, 8.0), np.full(cells**2, 8.0)])[None].astype(np.float32)
    images = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, side, side])
    nodes = [
        helper.make_node("AveragePool", ["images"], ["pooled"], kernel_shape=[8, 8], strides=[8, 8]),
        helper.make_node("Reshape", ["pooled", "flat"], ["colours"]),
        helper.make_node("Slice", ["colours", "start", "end", "axis"], ["scores"]),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
    constants = [
        numpy_helper.from_array(boxes, "boxes"),
        numpy_helper.from_array(np.array([1, 3, cells**2], np.int64), "flat"),
        *(numpy_helper.from_array(np.array([value], np.int64), name) for name, value in _SLICE.items()),
    ]
    info = helper.make_tensor_value_info("output0", TensorProto.FLOAT, [1, 6, cells**2])
    return _save(file, nodes, images, [info], constants, {"names": "{0: 'red thing', 1: 'green thing'}"})


_SLICE = {"start": 0, "end": 2, "axis": 1}


def _save(file, nodes, images, infos, constants, metadata) -> Path:
    graph = helper.make_graph(nodes, "test", [images], infos, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 9
    for key, value in (metadata or {}).items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.checker.check_model(model)
    onnx.save(model, str(file))
    return file
