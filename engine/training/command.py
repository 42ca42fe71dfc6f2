"""The command line of the trainings: ``boxpaint train …`` and ``python -m engine.training …``.

Nothing here imports torch until a training starts, so that the program's help is there at once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from engine.errors import BoxpaintError

EXIT_DONE = 0
EXIT_BAD_INPUT = 2
EXIT_CANCELLED = 130

_KINDS = {
    "autoencoder": "the small autoencoder: pictures to latents and back",
    "inpainter": "an inpainting pipeline, on the tasks of IterInpaint",
    "single-step": "a text-to-image sibling that reads the whole layout from its prompt",
    "detector": "the convolutional detector",
}


def add_train_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the trainings as subcommands of ``parser``; ``run_train`` takes what it parses."""
    kinds = parser.add_subparsers(dest="training", required=True, metavar="|".join(_KINDS))
    for kind, about in _KINDS.items():
        sub = kinds.add_parser(kind, help=f"train {about}", description=f"Train {about}.")
        _add_common(sub, "built-in" if kind in ("inpainter", "single-step") else "scratch")
        _ADDERS[kind](sub)


def run_train(args: argparse.Namespace) -> int:
    """Run the training that the arguments describe; the exit status.

    Progress goes to standard error, the folder of the trained model to standard output.

    Raises:
        BoxpaintError: The data, the settings or a checkpoint is unusable, or nothing can be written.
    """
    from engine.training import run, settings

    classes: dict[str, Any] = {
        "autoencoder": (settings.AutoencoderSettings, run.train_autoencoder),
        "inpainter": (settings.InpainterSettings, run.train_inpainter),
        "single-step": (settings.SingleStepSettings, run.train_single_step),
        "detector": (settings.DetectorSettings, run.train_detector),
    }
    settings_class, train = classes[args.training]
    given = {name: getattr(args, name) for name in settings_class.__dataclass_fields__ if hasattr(args, name)}
    given = {name: value for name, value in given.items() if value is not None}
    given["data"] = tuple(args.data)
    folder = train(settings_class(**given), _to_stderr)
    sys.stdout.write(f"{folder}\n")
    return EXIT_DONE


def main(argv: list[str] | None = None) -> int:
    """``python -m engine.training``: parse, train, tell errors in one line."""
    parser = argparse.ArgumentParser(prog="python -m engine.training", description="Train Boxpaint's small models.")
    add_train_arguments(parser)
    try:
        return run_train(parser.parse_args(argv))
    except BoxpaintError as error:
        sys.stderr.write(f"error: {error}\n")
        return EXIT_BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write("stopped; the last checkpoint is complete, and the same command goes on from it\n")
        return EXIT_CANCELLED


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _add_common(parser: argparse.ArgumentParser, start: str) -> None:
    parser.add_argument(
        "--data",
        type=Path,
        nargs="+",
        required=True,
        metavar="PATH",
        help="layout files or folders with pictures: LayoutBench or CLEVR scenes, COCO instances, …",
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder for checkpoints, logs and the model; a training found there is resumed",
    )
    parser.add_argument("--start", metavar="scratch|built-in|DIR", help=f"what to start from (default: {start})")
    parser.add_argument("--samples", type=int, help="stop after this many samples")
    parser.add_argument("--minutes", type=float, help="stop after this many minutes, over all resumptions")
    parser.add_argument("--batch", type=int, help="samples per step")
    parser.add_argument("--lr", type=float, help="highest learning rate")
    parser.add_argument("--seed", type=int, help="seed of weights, order and noise (default: 0)")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda", "mps"))
    parser.add_argument("--precision", choices=("auto", "fp32", "fp16", "bf16"))
    parser.add_argument("--ema", type=float, help="decay of the averaged weights")
    parser.add_argument("--hold-out", type=float, help="pictures of each split never trained on; below 1 a share")
    parser.add_argument("--interval", type=int, help="samples between log rows, picture sheets and checkpoints")
    parser.add_argument("--tensorboard", action="store_true", help="write TensorBoard's events too")


def _add_autoencoder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--parts", choices=("all", "decoder"), help="decoder leaves the meaning of latents as it is")
    parser.add_argument("--patch", type=int, help="side of the patches in pixels (default: 32)")
    parser.add_argument("--pool", type=int, help="windows drawn once and kept in memory (default: 12000)")


def _add_inpainter(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--autoencoder", type=Path, metavar="DIR", help="frozen autoencoder, for --start scratch")
    parser.add_argument("--views", choices=("zoom", "published"), help="windows of one object, or whole pictures")
    parser.add_argument("--foreground-ratio", type=float, help="share of the steps that add an object")
    parser.add_argument(
        "--pool", type=int, help="samples encoded once and kept in memory; 0 encodes every batch afresh"
    )
    parser.add_argument("--empty-captions", type=float, help="share of samples without their caption")
    parser.add_argument("--snr-limit", type=float, help="limit of the signal-to-noise weighting")
    parser.add_argument("--noise", choices=("own", "cosine"), help="the noise schedule: the start's own, or cosine")
    parser.add_argument("--noise-shift", type=float, help="with cosine: how many times less noise (default: 1)")
    parser.add_argument("--outside-weight", type=float, help="weight of the loss outside the mask")


def _add_single_step(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--prompt", choices=("reco", "ldm"), help="form of the prompt (default: reco)")
    parser.add_argument("--autoencoder", type=Path, metavar="DIR", help="frozen autoencoder, for --start scratch")
    parser.add_argument("--side", type=int, help="side of the pictures in pixels (default: 128)")
    parser.add_argument("--pool", type=int, help="pictures encoded once and kept in memory (default: 9600)")
    parser.add_argument("--empty-captions", type=float, help="share of samples without their prompt")
    parser.add_argument("--snr-limit", type=float, help="limit of the signal-to-noise weighting")
    parser.add_argument("--object-weight", type=float, help="weight of the loss in the boxes (default: 4)")


def _add_detector(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--crop", type=int, help="side of the crops in pixels, a multiple of 64")


_ADDERS = {
    "autoencoder": _add_autoencoder,
    "inpainter": _add_inpainter,
    "single-step": _add_single_step,
    "detector": _add_detector,
}
