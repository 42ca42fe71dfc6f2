"""Fetching from a real server on this machine: resuming, hashes, the cache, refusals; what is chosen and converted."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from desktop_app.cli import run
from engine.detection.loading import find_detector
from engine.errors import BoxpaintError
from engine.models.catalogue import find_model
from engine.models.choosing import choose
from engine.models.fetching import unfinished
from engine.models.hub import PART
from engine.models.installed import models_folder
from engine.models.loading import load_pipeline
from tests.hub_server import HubServer, Repository

UNET = "unet/diffusion_pytorch_model.safetensors"
NAME = "iterinpaint-clevr"


@pytest.fixture
def repository(hub: HubServer, tiny_pipeline: Path, tmp_path: Path) -> Repository:
    """The tiny pipeline as a published model."""
    return hub.add("j-min/IterInpaint-CLEVR", Path(shutil.copytree(tiny_pipeline, tmp_path / "published")))


def told(capsys: pytest.CaptureFixture[str], *words: object, code: int = 0) -> dict:
    assert run(["models", *map(str, words), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *words: object) -> dict:
    return told(capsys, *words, code=2)["error"]


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict]:
    return {entry["name"]: entry for entry in told(capsys, "list")["models"]}


def test_a_published_model_is_fetched_with_its_settings_and_a_record_of_its_files(capsys, hub, repository) -> None:
    fetched = told(capsys, "fetch", NAME)
    assert fetched["commit"] == repository.commit
    card = find_model(NAME)
    assert (card.guidance, card.steps, card.vocabulary) == (4.0, 50, "clevr-48")
    entry = listed(capsys)[NAME]
    assert entry["installed"] and entry["commit"] == repository.commit and "LayoutBench" in entry["about"]
    checked = told(capsys, "check", NAME)
    assert checked["usable"] and checked["hashed"] == len(list(Path(fetched["folder"]).rglob("*.*"))) - 2


def test_what_is_here_is_not_fetched_again(capsys, hub, repository) -> None:
    told(capsys, "fetch", NAME)
    hub.requests.clear()
    assert told(capsys, "fetch", NAME)["bytes"] == 0 and not hub.requests
    repository.commit = "b" * 40
    assert "already" in refused(capsys, "fetch", NAME)["message"]
    assert told(capsys, "fetch", NAME, "--name", "newer")["commit"] == "b" * 40


def test_a_connection_that_breaks_is_taken_up_where_it_broke(capsys, hub, repository) -> None:
    size = repository.files()[UNET].stat().st_size
    repository.broken[UNET] = [size // 3, size // 2]
    told(capsys, "fetch", NAME)
    assert hub.asked(UNET) == ["", f"bytes={size // 3}-", f"bytes={size // 2}-"]
    assert told(capsys, "check", NAME)["usable"]


def test_a_connection_that_breaks_for_good_leaves_a_half_to_continue(capsys, hub, repository, monkeypatch) -> None:
    monkeypatch.setattr("engine.models.hub._RETRIES", 2)
    size = repository.files()[UNET].stat().st_size
    repository.broken[UNET] = [size // 2] * 4
    error = refused(capsys, "fetch", NAME)
    assert "cannot be reached" in error["message"] and f"{size // 2} of {size}" in error["message"]
    assert "fetch again: it continues" in error["hint"]
    assert "is not whole" in refused(capsys, "check", NAME)["message"]
    half = listed(capsys)[NAME]
    assert not half["installed"] and half["state"] == "unfinished" and 0 < half["done"] < half["bytes"]
    hub.requests.clear()
    repository.broken.clear()
    told(capsys, "fetch", NAME)
    assert hub.requests[0] != ("model_index.json", "") and f"bytes={size // 2}-" in hub.asked(UNET)
    assert unfinished() == [] and told(capsys, "check", NAME)["usable"]


def test_a_fetch_that_was_killed_goes_on_with_the_bytes_it_had_and_its_commit(capsys, hub, repository) -> None:
    size = repository.files()[UNET].stat().st_size
    repository.held[UNET] = size // 2
    words = [sys.executable, "-m", "desktop_app", "models", "fetch", NAME]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL) as process:
        assert hub.reached.wait(60)
        # The server has sent it; the process may not have written any of it yet.
        while not any(part.stat().st_size for part in models_folder().rglob(f"*{PART}")):
            assert process.poll() is None
        process.send_signal(signal.SIGKILL)
    hub.release.set()
    hub.requests.clear()
    assert [half.name for half in unfinished()] == [NAME]
    assert told(capsys, "fetch", NAME)["commit"] == repository.commit
    started = [int(wanted.removeprefix("bytes=").removesuffix("-")) for wanted in hub.asked(UNET)]
    # What was on its way when the process died is lost, what it had written is not.
    assert started and 0 < started[0] <= size // 2 and ("model_index.json", "") not in hub.requests


def test_a_second_process_does_not_fetch_the_same_model(capsys, hub, repository) -> None:
    repository.held[UNET] = 100
    words = [sys.executable, "-m", "desktop_app", "models", "fetch", NAME]
    with subprocess.Popen(words, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        assert hub.reached.wait(60)
        assert "another process" in refused(capsys, "fetch", NAME)["message"]
        hub.release.set()
        assert process.wait(60) == 0
    assert listed(capsys)[NAME]["installed"]


def test_wrong_content_is_thrown_away_and_said(capsys, hub, repository) -> None:
    repository.wrong.add(UNET)
    error = refused(capsys, "fetch", NAME)
    assert error["item"] == UNET and "not what the hub announces" in error["message"] and "again" in error["hint"]
    assert not listed(capsys)[NAME]["installed"]
    repository.wrong.clear()
    hub.requests.clear()
    told(capsys, "fetch", NAME)
    assert {name for name, _ in hub.requests} >= {UNET} and ("model_index.json", "") not in hub.requests


def test_content_that_changes_later_is_found_without_a_network(capsys, hub, repository) -> None:
    folder = Path(told(capsys, "fetch", NAME)["folder"])
    hub.refusal = 500
    weights = folder / UNET
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    (folder / "scheduler" / "scheduler_config.json").unlink()
    findings = told(capsys, "check", NAME, code=2)["findings"]
    assert {item["file"]: item["text"].split(":")[0] for item in findings} == {
        UNET: "its content has changed",
        "scheduler/scheduler_config.json": "it is missing",
    }


def test_what_the_shared_cache_holds_is_not_received_and_stays_when_the_model_is_removed(
    capsys, hub, repository, tmp_path
) -> None:
    from huggingface_hub import hf_hub_download

    cached = Path(hf_hub_download("j-min/IterInpaint-CLEVR", UNET, cache_dir=tmp_path / "cache", endpoint=hub.url))
    hub.requests.clear()
    folder = Path(told(capsys, "fetch", NAME)["folder"])
    assert not hub.asked(UNET) and hub.asked("vae/diffusion_pytorch_model.safetensors")
    assert (folder / UNET).samefile(cached)
    told(capsys, "remove", NAME)
    assert not folder.exists() and cached.is_file()


def test_a_filled_cache_works_without_a_network(capsys, hub, repository, tmp_path, monkeypatch) -> None:
    from huggingface_hub import constants, snapshot_download

    snapshot_download("j-min/IterInpaint-CLEVR", cache_dir=tmp_path / "cache", endpoint=hub.url)
    hub.refusal = 503
    hub.requests.clear()
    assert told(capsys, "fetch", NAME)["commit"] == repository.commit and not hub.requests
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert told(capsys, "fetch", NAME, "--name", "offline")["commit"] == repository.commit
    assert told(capsys, "check", "offline")["usable"]


def test_a_damaged_cache_is_not_believed(capsys, hub, repository, tmp_path) -> None:
    from huggingface_hub import hf_hub_download

    cached = Path(hf_hub_download("j-min/IterInpaint-CLEVR", UNET, cache_dir=tmp_path / "cache", endpoint=hub.url))
    content = bytearray(cached.read_bytes())
    content[-1] ^= 1
    cached.resolve().write_bytes(content)
    hub.requests.clear()
    told(capsys, "fetch", NAME)
    assert hub.asked(UNET) == [""] and told(capsys, "check", NAME)["usable"]


def test_a_gated_model_says_how_to_log_in_and_comes_to_those_who_did(capsys, hub, repository, monkeypatch) -> None:
    repository.gated = True
    error = refused(capsys, "fetch", NAME)
    assert "accepted its terms" in error["message"]
    assert "hf auth login" in error["hint"] and f"{hub.url}/j-min/IterInpaint-CLEVR" in error["hint"]
    monkeypatch.setenv("HF_TOKEN", HubServer.TOKEN)
    assert told(capsys, "fetch", NAME)["commit"] == repository.commit


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (("iterinpaint-cleve",), "no published model", "Did you mean iterinpaint-clevr?"),
        (("unheard-of",), "no published model", "OWNER/NAME"),
        (("nobody/nothing",), "has no model nobody/nothing", "owner/name"),
        ((NAME, "--revision", "v9"), "has no revision 'v9'", "j-min/IterInpaint-CLEVR"),
        ((NAME, "--name", "../up"), "cannot be a model's", "letters"),
    ],
)
def test_what_cannot_be_fetched_is_said_with_a_remedy(capsys, hub, repository, words, message, hint) -> None:
    error = refused(capsys, "fetch", *words)
    assert message in error["message"] and hint in error["hint"]
    assert not [entry for entry in listed(capsys).values() if entry["state"] not in ("built-in", "fetchable")]


@pytest.mark.parametrize("status", [403, 500])
def test_a_hub_that_refuses_is_said_with_a_remedy(capsys, hub, repository, status) -> None:
    hub.refusal = status
    error = refused(capsys, "fetch", NAME)
    assert str(status) in error["message"] and ("log in" in error["hint"] or "later" in error["hint"])


def test_a_commit_can_be_asked_for(capsys, hub, repository) -> None:
    assert told(capsys, "fetch", NAME, "--revision", repository.commit)["commit"] == repository.commit


def test_a_full_disk_is_said_before_anything_is_received(capsys, hub, repository, monkeypatch) -> None:
    usage = type("Usage", (), {"free": 10**6})()
    monkeypatch.setattr("engine.models.fetching.shutil.disk_usage", lambda _: usage)
    error = refused(capsys, "fetch", NAME)
    assert "1.0 MB free" in error["message"] and "BOXPAINT_MODELS" in error["hint"]
    assert {name for name, _ in hub.requests} == {"model_index.json"}


def test_any_repository_can_be_fetched_by_its_name(capsys, hub, repository) -> None:
    hub.add("somebody/their-model", repository.folder)
    assert told(capsys, "fetch", "somebody/their-model")["name"] == "their-model"
    assert find_model("their-model").inpaints
    (repository.folder / "unet" / "config.json").write_text("{")
    hub.add("somebody/broken", repository.folder)
    assert refused(capsys, "fetch", "somebody/broken")["item"] == "unet/config.json"
    assert not listed(capsys)["broken"]["installed"]
    told(capsys, "remove", "broken")
    assert "broken" not in listed(capsys)


def test_a_repository_that_would_write_elsewhere_is_refused(capsys, hub, repository, monkeypatch) -> None:
    entry = {"type": "file", "path": "../../evil.json", "size": 2, "oid": "0" * 40}
    monkeypatch.setattr(Repository, "tree", lambda _: [entry])
    assert refused(capsys, "fetch", NAME)["item"] == "../../evil.json"


def pickle_weights(folder: Path) -> None:
    """As the published checkpoints are: pickled weights only, and a class that does not take a mask."""
    for file in folder.rglob("*.safetensors"):
        stem = "pytorch_model" if file.stem == "model" else file.stem
        torch.save(load_file(file), file.with_name(f"{stem}.bin"))
        file.unlink()
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps({**index, "_class_name": "StableDiffusionPipeline"}))


def test_pickled_weights_are_converted_when_there_are_no_others(capsys, repository) -> None:
    weights = load_file(repository.folder / UNET)
    pickle_weights(repository.folder)
    folder = Path(told(capsys, "fetch", NAME)["folder"])
    assert not list(folder.rglob("*.bin"))
    fetched = load_file(folder / UNET)
    assert all(torch.equal(fetched[name], value) for name, value in weights.items())
    assert find_model(NAME).pipeline_class == "StableDiffusionInpaintPipeline"
    assert told(capsys, "check", NAME)["usable"]
    loaded = load_pipeline(find_model(NAME), device="cpu", precision="fp32")
    assert type(loaded.pipeline).__name__ == "StableDiffusionInpaintPipeline"


def test_a_folder_with_pickled_weights_is_imported(capsys, repository) -> None:
    pickle_weights(repository.folder)
    folder = Path(told(capsys, "import", repository.folder, "--name", "mine")["folder"])
    assert not list(folder.rglob("*.bin")) and find_model("mine").inpaints


def test_a_pickle_that_could_run_code_is_refused(capsys, repository, tmp_path) -> None:
    pickle_weights(repository.folder)
    torch.save({"weight": Path("/")}, repository.folder / "unet" / "diffusion_pytorch_model.bin")
    error = refused(capsys, "fetch", NAME)
    assert "could run code" in error["message"] and "unet" in error["file"]
    assert "could run code" in refused(capsys, "import", repository.folder, "--name", "mine")["message"]
    assert not listed(capsys)[NAME]["installed"] and "mine" not in listed(capsys)


def test_of_several_weights_one_set_is_received(capsys, hub, repository) -> None:
    unet = repository.folder / "unet"
    half = {name: value.half() for name, value in load_file(repository.folder / UNET).items()}
    from safetensors.torch import save_file

    save_file(half, unet / "diffusion_pytorch_model.fp16.safetensors", metadata={"format": "pt"})
    (unet / "diffusion_pytorch_model.non_ema.safetensors").write_bytes(b"unwanted")
    (unet / "diffusion_pytorch_model.bin").write_bytes(b"unwanted")
    (repository.folder / "v1-5-pruned.ckpt").write_bytes(b"unwanted")
    folder = Path(told(capsys, "fetch", NAME)["folder"])
    assert [path.name for path in sorted((folder / "unet").iterdir())] == [
        "config.json",
        "diffusion_pytorch_model.safetensors",
    ]
    assert all(value.dtype == torch.float16 for value in load_file(folder / UNET).values())
    assert not [name for name, _ in hub.requests if "unwanted" in name or name.endswith((".bin", ".ckpt", ".non_ema"))]


def test_shards_come_with_their_list_and_unused_parts_stay() -> None:
    shards = [f"transformer/diffusion_pytorch_model-0000{number}-of-00002.safetensors" for number in (1, 2)]
    listing = "transformer/diffusion_pytorch_model.safetensors.index.json"
    names = [
        *shards,
        listing,
        "transformer/config.json",
        "model_index.json",
        "ae.safetensors",
        "other/model.safetensors",
    ]
    index = {"_class_name": "FluxFillPipeline", "transformer": ["diffusers", "X"], "image_encoder": [None, None]}
    taken = {choice.source for choice in choose(names, index, half=True, shown="x")}
    assert taken == {*shards, listing, "transformer/config.json", "model_index.json"}


def test_a_model_of_two_repositories_becomes_one_folder(capsys, hub, repository, tmp_path) -> None:
    from diffusers import ControlNetModel, UNet2DConditionModel

    unet = UNet2DConditionModel.from_pretrained(repository.folder, subfolder="unet")
    control = ControlNetModel.from_unet(unet, conditioning_channels=3)
    control.save_pretrained(tmp_path / "control")
    hub.add("stable-diffusion-v1-5/stable-diffusion-v1-5", repository.folder)
    hub.add("lllyasviel/control_v11p_sd15_seg", tmp_path / "control", commit="c" * 40)
    folder = Path(told(capsys, "fetch", "controlnet-seg")["folder"])
    assert (folder / "controlnet" / "diffusion_pytorch_model.safetensors").is_file()
    assert find_model("controlnet-seg").pipeline_class == "StableDiffusionControlNetPipeline"
    assert told(capsys, "check", "controlnet-seg")["usable"]


def test_a_dataset_is_fetched_in_the_same_way(capsys, hub, tmp_path) -> None:
    source = tmp_path / "dataset"
    (source / "number_few").mkdir(parents=True)
    (source / "number_few" / "scenes.json").write_text("{}")
    (source / "picture.bin").write_bytes(b"p" * 1000)
    hub.add("j-min/layoutbench", source).broken["picture.bin"] = [500]
    out = tmp_path / "data"
    assert run(["datasets", "fetch", "layoutbench", "--out", str(out), "--json"]) == 0
    assert (out / "picture.bin").read_bytes() == b"p" * 1000
    assert json.loads((out / "boxpaint-download.json").read_text())["commit"] == "a" * 40
    assert hub.asked("picture.bin") == ["", "bytes=500-"]
    hub.requests.clear()
    assert run(["datasets", "fetch", "layoutbench", "--out", str(tmp_path / "few"), "--layouts-only"]) == 0
    assert [name for name, _ in hub.requests] == ["number_few/scenes.json"]


def test_a_published_model_that_is_not_here_is_told_with_how_to_get_it() -> None:
    for find, name in ((find_model, NAME), (find_detector, "rtdetr-coco")):
        with pytest.raises(BoxpaintError) as caught:
            find(name)
        assert f"boxpaint models fetch {name}" in str(caught.value.hint)
