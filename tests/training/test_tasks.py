"""The published tasks: what is shown, what is hidden, and what is asked for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch
from diffusers import StableDiffusionInpaintPipeline

from engine.inpainting.windows import Window
from engine.training import tasks
from engine.training.captions import CLEVR_WORDS, build_text_encoder, build_tokenizer
from engine.training.latents import ZOOM_VIEWS, Encoder, SampleSource
from engine.training.networks import build_autoencoder, build_scheduler, build_unet


def test_object_crops_lie_on_black(pictures):
    picture = pictures.train[0]
    canvas = np.asarray(tasks.object_crops(picture, [0]))
    box = picture.boxes[0]
    assert (canvas[box.y0 : box.y1, box.x0 : box.x1] == np.asarray(picture.image.crop(box))).all()
    outside = np.ones(canvas.shape[:2], bool)
    outside[box.y0 : box.y1, box.x0 : box.x1] = False
    assert not canvas[outside].any()


def test_the_context_is_a_random_number_of_other_objects(pictures):
    picture = pictures.train[0]
    rng = np.random.default_rng(0)
    drawn = [tasks.draw_context(picture, 1, rng) for _ in range(200)]
    assert all(1 not in context and len(set(context)) == len(context) for context in drawn)
    assert {len(context) for context in drawn} == set(range(len(picture.boxes)))


def test_holes_are_mid_gray_and_empty_context_is_black(pictures):
    sample = tasks.foreground_window(pictures.train[0], 0, 64, np.random.default_rng(0))
    assert sample.caption == f"Add {pictures.train[0].labels[0]}"
    masked = sample.masked
    assert (masked[sample.mask == 1] == 0).all()
    assert masked[sample.mask == 0].min() == -1
    rows, columns = np.nonzero(sample.mask)
    assert sample.mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1].all(), "the mask is a rectangle"
    assert sample.target[sample.mask == 1].mean() > 20, "the object is in the target"


def test_neighbours_that_nothing_tells_of_are_not_learned(pictures):
    picture = pictures.train[0]
    assert picture.boxes[0].meets(picture.boxes[2]), "one neighbour reaches into the box"
    shares = set()
    for seed in range(30):
        shown = {0, *tasks.draw_context(picture, 0, np.random.default_rng(seed))}
        sample = tasks._foreground(picture, 0, Window(0, 0, 320), 320, np.random.default_rng(seed))
        wanted = np.ones((320, 320), np.uint8)
        for index, box in enumerate(picture.boxes):
            if index not in shown:
                wanted[box.y0 : box.y1, box.x0 : box.x1] = 0
        assert (sample.told == wanted).all()
        shares.add(float(sample.told[sample.mask == 1].mean()))
    assert len(shares) == 2 and max(shares) == 1, "all of the box, or all but the neighbour's part of it"


def test_what_is_not_to_be_learned_gives_no_loss(pictures):
    sample = tasks.foreground_window(pictures.train[0], 0, 64, np.random.default_rng(0))
    told = np.ones_like(sample.told)
    told[9:17, 20:24] = 0
    batch = Encoder(build_autoencoder(), [sample.caption]).encode([replace(sample, told=told)])
    assert batch.told[0, 0].tolist() == [[int(not (2 <= y <= 4 and x == 5)) for x in range(16)] for y in range(16)]


def test_the_background_is_everything_outside_the_boxes(pictures):
    picture = pictures.train[1]
    sample = tasks._background(picture, Window(0, 0, 320), 320)
    inside = np.zeros((320, 320), bool)
    for box in picture.boxes:
        inside[box.y0 : box.y1, box.x0 : box.x1] = True
    assert ((sample.mask == 0) == inside).all()
    assert (sample.target == np.asarray(picture.image)).all()
    assert sample.caption == "Add gray background"


def test_every_view_gives_its_size_and_is_the_same_again(pictures):
    source = SampleSource(pictures.train, 7)
    for index, view in enumerate(ZOOM_VIEWS):
        first, again = (source.sample(ZOOM_VIEWS, index, 3, 64) for _ in range(2))
        assert first.target.shape == (round(64 * view.scale),) * 2 + (3,)
        assert (first.target == again.target).all() and (first.mask == again.mask).all()
        assert first.mask.any()


def test_masks_shrink_as_in_the_stock_pipeline(pictures):
    samples = [tasks.foreground_window(pictures.train[0], i, 64, np.random.default_rng(i)) for i in range(3)]
    tokenizer = build_tokenizer()
    pipeline = StableDiffusionInpaintPipeline(
        vae=build_autoencoder(),
        text_encoder=build_text_encoder(tokenizer),
        tokenizer=tokenizer,
        unet=build_unet((16, 32, 80)),
        scheduler=build_scheduler(),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    batch = Encoder(pipeline.vae, [sample.caption for sample in samples]).encode(samples)
    masks = torch.from_numpy(np.stack([sample.mask for sample in samples]))[:, None].float()
    masked = torch.from_numpy(np.stack([sample.masked for sample in samples])).permute(0, 3, 1, 2)
    with torch.no_grad():
        expected = pipeline.prepare_mask_latents(masks, masked, 3, 64, 64, torch.float32, "cpu", None, False)
    assert torch.equal(batch.mask.float(), expected[0])
    assert torch.allclose(batch.masked.float(), expected[1], atol=2e-3)
    assert (batch.near >= batch.mask).all() and batch.near.float().mean() > batch.mask.float().mean()


def test_every_word_is_one_token():
    tokenizer = build_tokenizer()
    for word in CLEVR_WORDS:
        assert tokenizer.tokenize(word) == [f"{word}</w>"]
    assert len(tokenizer.tokenize("zebra")) > 1, "unknown words are spelled out"
