"""From matches and verdicts to the scores of single pictures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from engine.evaluation.average_precision import UNDEFINED, curve
from engine.evaluation.kept_scores import FOUND, PictureDetail, PictureScore
from engine.evaluation.matching import Matches
from engine.evaluation.verdicts import TARGET_VERDICTS, Verdicts


def picture_scores(matches: Matches, verdicts: Verdicts) -> Iterator[tuple[PictureScore, PictureDetail]]:
    """The score of every picture, in the order of the truth's pictures.

    Args:
        matches: As ``match_all`` gives them.
        verdicts: On the same targets and detections.
    """
    images = verdicts.truth.images
    details = [PictureDetail([], []) for _ in images]
    for place, row in verdicts.picture_rows():
        into = details[place].targets if row["verdict"] in TARGET_VERDICTS else details[place].surplus
        assert isinstance(into, list)
        into.append(row)
    for image, detail, (ap, ap50) in zip(images, details, _precisions(matches), strict=True):
        counts = Counter(row["verdict"] for row in (*detail.targets, *detail.surplus))
        hits = sum(counts[name] for name in FOUND)
        yield PictureScore(image.split, image.name, ap, ap50, len(detail.targets), hits, dict(counts)), detail


def _precisions(matches: Matches) -> list[tuple[float, float]]:
    """AP and AP50 of each picture: the mean over the classes of its targets.

    Every pair of a picture and a class counts as a class of its own, so that one pass over the matches is enough.
    """
    truth = matches.truth
    count = len(truth.labels)
    wanted = truth.image * count + truth.label
    pairs, target = np.unique(wanted, return_inverse=True)
    made = matches.image * count + matches.label
    place = np.searchsorted(pairs, made).clip(max=max(0, len(pairs) - 1))
    kept = np.flatnonzero(pairs[place] == made) if len(pairs) else np.zeros(0, np.int64)
    rows = kept[np.argsort(place[kept], kind="stable")]
    apart = replace(
        matches,
        truth=replace(truth, labels=tuple(map(str, range(len(pairs)))), label=target),
        image=matches.image[rows],
        label=place[rows],
        score=matches.score[rows],
        rank=matches.rank[rows],
        order=matches.order[rows],
        hit=matches.hit[:, :, rows],
        ignored=matches.ignored[:, :, rows],
        met=matches.met[rows],
    )
    precision = curve(apart).precision
    sums = np.zeros((len(truth.images), 2))
    classes = np.bincount(pairs // count, minlength=len(truth.images)) if len(pairs) else np.zeros(len(sums))
    np.add.at(sums, pairs // count, np.stack([precision.mean(axis=1), precision[:, 0]], axis=1))
    means = np.where(classes[:, None] > 0, sums / np.maximum(classes, 1)[:, None], UNDEFINED)
    return [(float(ap), float(ap50)) for ap, ap50 in means]
