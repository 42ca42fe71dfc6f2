"""The loop that every training shares: devices, averaged weights, checkpoints, logs and picture sheets.

A training is a ``Task``: it draws batches and says what their loss is. The loop does the rest. Everything that the
next step depends on (weights, optimiser, averages, random generators) is in one checkpoint file, so a training that
was killed goes on exactly where its last checkpoint stands.
"""

from __future__ import annotations

import io
import json
import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import torch
from accelerate import Accelerator
from PIL import Image
from torch import Tensor, nn

from engine.errors import BoxpaintError
from engine.files import make_folder, write_atomic
from engine.training.logs import FIELDS, TrainingLog
from engine.training.settings import TrainSettings

Report = Callable[[str], object]
"""Takes one line of text about the progress."""

CHECKPOINT = "state.pt"

_VERSION = 1
_WARM_UP = 100
_FLOOR = 0.02
_AVERAGE_EVERY = 4
"""Averaging costs a pass over all weights; every fourth step is as good."""


class Task(Protocol):
    """One kind of training.

    Attributes:
        kind: Word that tells checkpoints of different trainings apart.
        modules: The networks that are trained, by name. The order is the order in the checkpoint.
    """

    kind: str
    modules: dict[str, nn.Module]

    def draw(self, rng: np.random.Generator) -> tuple[Mapping[str, Any], int]:
        """The next batch and how many samples it holds. Everything random comes from ``rng``."""
        ...

    def loss(self, batch: Mapping[str, Any], generator: torch.Generator) -> Tensor:
        """The loss of a batch, a scalar with a gradient."""
        ...

    def sheet(self) -> Image.Image:
        """A picture of what the networks can do; called with the averaged weights in place."""
        ...


class Averages:
    """An exponential moving average of the weights and running statistics of some networks."""

    def __init__(self, modules: Mapping[str, nn.Module], decay: float) -> None:
        self.decay = decay
        self._live = [tensor for module in modules.values() for tensor in _tensors(module)]
        self._mean = [tensor.detach().clone() for tensor in self._live]

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Take in the weights after ``step`` steps; the first steps count less, so the start is soon forgotten."""
        if step % _AVERAGE_EVERY == 0:
            weight = 1 - min(self.decay, (step + 1) / (step + 10)) ** _AVERAGE_EVERY
            torch._foreach_lerp_(self._mean, [tensor.detach() for tensor in self._live], weight)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange averages and live weights; calling it again undoes it."""
        for mean, live in zip(self._mean, self._live, strict=True):
            kept = live.detach().clone()
            live.copy_(mean)
            mean.copy_(kept)

    def state(self) -> list[Tensor]:
        return self._mean

    @torch.no_grad()
    def load(self, state: list[Tensor]) -> None:
        for mean, saved in zip(self._mean, state, strict=True):
            mean.copy_(saved)


def _tensors(module: nn.Module) -> list[Tensor]:
    floating = [buffer for buffer in module.buffers() if buffer.dtype.is_floating_point]
    return [*module.parameters(), *floating]


class Loop:
    """One training on its way. Build it, then call ``run``."""

    def __init__(self, task: Task, settings: TrainSettings, accelerator: Accelerator, report: Report) -> None:
        self.task, self.settings, self.report = task, settings, report
        self.accelerator = accelerator
        make_folder(settings.out)
        self.log = TrainingLog(settings.out, tensorboard=settings.tensorboard and accelerator.is_main_process)
        self.averages = Averages(task.modules, settings.ema)
        self.weights = [
            weight for module in task.modules.values() for weight in module.parameters() if weight.requires_grad
        ]
        optimiser = torch.optim.AdamW(self.weights, lr=settings.lr, betas=(0.9, 0.99), weight_decay=1e-3, fused=True)
        self.optimiser = accelerator.prepare_optimizer(optimiser)
        stream = [settings.seed, accelerator.process_index]
        self.rng = np.random.default_rng(stream)
        self.generator = torch.Generator().manual_seed(int(np.random.default_rng([*stream, 1]).integers(2**62)))
        self.step = self.samples = 0
        self.seconds = 0.0
        self._drawer = ThreadPoolExecutor(1, thread_name_prefix="draw")
        self._drawn: Future[tuple[Mapping[str, Any], int]] | None = None
        self._rng_state: Any = None

    def run(self) -> None:
        """Train to the end of the budget, from the checkpoint if there is one, and keep the averages in the networks.

        Raises:
            BoxpaintError: The checkpoint does not fit, nothing can be written, or the loss is no longer a number.
        """
        self.resume()
        try:
            self._train()
        finally:
            self._drawer.shutdown()
            self.log.close()
        self.save()
        self.averages.swap()

    def _train(self) -> None:
        mark, logged, losses = self.samples, time.perf_counter(), []
        outside, began = 0.0, self.seconds
        while (progress := self.progress()) < 1:
            started = time.perf_counter()
            rate = self._set_rate(progress)
            batch, count = self._next_batch()
            drawn = time.perf_counter()
            losses.append(self._advance(batch))
            self.samples += count * self.accelerator.num_processes
            outside += drawn - started
            self.seconds += time.perf_counter() - started
            if self.samples - mark >= self.settings.interval:
                self._log(rate, losses, self.samples - mark, self.seconds - began, outside)
                self._sheet()
                self.save()
                mark, losses, outside, began = self.samples, [], 0.0, self.seconds
        if losses:
            self._log(0.0, losses, self.samples - mark, self.seconds - began, outside)
        self.report(f"finished {self.samples} samples in {(time.perf_counter() - logged) / 60:.1f} minutes")

    def _next_batch(self) -> tuple[Mapping[str, Any], int]:
        """The batch that was drawn while the last one was learned from; the next one begins to be drawn."""
        batch = self._drawn.result() if self._drawn is not None else self.task.draw(self.rng)
        # A checkpoint is taken before the batch under way counts: resuming draws it again.
        self._rng_state = json.dumps(self.rng.bit_generator.state)
        self._drawn = self._drawer.submit(self.task.draw, self.rng)
        return batch

    def progress(self) -> float:
        """Share of the budget that is used up, 0 … 1 and beyond."""
        limits = []
        if self.settings.samples is not None:
            limits.append(self.samples / self.settings.samples)
        if self.settings.minutes is not None:
            limits.append(self.seconds / 60 / self.settings.minutes)
        return max(limits)

    def _set_rate(self, progress: float) -> float:
        warm = min(1.0, (self.step + 1) / _WARM_UP)
        rate = self.settings.lr * warm * (_FLOOR + (1 - _FLOOR) * (0.5 + 0.5 * math.cos(math.pi * min(progress, 1.0))))
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        return rate

    def _advance(self, batch: Mapping[str, Any]) -> float:
        with self.accelerator.autocast():
            loss = self.task.loss(batch, self.generator)
        value = float(loss.detach())
        if not math.isfinite(value):
            raise BoxpaintError(
                f"the loss is no longer a number after {self.samples} samples.",
                "training",
                file=str(self.settings.out),
                hint="The last checkpoint is intact; begin anew with a lower --lr or --precision fp32.",
            )
        self.optimiser.zero_grad()
        self.accelerator.backward(loss)
        self.accelerator.clip_grad_norm_(self.weights, 1.0)
        self.optimiser.step()
        self.step += 1
        self.averages.update(self.step)
        return value

    def save(self) -> None:
        """Write the checkpoint whole or not at all; the previous one is intact until the new one is."""
        if not self.accelerator.is_main_process:
            return
        state = {
            "version": _VERSION,
            "kind": self.task.kind,
            "settings": json.dumps(self.settings.fixed(), default=str),
            "modules": {name: self._bare(module).state_dict() for name, module in self.task.modules.items()},
            "averages": self.averages.state(),
            "optimiser": self.optimiser.state_dict(),
            "rng": self._rng_state or json.dumps(self.rng.bit_generator.state),
            "generator": self.generator.get_state(),
            "step": self.step,
            "samples": self.samples,
            "seconds": self.seconds,
        }
        # In memory first: torch hides the operating system's reason when a file cannot be written.
        content = io.BytesIO()
        torch.save(state, content)
        write_atomic(self.settings.out / CHECKPOINT, lambda file: file.write(content.getbuffer()))

    def resume(self) -> None:
        """Take up the checkpoint in the output folder, if there is one."""
        path = self.settings.out / CHECKPOINT
        if not path.exists():
            return
        state = _read_checkpoint(path)
        self._check(state, path)
        try:
            for name, module in self.task.modules.items():
                self._bare(module).load_state_dict(state["modules"][name])
            self.averages.load(state["averages"])
            self.optimiser.load_state_dict(state["optimiser"])
        except (KeyError, RuntimeError, ValueError) as error:
            raise _foreign(path, "its weights have other shapes than the networks") from error
        self.rng.bit_generator.state = json.loads(state["rng"])
        self.generator.set_state(state["generator"])
        self.step, self.samples, self.seconds = state["step"], state["samples"], state["seconds"]
        self.log.trim(self.samples)
        self.report(f"resumed at {self.samples} samples")

    def _check(self, state: Mapping[str, Any], path: Path) -> None:
        if state["kind"] != self.task.kind:
            raise _foreign(path, f"it belongs to a training of another kind ({state['kind']})")
        before, now = json.loads(state["settings"]), json.loads(json.dumps(self.settings.fixed(), default=str))
        changed = sorted(name for name in now if before.get(name) != now[name])
        if changed:
            raise _foreign(path, f"it was begun with another {', '.join(changed)}")

    def _bare(self, module: nn.Module) -> nn.Module:
        bare: nn.Module = self.accelerator.unwrap_model(module)
        return bare

    def _log(self, rate: float, losses: list[float], samples: int, seconds: float, outside: float) -> None:
        if not self.accelerator.is_main_process:
            return
        values = (
            self.step,
            self.samples,
            f"{self.seconds / 60:.3f}",
            f"{rate:.3e}",
            f"{sum(losses) / len(losses):.5f}",
            f"{samples / max(seconds, 1e-9):.2f}",
            f"{outside / max(seconds, 1e-9):.4f}",
        )
        row = dict(zip(FIELDS, map(str, values), strict=True))
        self.log.add(row)
        self.report("  ".join(f"{name} {value}" for name, value in row.items()))

    def _sheet(self) -> None:
        if not self.accelerator.is_main_process:
            return
        self.averages.swap()
        try:
            picture = self.task.sheet()
        finally:
            self.averages.swap()
        self.log.sheet(picture, self.samples)


def _read_checkpoint(path: Path) -> dict[str, Any]:
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch reports broken files by a dozen exception types
        raise _foreign(path, "it cannot be read") from error
    if not isinstance(state, dict) or state.get("version") != _VERSION:
        raise _foreign(path, "it is not a checkpoint of this version")
    return state


def _foreign(path: Path, reason: str) -> BoxpaintError:
    return BoxpaintError(
        f"the training cannot be resumed: {reason}.",
        "training",
        file=str(path),
        hint="Choose another --out, repeat the former settings, or delete the file to begin anew.",
    )
