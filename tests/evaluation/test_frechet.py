"""Fréchet distances: known values, real pictures, weights from a file, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from desktop_app.__main__ import main
from engine.errors import BoxpaintError
from engine.evaluation.frechet import FeatureSet, distances, frechet_distance
from engine.evaluation.inception import find_weights, load_inception
from engine.formats.registry import read
from tests.detectors import make_tiny_inception

CLEVR = Path(__file__).parents[1] / "data" / "clevr"
SCENES = CLEVR / "scenes.json"


def spread_along_axes(scales: list[float], shift: float) -> np.ndarray:
    """Features whose covariance is diagonal to the last digit: two points on each axis."""
    size = len(scales)
    points = np.zeros((2 * size, size))
    for axis, scale in enumerate(scales):
        points[2 * axis : 2 * axis + 2, axis] = (scale, -scale)
    return points + shift


def features_of(rows: np.ndarray, batch: int = 7) -> FeatureSet:
    """Features that arrive batch by batch."""
    features = FeatureSet()
    for start in range(0, len(rows), batch):
        features.add(rows[start : start + batch])
    assert len(features) == len(rows)
    return features


@pytest.mark.parametrize("repeat", [1, 3])
def test_distances_of_normal_distributions_are_those_of_the_formula(repeat) -> None:
    one, other = ([1.0, 2.0, 3.0], 0.0), ([2.0, 2.0, 1.0], 0.5)
    first, second = (np.concatenate([spread_along_axes(*each)] * repeat) for each in (one, other))
    deviations = [np.cov(each, rowvar=False).diagonal() ** 0.5 for each in (first, second)]
    expected = 3 * 0.5**2 + ((deviations[0] - deviations[1]) ** 2).sum()
    assert frechet_distance(features_of(first), features_of(second)) == pytest.approx(expected)
    assert frechet_distance(features_of(first), features_of(first)) == pytest.approx(0, abs=1e-9)


def test_few_features_give_the_same_as_the_whole_covariance_would() -> None:
    rng = np.random.default_rng(0)
    few, many = rng.normal(size=(6, 9)), rng.normal(1, 2, (40, 9))
    product = np.cov(few, rowvar=False) @ np.cov(many, rowvar=False)
    root = np.sqrt(np.linalg.eigvals(product).real.clip(0)).sum()
    traces = np.cov(few, rowvar=False).trace() + np.cov(many, rowvar=False).trace()
    expected = ((few.mean(0) - many.mean(0)) ** 2).sum() + traces - 2 * root
    assert frechet_distance(features_of(few), features_of(many)) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("count", [20, 300])
def test_distances_are_those_of_torchmetrics(count) -> None:
    fid = pytest.importorskip("torchmetrics.image.fid", reason="torchmetrics is a package of the tests alone")

    class AsTheyAre(torch.nn.Module):
        num_features = 32

        def forward(self, features: torch.Tensor) -> torch.Tensor:
            return features

    rng = np.random.default_rng(1)
    mixing = rng.normal(size=(32, 32))
    one, other = rng.normal(size=(count, 32)) @ mixing, rng.normal(0.3, 2, (count, 32))
    metric = fid.FrechetInceptionDistance(feature=AsTheyAre()).set_dtype(torch.float64)
    metric.update(torch.from_numpy(one), real=True)
    metric.update(torch.from_numpy(other), real=False)
    assert frechet_distance(features_of(one), features_of(other)) == pytest.approx(float(metric.compute()), rel=1e-5)


@pytest.fixture
def network(tmp_path) -> Path:
    return make_tiny_inception(tmp_path / "mean.pt")


def test_weights_from_a_file_tell_pictures_and_crops_apart(network, capsys) -> None:
    entries = read(SCENES).entries
    pictures = [entry.picture for entry in entries]
    features = load_inception(find_weights(network))
    assert distances(entries, pictures, features) == (pytest.approx(0, abs=1e-9), pytest.approx(0, abs=1e-9))
    whole, crops = distances(entries, pictures[1:] + pictures[:1], features)
    assert whole == pytest.approx(0, abs=1e-9) and crops > 0.01, "the same pictures, other boxes"
    arguments = ["evaluate", CLEVR / "images", "--layouts", SCENES, "--frechet", "--fid", network, "--json"]
    assert main(list(map(str, arguments))) == 0
    named = json.loads(capsys.readouterr().out)["distances"]
    assert named["FID"] == pytest.approx(0, abs=1e-6) and len(named) == 4
    assert all("not" in name for name in named if "FID" not in name.split("(")[0])


def test_what_is_missing_is_told_with_a_remedy(tmp_path) -> None:
    with pytest.raises(BoxpaintError, match="no such file") as caught:
        find_weights(tmp_path / "none.pt")
    assert "--fid" in caught.value.hint
    (tmp_path / "bad.pt").write_bytes(b"no TorchScript")
    with pytest.raises(BoxpaintError, match="no TorchScript") as caught:
        load_inception(tmp_path / "bad.pt")
    assert caught.value.file == str(tmp_path / "bad.pt")
    entries = read(Path(__file__).parents[1] / "data" / "layouts" / "scenes_number_few.json").entries
    with pytest.raises(BoxpaintError, match="no real picture") as caught:
        distances(entries, [], lambda pictures: np.zeros((0, 3)))
    assert caught.value.hint
