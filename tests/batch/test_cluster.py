"""Exports on a real Ray cluster of several processes on this machine, of which some are killed in the middle."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable

import psutil
import pytest

from desktop_app.__main__ import main
from engine.batch.cluster import ClusterExport
from engine.batch.export import plan_export
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import Counts
from engine.batch.worker import Job
from engine.formats.registry import read
from engine.inpainting.settings import GenerationSettings
from tests.batch.test_export import arguments, dataset, pictures, undisturbed

ray = pytest.importorskip("ray", reason="the extra boxpaint[ray] is not installed")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Ray's processes are killed by POSIX signals")

STORE = 80 * 2**20
"""Bytes of each machine's object store: the least that Ray takes."""

__all__ = ["dataset", "undisturbed"]


@pytest.fixture(scope="module")
def cluster():
    """A head without CPUs, and two machines with one CPU each: a dozen processes."""
    from ray.cluster_utils import Cluster

    # Ray's workers give way to all other processes by default: on a busy machine they would hardly run.
    calm = {"worker_niceness": 0, "agent_register_timeout_ms": 120_000}
    head = {"num_cpus": 0, "object_store_memory": STORE, "include_dashboard": False, "_system_config": calm}
    head |= {"include_log_monitor": False, "no_monitor": True}
    cluster = Cluster()
    try:
        try:
            cluster.add_node(**head)
            for _ in range(2):
                cluster.add_node(num_cpus=1, object_store_memory=STORE, include_log_monitor=False)
        except Exception as error:
            # Ray gives a node half a minute, and says no more than this.
            if "timed out during startup" not in str(error):
                raise
            pytest.skip("this machine is too busy to start a Ray cluster")
        yield cluster
    finally:
        cluster.shutdown()


@pytest.fixture
def export(cluster, dataset, tiny_pipeline, tmp_path):
    """Exports onto the cluster; called with what happens when the counts are told."""

    def run(on_counts: Callable[[Counts], None]) -> tuple[Counts, list[str]]:
        runs = make_runs("run", GenerationSettings(width=64, height=48, steps=2, previews=False), {})
        job = Job(tmp_path, str(tiny_pipeline), tuple(make_items(read(dataset).entries, runs)))
        ledger = plan_export(job, runs)
        told: list[str] = []
        try:
            watching = {"stopped": lambda: False, "on_counts": on_counts, "tell": told.append}
            outcome = ClusterExport(job, ledger, address=cluster.address, workers=None, **watching).run()
        finally:
            ledger.close()
        assert outcome.failures == ()
        return outcome.counts, told

    return run


def test_a_machine_that_dies_in_the_middle_costs_nothing(cluster, export, undisturbed, tmp_path) -> None:
    *_, victim = cluster.worker_nodes

    def kill(counts: Counts) -> None:
        if counts.done == 1 and victim in cluster.worker_nodes:
            cluster.remove_node(victim, allow_graceful=False)

    counts, _ = export(kill)
    assert victim not in cluster.worker_nodes
    assert counts == Counts(done=6) and pictures(tmp_path) == undisturbed


def test_an_actor_that_is_killed_is_replaced(export, undisturbed, tmp_path) -> None:
    killed: list[int] = []

    def kill(counts: Counts) -> None:
        if counts.done == 1 and not killed:
            own = psutil.Process().children(recursive=True)
            actors = [process for process in own if process.name().startswith("ray::PaintingAct")]
            killed.extend(process.pid for process in actors)
            for process in actors:
                process.kill()

    counts, told = export(kill)
    assert killed and any("is painted again" in text for text in told)
    assert counts == Counts(done=6) and pictures(tmp_path) == undisturbed


def test_a_model_that_no_actor_can_load_is_told_once(cluster, dataset, tiny_pipeline, tmp_path, capsys) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(tiny_pipeline, broken)
    (broken / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(b"nothing of the kind")
    code = main(arguments(dataset, broken, tmp_path / "out", "--ray", cluster.address))
    error = json.loads(capsys.readouterr().out)["error"]
    assert code == 2 and error["kind"] == "model" and "unet" in error["file"]
