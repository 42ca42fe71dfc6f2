"""Detectors that are told in words what to look for: tiny real OWLv2, OWL-ViT and Grounding DINO."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import transformers as t
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from desktop_app.cli import run
from engine.detection.checking import check_detector
from engine.detection.loading import load_detector
from engine.detection.open_vocabulary import _joined
from engine.detection.protocol import OpenVocabulary, asked
from engine.errors import BoxpaintError
from engine.layout import Box, Layout, LayoutObject
from engine.runs.looking import Looking

PICTURE = Image.fromarray(np.random.default_rng(5).integers(0, 255, (48, 64, 3), np.uint8))
PHOTOGRAPHS = Path(__file__).parents[1] / "data" / "photographs"
WORDS = ("a", "photo", "of", "the", "red", "blue", "cat", "dog", "cup", "spoon", "cube", "thing", ".", "?")


def clip_tokenizer() -> t.PreTrainedTokenizerFast:
    vocabulary = {"<pad>": 0, "<unk>": 1, **{word: number for number, word in enumerate(WORDS, 2)}}
    vocabulary |= {"<start>": len(vocabulary), "<end>": len(vocabulary) + 1}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<start> $A <end>", special_tokens=[(name, vocabulary[name]) for name in ("<start>", "<end>")]
    )
    return t.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="<pad>", unk_token="<unk>")


def bert_tokenizer() -> t.PreTrainedTokenizerFast:
    """The words after BERT's own numbers, since Grounding DINO knows [CLS], [SEP] and the full stop by theirs."""
    vocabulary = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, ".": 1012, "?": 1029}
    vocabulary |= {word: number for number, word in enumerate((word for word in WORDS if word.isalpha()), 1100)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, "[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS]:0 $A:0 [SEP]:0", special_tokens=[("[CLS]", 101), ("[SEP]", 102)]
    )
    return t.PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token="[PAD]", unk_token="[UNK]")


def save_owl(folder: Path, version: str = "v2") -> Path:
    torch.manual_seed(1)
    kind = {"v2": "Owlv2", "vit": "OwlViT"}[version]
    get = lambda name: getattr(t, f"{kind}{name}")  # noqa: E731
    tokenizer = clip_tokenizer()
    text = {
        "vocab_size": len(tokenizer), "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1,
        "num_attention_heads": 2, "max_position_embeddings": 16, "pad_token_id": 0,
        "bos_token_id": len(tokenizer) - 2, "eos_token_id": len(tokenizer) - 1,
    }  # fmt: skip
    vision = {
        "hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2,
        "image_size": 32, "patch_size": 8,
    }  # fmt: skip
    model = get("ForObjectDetection")(get("Config")(text_config=text, vision_config=vision, projection_dim=16))
    model.eval().save_pretrained(folder)
    images = get("ImageProcessor")(size={"height": 32, "width": 32})
    get("Processor")(image_processor=images, tokenizer=tokenizer).save_pretrained(folder)
    return folder


def save_grounding(folder: Path, longest: int = 256) -> Path:
    torch.manual_seed(2)
    backbone = t.SwinConfig(
        image_size=64, patch_size=4, embed_dim=8, depths=[1, 1, 1, 1], num_heads=[1, 1, 2, 2], window_size=2,
        out_features=["stage2", "stage3", "stage4"],
    )  # fmt: skip
    text = t.BertConfig(
        vocab_size=1200, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16
    )
    config = t.GroundingDinoConfig(
        backbone_config=backbone, text_config=text, d_model=32, encoder_layers=1, decoder_layers=2, encoder_ffn_dim=16,
        decoder_ffn_dim=16, encoder_attention_heads=2, decoder_attention_heads=2, num_queries=12,
        num_feature_levels=4, max_text_len=longest,
    )  # fmt: skip
    t.GroundingDinoForObjectDetection(config).eval().save_pretrained(folder)
    images = t.GroundingDinoImageProcessor(size={"shortest_edge": 64, "longest_edge": 96})
    t.GroundingDinoProcessor(image_processor=images, tokenizer=bert_tokenizer()).save_pretrained(folder)
    return folder


needs_scipy = pytest.mark.skipif(find_spec("scipy") is None, reason="the extra boxpaint[owl] is not installed")

SAVE = {
    "owlv2": lambda folder: save_owl(folder),
    "owlvit": lambda folder: save_owl(folder, "vit"),
    "grounding-dino": save_grounding,
}


@needs_scipy
@pytest.mark.parametrize("family", SAVE)
def test_it_looks_for_what_it_is_told_and_says_so(family, tmp_path) -> None:
    detector = load_detector(SAVE[family](tmp_path))
    assert check_detector(tmp_path) == [], "sound"
    assert isinstance(detector, OpenVocabulary) and detector.labels == ()
    with pytest.raises(BoxpaintError, match="told nothing"):
        detector.detect([PICTURE])
    told = asked(detector, ("red cat", "dog", "red cat"))
    assert told.labels == ("red cat", "dog")
    first, again = told.detect([PICTURE, PICTURE])
    assert first == again and {item.label for item in first} == {"red cat", "dog"}
    scores = [item.score for item in first]
    assert scores == sorted(scores, reverse=True) and len(scores) <= 300
    assert asked(detector, ()).detect([PICTURE]) == [[]]


@needs_scipy
@pytest.mark.parametrize("version", ["v2", "vit"])
def test_owls_scores_and_boxes_are_its_own_processors(version, tmp_path) -> None:
    folder = save_owl(tmp_path, version)
    found = asked(load_detector(folder), ("cat",)).detect([PICTURE])[0]
    model, processor = (
        t.AutoModelForZeroShotObjectDetection.from_pretrained(folder),
        t.AutoProcessor.from_pretrained(folder),
    )
    inputs = processor(
        text=[["a photo of a cat"]], images=PICTURE, return_tensors="pt", padding="max_length", max_length=16
    )
    with torch.inference_mode():
        outputs = model(**inputs)
    (wanted,) = processor.post_process_grounded_object_detection(
        outputs, threshold=0.0, target_sizes=[(PICTURE.height, PICTURE.width)]
    )
    rows = usable_rows(wanted["scores"], wanted["boxes"])
    assert len(found) == len(rows) > 0
    for item, (score, box) in zip(found, rows, strict=True):
        assert item.score == pytest.approx(score, abs=1e-5)
        assert list(item.box.scaled(*PICTURE.size)) == pytest.approx(box, abs=1e-3)


def parts(folder: Path) -> tuple[Any, Any]:
    return t.AutoModelForZeroShotObjectDetection.from_pretrained(folder), t.AutoProcessor.from_pretrained(folder)


def usable_rows(scores: torch.Tensor, boxes: torch.Tensor) -> list[tuple[float, list[float]]]:
    """Scores with boxes in pixels, cut off at the picture's edges, those with an area, best first."""
    sides = torch.tensor([PICTURE.width, PICTURE.height] * 2)
    cut = torch.minimum(boxes.clamp(min=0), sides).tolist()
    pairs = zip(scores.tolist(), cut, strict=True)
    rows = [(score, box) for score, box in pairs if min(box[2] - box[0], box[3] - box[1]) > 1e-4]
    return sorted(rows, key=lambda row: -row[0])


def test_a_label_of_several_words_scores_as_the_mean_of_its_words(tmp_path) -> None:
    folder = save_grounding(tmp_path)
    found = asked(load_detector(folder), ("red cat", "dog")).detect([PICTURE])[0]
    model, processor = (
        t.AutoModelForZeroShotObjectDetection.from_pretrained(folder),
        t.AutoProcessor.from_pretrained(folder),
    )
    inputs = processor(images=PICTURE, text=[["red cat", "dog"]], return_tensors="pt")
    assert inputs["input_ids"].shape[1] == 7, "[CLS] red cat . dog . [SEP]"
    with torch.inference_mode():
        probabilities = model(**inputs).logits[0].sigmoid()
    wanted = {"red cat": probabilities[:, 1:3].mean(1), "dog": probabilities[:, 4]}
    for label, scores in wanted.items():
        mine = [item.score for item in found if item.label == label]
        assert mine == pytest.approx(sorted(scores.tolist(), reverse=True)[: len(mine)], abs=1e-5) and len(mine) > 6


def test_more_labels_than_fit_into_one_text_are_asked_for_in_parts(tmp_path) -> None:
    detector = load_detector(save_grounding(tmp_path, longest=9))
    labels = ("red cat", "dog", "cup", "spoon", "blue cube")
    assert {item.label for item in asked(detector, labels).detect([PICTURE])[0]} == set(labels)
    with pytest.raises(BoxpaintError, match="at most 9 words"):
        asked(detector, ("cat", "red blue red blue red blue red blue cat")).detect([PICTURE])


def test_a_missing_tokenizer_is_found_without_loading(tmp_path) -> None:
    (save_grounding(tmp_path) / "tokenizer.json").unlink()
    assert [item.file for item in check_detector(tmp_path) if item.serious] == ["tokenizer.json"]


def test_prompts_with_stops_are_one_label() -> None:
    assert _joined(["A cat. Sitting?", "…."]) == ("a cat sitting. ….", [(0, 13), (15, 16)])


@needs_scipy
def test_layouts_prompts_are_looked_for_by_detect_and_evaluate(tmp_path, capsys, monkeypatch) -> None:
    monkeypatch.setenv("BOXPAINT_MODELS", str(tmp_path / "own"))
    folder = save_owl(tmp_path / "owl")
    assert run(["models", "import", str(folder), "--name", "owl"]) == 0
    assert run(["models", "list"]) == 0 and "open vocabulary, any words" in capsys.readouterr().out
    words = ["--layouts", str(PHOTOGRAPHS), "--detector", "owl"]
    assert run(["evaluate", str(PHOTOGRAPHS), *words, "--protocol", "layoutbench-coco", "--json"]) == 0
    assert not json.loads(capsys.readouterr().out)["preflight"], "it knows every class"
    results = tmp_path / "results.json"
    assert run(["detect", str(PHOTOGRAPHS), "--detector", "owl", "--out", str(results), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["field"] == "--labels"
    labelled = ["--labels", "red cup, cat", "--json"]
    assert run(["detect", str(PHOTOGRAPHS), "--detector", "owl", "--out", str(results), *labelled]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {entry["name"] for entry in told["categories"]} == {"red cup", "cat"} and told["detections"] > 0


@needs_scipy
def test_a_runs_steps_are_looked_at_for_the_layouts_prompts(tmp_path) -> None:
    layout = Layout(
        64, 48, (LayoutObject("a", "red cat", Box(0, 0, 0.5, 0.5)), LayoutObject("b", "dog", Box(0.5, 0.5, 1, 1)))
    )
    looking = Looking(str(save_owl(tmp_path)), layout)
    name, labels, problem = looking.announcement(wait=True) or ("", (), "no announcement")
    assert (name, labels, problem) == (tmp_path.name, ("red cat", "dog"), "")
    looking.look(0, PICTURE)
    ((index, found),) = looking.found(wait=True)
    assert index == 0 and {item.label for item in found} == {"red cat", "dog"}
    looking.close()
