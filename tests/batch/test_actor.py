"""What runs on a cluster's machines, without a cluster; and addresses at which there is none."""

from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from desktop_app.__main__ import main
from engine.batch.actor import ActorJob, Greeting, PaintingActor, package_versions
from engine.batch.cluster import check_cluster, check_versions, model_pieces
from engine.batch.painting import Extras
from engine.errors import BoxpaintError
from engine.models.catalogue import fingerprint


@pytest.fixture
def actor(tiny_pipeline, tmp_path, monkeypatch) -> PaintingActor:
    """An actor on a machine that does not have the model."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    return PaintingActor(ActorJob("not-on-this-machine", fingerprint(tiny_pipeline), Extras(), 1))


def test_a_machine_without_the_model_gets_its_files_once(actor, tiny_pipeline, tmp_path) -> None:
    assert not actor.greet().has_model
    for path, piece in model_pieces(tiny_pipeline):
        actor.receive(path, piece)
    assert actor.received() and actor.greet().has_model
    (kept,) = (path.parent for path in tmp_path.rglob("model_index.json"))
    assert fingerprint(kept) == kept.name == fingerprint(tiny_pipeline)
    assert [path.name for path in kept.parent.iterdir()] == [kept.name]


def test_files_that_arrive_damaged_are_not_taken_for_the_model(actor, tiny_pipeline) -> None:
    for path, piece in model_pieces(tiny_pipeline):
        actor.receive(path, piece[:-1] if path.endswith(".safetensors") else piece)
    assert not actor.received() and not actor.greet().has_model
    for path in ("../elsewhere.json", "/etc/elsewhere.json"):
        with pytest.raises(BoxpaintError, match="leads out"):
            actor.receive(path, b"")


def test_machines_with_other_packages_are_refused_by_name() -> None:
    versions = package_versions()
    check_versions(Greeting("near", versions, has_model=True))
    with pytest.raises(BoxpaintError, match=r"far has torch 1\.0, pillow None") as told:
        check_versions(Greeting("far", {**versions, "torch": "1.0", "pillow": None}, has_model=True))
    assert versions["torch"] in told.value.hint


def test_where_no_cluster_is_that_is_told_at_once(monkeypatch, tmp_path, capsys) -> None:
    scenes = str(Path(__file__).parents[1] / "data" / "clevr" / "scenes.json")
    batch = ["batch", scenes, "--out", str(tmp_path / "out")]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = f"127.0.0.1:{taken.getsockname()[1]}"
    pytest.importorskip("ray", reason="the extra boxpaint[ray] is not installed")
    for address, kind in ((free, "engine"), (f"ray://{free}", "engine"), ("nowhere", "usage"), (":6379", "usage")):
        with pytest.raises(BoxpaintError) as told:
            check_cluster(address)
        assert (told.value.kind, told.value.field) == (kind, "--ray") and told.value.hint
    assert main([*batch, "--ray", free]) == 2 and "nothing answers" in capsys.readouterr().err
    assert main([*batch, "--ray", "auto", "--together", "2"]) == 2 and "--together" in capsys.readouterr().err
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main([*batch, "--ray", "auto"]) == 2 and "boxpaint[ray]" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
