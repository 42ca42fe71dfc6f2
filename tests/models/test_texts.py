"""Prompts' embeddings are kept, equal to what a call computes, within a limit and only for the weights they are of."""

from __future__ import annotations

import pytest

from engine.models.card import read_card
from engine.models.loading import LoadedModel, load_pipeline
from engine.models.texts import TextEmbeddings

PROMPTS = ["Add red metal cube", "Add blue rubber sphere"]


@pytest.fixture(scope="module")
def model(tiny_pipeline) -> LoadedModel:
    return load_pipeline(read_card(tiny_pipeline), device="cpu", precision="fp32")


@pytest.fixture
def encoded(model, monkeypatch) -> list[str]:
    """The prompts that the text encoder was asked for, in order."""
    asked: list[str] = []
    inside = type(model.pipeline).encode_prompt

    def watched(self, *args, **kwargs):
        asked.append(kwargs.get("prompt"))
        return inside(self, *args, **kwargs)

    monkeypatch.setattr(type(model.pipeline), "encode_prompt", watched)
    return asked


@pytest.mark.parametrize("guided", [True, False])
def test_they_are_those_of_the_pipeline_and_computed_once(model, encoded, guided) -> None:
    import torch

    texts = TextEmbeddings()
    given = texts.arguments(model.pipeline, PROMPTS, guided=guided)
    again = texts.arguments(model.pipeline, [PROMPTS[1], *PROMPTS], guided=guided)
    assert encoded == PROMPTS
    for number, prompt in enumerate(PROMPTS):
        positive, negative = model.pipeline.encode_prompt(
            prompt=prompt, device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=guided
        )
        assert torch.equal(given["prompt_embeds"][number : number + 1], positive)
        assert torch.equal(again["prompt_embeds"][number + 1 : number + 2], positive)
        if guided:
            assert torch.equal(given["negative_prompt_embeds"][number : number + 1], negative)
        else:
            assert set(given) == {"prompt_embeds"}


def test_other_weights_ask_anew_and_the_oldest_go_when_there_are_too_many_bytes(model, encoded) -> None:
    one = model.pipeline.tokenizer.model_max_length * 16 * 4 * 2
    texts = TextEmbeddings(limit=one)
    for prompt in (PROMPTS[0], PROMPTS[0], PROMPTS[1], PROMPTS[0]):
        texts.arguments(model.pipeline, [prompt], guided=True)
    assert encoded == [PROMPTS[0], PROMPTS[1], PROMPTS[0]]
    texts.for_weights(())
    texts.arguments(model.pipeline, PROMPTS[:1], guided=True)
    assert len(encoded) == 3
    texts.for_weights(("a lora",))
    texts.arguments(model.pipeline, PROMPTS[:1], guided=True)
    assert len(encoded) == 4
