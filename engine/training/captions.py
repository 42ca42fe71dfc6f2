"""The tiny CLIP text encoder of the built-in pipeline and a tokenizer with a vocabulary of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import torch
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

from engine.layout.vocabulary import CLEVR_COLORS, CLEVR_MATERIALS, CLEVR_SHAPES

CLEVR_WORDS = ("background", "add", *CLEVR_COLORS, *CLEVR_MATERIALS, *CLEVR_SHAPES)
"""Every word of the published CLEVR prompts; the longest chain first, see ``build_tokenizer``."""

_END = "</w>"


def _byte_symbols() -> list[str]:
    """The 256 printable stand-ins for bytes that byte-level BPE uses, as in GPT-2."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    extra = [chr(256 + index) for index in range(256 - len(plain))]
    return [chr(code) for code in plain] + extra


def build_tokenizer(words: Iterable[str] = CLEVR_WORDS, length: int = 16) -> CLIPTokenizer:
    """A CLIP tokenizer that knows each word as one token and spells out every other word byte by byte.

    A word's merges run from left to right (``b a``, ``ba c``, …). The order of the words matters: were ``g r`` of
    "gray" to rank before "background", that word would no longer merge into one token. Words that break are moved
    to the front until every word is whole.
    """
    order = list(dict.fromkeys(words))
    for _ in range(len(order)):
        tokenizer = _tokenizer(order, length)
        broken = [word for word in order if len(tokenizer(word)["input_ids"]) != 3]
        if not broken:
            return tokenizer
        order = broken + [word for word in order if word not in broken]
    raise ValueError(f"no order of merges keeps these words whole: {', '.join(broken)}")


def _tokenizer(words: Sequence[str], length: int) -> CLIPTokenizer:
    symbols = _byte_symbols()
    tokens = symbols + [symbol + _END for symbol in symbols]
    merges: dict[tuple[str, str], None] = {}
    for word in words:
        parts = [*word[:-1], word[-1] + _END]
        head = parts[0]
        for part in parts[1:]:
            merges.setdefault((head, part))
            head += part
    tokens += [left + right for left, right in merges]
    tokens += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {token: index for index, token in enumerate(dict.fromkeys(tokens))}
    return CLIPTokenizer(vocab=vocabulary, merges=list(merges), model_max_length=length)


def build_text_encoder(tokenizer: CLIPTokenizer, width: int = 128, layers: int = 2) -> CLIPTextModel:
    """A text encoder with random weights for this tokenizer."""
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer),
            hidden_size=width,
            intermediate_size=4 * width,
            num_hidden_layers=layers,
            num_attention_heads=4,
            max_position_embeddings=tokenizer.model_max_length,
            projection_dim=width,
            bos_token_id=tokenizer.bos_token_id,
            eos_token_id=tokenizer.eos_token_id,
            pad_token_id=tokenizer.pad_token_id,
        )
    )


def token_ids(tokenizer: CLIPTokenizer, captions: Sequence[str]) -> torch.Tensor:
    """Token ids (N, length), padded as the pipeline pads them."""
    return tokenizer(
        list(captions),
        padding="max_length",
        max_length=tokenizer.model_max_length,
        truncation=True,
        return_tensors="pt",
    ).input_ids
