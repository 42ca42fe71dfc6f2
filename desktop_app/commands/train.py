"""``boxpaint train``: train an autoencoder, an inpainter or a detector."""

from __future__ import annotations

import argparse

from engine.training.command import add_train_arguments, run_train


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Register the command."""
    parser = commands.add_parser("train", help="train an autoencoder, an inpainter or a detector")
    add_train_arguments(parser)
    # Trainings print their folder and nothing else: there is no JSON form to choose.
    parser.set_defaults(run=run_train)
