"""Whether a method fits a model, and what would work where it does not."""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import BoxpaintError
from engine.models.card import ModelCard
from engine.models.families import FAMILIES, TASK_WORDS, Task
from engine.models.loading import LoadedModel


def check_task(method: str, tasks: Sequence[Task], card: ModelCard) -> None:
    """Refuse a model whose pipeline is for none of the ``tasks`` that a method is for.

    Raises:
        BoxpaintError: It is for something else, or its class is not known; the hint says what would work.
    """
    family = card.family
    if family.task in tasks:
        return
    wanted, present = " or ".join(TASK_WORDS[task] for task in tasks), TASK_WORDS[family.task]
    classes = dict.fromkeys(other.pipeline_class for other in FAMILIES if other.task in tasks)
    raise BoxpaintError(
        f"{card.pipeline_class} is not for {wanted}, as the method {method} needs: it is for {present}.",
        "model",
        file=str(card.folder),
        hint=f"Use another method for this model ({', '.join(family.methods)}), or another model for this method "
        f"({', '.join(classes)}).",
    )


def check_length(prompt: str, model: LoadedModel, *, objects: int | None = None) -> None:
    """Refuse a prompt whose end the text encoder would not read: diffusers cuts it off with a mere warning.

    Args:
        prompt: What the model is to be given.
        model: Whose tokenizer counts.
        objects: How many objects the prompt says, where it says a whole layout.
    """
    tokenizer = getattr(model.pipeline, model.card.family.tokenizer)
    count, limit = len(tokenizer(prompt)["input_ids"]), tokenizer.model_max_length
    if count <= limit:
        return
    what = f"the prompt {prompt!r}" if objects is None else f"the prompt of {objects} objects"
    raise BoxpaintError(
        f"{what} takes {count} tokens, the model reads {limit}.",
        "layout",
        hint="Use a shorter prompt or caption."
        if objects is None
        else "Use fewer objects or shorter prompts, or an iterative method, which has no such limit.",
    )
