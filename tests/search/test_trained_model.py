"""The model that is installed: it belongs to the tokenizer and the stemmer, and knows what words mean."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from paperreader.search.analysis.stemming import stem
from paperreader.search.analysis.tokenizer import split_words
from paperreader.search.meaning.model import DIMENSIONS, MODEL_FILE, MeaningModel, load_model
from training import fingerprint

MAX_BYTES = 3_000_000


@pytest.fixture(scope="module")
def model() -> MeaningModel:
    return load_model()


def vector(model: MeaningModel, text: str) -> np.ndarray:
    return model.vector(map(stem, split_words(text)))


def test_model_belongs_to_the_tokenizer_and_the_stemmer(model: MeaningModel):
    assert model.about["fingerprint"] == fingerprint.fingerprint(), (
        "The tokenizer or the stemmer has changed, so words are no longer found in the model for search by meaning: "
        "train it again as described in training/README.md."
    )


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("stem", lambda word: stem(word).removesuffix("iz")),
        ("stem", lambda word: word.rstrip("s")),
        ("split_words", lambda text: split_words(text.replace("-", ""))),
        ("split_words", lambda text: text.lower().split()),
        ("tex_to_unicode", lambda text: text),
    ],
)
def test_fingerprint_notices_changes(monkeypatch: pytest.MonkeyPatch, name: str, changed: object):
    before = fingerprint.fingerprint()
    monkeypatch.setattr(fingerprint, name, changed)
    assert fingerprint.fingerprint() != before


def test_model_is_small(model: MeaningModel):
    assert MODEL_FILE.stat().st_size <= MAX_BYTES
    assert len(model.stems) == model.about["stems"] >= 15_000
    assert model.dimensions == DIMENSIONS


def test_model_records_how_it_was_trained(model: MeaningModel):
    assert model.about["papers"] > 90_000
    assert model.about["held_out"] == 0
    assert {"corpus", "corpus_sha256", "teacher", "seed", "epochs"} <= model.about.keys()


def test_notice_names_the_teacher(model: MeaningModel):
    notice = (Path(__file__).parents[2] / "NOTICE").read_text(encoding="utf-8")
    assert "all-MiniLM-L6-v2" in notice
    assert "all-MiniLM-L6-v2" in model.about["teacher"]


@pytest.mark.parametrize(
    ("text", "nearer", "farther"),
    [
        ("car", "vehicle", "protein"),
        ("lora", "fine-tuning adapters of low rank", "long-range radio networks"),
        ("models on a phone", "inference on mobile devices", "theorem proving"),
        ("teach robots by showing them", "imitation learning from demonstrations", "theorem proving"),
        ("pictures from a description", "text-to-image generation", "speech recognition"),
        ("made-up facts in answers", "hallucinations of language models", "quantum error correction"),
    ],
)
def test_words_of_the_same_meaning_are_near(model: MeaningModel, text: str, nearer: str, farther: str):
    query = vector(model, text)
    assert query @ vector(model, nearer) > query @ vector(model, farther) + 0.1


def test_jargon_is_near_its_own_field(model: MeaningModel):
    stems = model.stems
    table = model.rows(np.arange(len(stems), dtype=np.int32))
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    nearest = {stems[place] for place in np.argsort(-table @ vector(model, "lora"))[:25]}
    assert nearest & {"peft", "qlora", "adapt", "rank", "adapter"}
    assert not nearest & {"loci", "locata"}
