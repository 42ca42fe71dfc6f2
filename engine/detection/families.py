"""Which of transformers' detection models are read, by the ``model_type`` of their ``config.json``."""

from __future__ import annotations

SOFTMAX = frozenset({"detr", "yolos"})
"""One class per query by softmax, the last logit stands for "no object"."""

SIGMOID = frozenset({"conditional_detr", "d_fine", "deformable_detr", "rt_detr", "rt_detr_v2"})
"""Every class of every query by sigmoid."""

OWL = frozenset({"owlv2", "owlvit"})
"""Told in words what to look for, each label as a text of its own."""

GROUNDING = frozenset({"grounding-dino", "mm-grounding-dino"})
"""Told in words what to look for, all labels as one text."""
