"""Seeds of single steps, drawn from the run's seed and the object's id alone.

They depend on no global stream, so the order of painting, batching, resuming and the number of processes do not change
an object's noise.
"""

from __future__ import annotations

import hashlib

from engine.layout import LayoutObject

BACKGROUND_ID = "background"


def object_seed(run_seed: int, item: LayoutObject) -> int:
    """The object's own seed where it has one, else one derived from the run's seed and its id (0 … 2**63 − 1)."""
    return item.seed if item.seed is not None else derived_seed(run_seed, f"object/{item.id}")


def background_seed(run_seed: int) -> int:
    """Seed of the background step."""
    return derived_seed(run_seed, BACKGROUND_ID)


def derived_seed(run_seed: int, name: str) -> int:
    """A seed for ``name`` within a run, the same on every machine (0 … 2**63 − 1)."""
    digest = hashlib.blake2b(f"{run_seed}/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1
