"""``boxpaint train``: train an autoencoder, an inpainter or a detector."""

from __future__ import annotations

import argparse

from engine.training.command import add_train_arguments, run_train


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    add_train_arguments(commands)


__all__ = ["add_parser", "run_train"]
