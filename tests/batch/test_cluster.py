"""Exports on a real Ray cluster of several processes on this machine, of which some are killed in the middle."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from engine.batch.cluster import ClusterExport
from engine.batch.export import plan_export
from engine.batch.items import make_items, make_runs
from engine.batch.ledger import Counts
from engine.batch.worker import Job
from engine.formats.registry import read
from engine.inpainting.settings import GenerationSettings
from tests.batch.test_export import dataset, pictures, undisturbed

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
    calm = {"worker_niceness": 0}
    head = {"num_cpus": 0, "object_store_memory": STORE, "include_dashboard": False, "_system_config": calm}
    head |= {"include_log_monitor": False, "no_monitor": True}
    cluster = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(2):
            cluster.add_node(num_cpus=1, object_store_memory=STORE, include_log_monitor=False)
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
