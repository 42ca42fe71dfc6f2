"""Models that cannot be painted with: every command says so at once, before slow libraries are loaded."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_app.__main__ import main
from tests.pipelines import make_tiny_pipeline

UNET = "unet/diffusion_pytorch_model.safetensors"


def cut_short(folder: Path) -> None:
    content = (folder / UNET).read_bytes()
    (folder / UNET).write_bytes(content[: len(content) // 2])


def without_weights(folder: Path) -> None:
    (folder / UNET).rename(folder / "unet" / "diffusion_pytorch_model.bin")


def without_a_part(folder: Path) -> None:
    shutil.rmtree(folder / "text_encoder")


def without_the_autoencoder(folder: Path) -> None:
    shutil.rmtree(folder / "vae")


def with_half_a_configuration(folder: Path) -> None:
    config = folder / "unet" / "config.json"
    config.write_text(config.read_text()[:50])


def with_another_text_encoder(folder: Path) -> None:
    config = folder / "text_encoder" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "hidden_size": 32}))


@pytest.fixture
def told(layout_file: Path, tmp_path: Path, capsys) -> Callable[..., dict[str, Any]]:
    """The refusal of a command, which leaves nothing behind."""

    def refusal(command: str, *words: object) -> dict[str, Any]:
        out = tmp_path / "out"
        assert main([*map(str, (command, layout_file, "--out", out, *words)), "--json"]) == 2
        assert not out.exists()
        return json.loads(capsys.readouterr().out)["error"]

    return refusal


@pytest.mark.parametrize("command", ["generate", "batch"])
@pytest.mark.parametrize(
    ("spoil", "file", "message", "hint"),
    [
        (cut_short, UNET, "bytes are there", "again"),
        (without_weights, "unet", "no safetensors", "models import"),
        (without_a_part, "text_encoder", "missing", "again"),
        (without_the_autoencoder, "vae/config.json", "missing", "again"),
        (with_half_a_configuration, "unet/config.json", "JSON", "again"),
        (with_another_text_encoder, "text_encoder/config.json", "32 features, the U-Net takes 16", "different models"),
    ],
)
def test_a_folder_that_is_incomplete_or_mixed(told, tiny_pipeline, tmp_path, command, spoil, file, message, hint):
    folder = shutil.copytree(tiny_pipeline, tmp_path / "model")
    spoil(folder)
    error = told(command, "--model", folder)
    assert error["file"] == str(folder / file) and message in error["message"] and hint in error["hint"]


@pytest.mark.parametrize("command", ["generate", "batch"])
def test_a_model_for_another_method(told, tiny_pipeline, tmp_path, command):
    text = make_tiny_pipeline(tmp_path / "text", inpainting=False)
    error = told(command, "--model", text, "--method", "iterinpaint")
    assert "not for inpainting" in error["message"] and "text-only" in error["hint"]
    error = told(command, "--model", tiny_pipeline, "--method", "text-only")
    assert "text-only" in error["message"] and "iterinpaint" in error["hint"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [("no-such", "Installed: clevr-mini"), ("gligen", "fetch gligen"), ("someone/model", "fetch someone/model")],
)
def test_a_model_that_is_not_here(told, name, hint):
    error = told("generate", "--model", name)
    assert error["field"] == "model" and hint in error["hint"]


@pytest.mark.parametrize("command", ["generate", "batch"])
def test_it_is_said_before_torch_is_loaded(tiny_pipeline, layout_file, tmp_path, command):
    folder = shutil.copytree(tiny_pipeline, tmp_path / "model")
    with_another_text_encoder(folder)
    for words in (["--model", folder], ["--model", tiny_pipeline, "--method", "text-only"]):
        probe = f"""
import sys
from desktop_app.__main__ import main
code = main({[command, *map(str, (layout_file, "--out", tmp_path / "out", *words))]!r})
print(code, "torch" in sys.modules)
"""
        paths = [str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
        done = subprocess.run(
            [sys.executable, "-c", probe], capture_output=True, text=True, check=False, env=environment
        )
        assert done.stdout.split() == ["2", "False"], done.stderr
