"""The model of search by meaning: its file, vectors of texts, and comparing them."""

from __future__ import annotations

import struct
from pathlib import Path
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.errors import PaperreaderError
from paperreader.search.meaning import vectors
from paperreader.search.meaning.encoder import DocumentEncoder
from paperreader.search.meaning.errors import MeaningUnavailable
from paperreader.search.meaning.model import DIMENSIONS, MeaningModel
from paperreader.search.meaning.model_file import serialize_model

STEMS = sorted(
    ["attent", "cell", "diffus", "graph", "π0", "zebra", "模型", *(f"stem{n}" for n in range(600))]
)
HEADER_SIZE = 48


def random_vectors(count: int, dimensions: int = DIMENSIONS, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, dimensions)).astype(np.float32)


@pytest.fixture(scope="module")
def content() -> bytes:
    scales = np.linspace(0.1, 3, len(STEMS), dtype=np.float32)[:, None]
    return serialize_model(STEMS, random_vectors(len(STEMS)) * scales, {"seed": 1})


@pytest.fixture
def path(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "model.bin"
    file.write_bytes(content)
    return file


@pytest.fixture
def model(path: Path) -> MeaningModel:
    return MeaningModel.open(path)


def cosine(first: np.ndarray, second: np.ndarray) -> float:
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def test_model_returns_what_was_written(model: MeaningModel):
    assert model.stems == STEMS
    assert model.dimensions == DIMENSIONS
    assert model.about == {"seed": 1}
    for stem, vector in zip(STEMS[::50], random_vectors(len(STEMS))[::50], strict=True):
        assert cosine(model.vector([stem]), vector) > 0.98, stem


def test_vector_is_a_weighted_sum_of_length_1(model: MeaningModel):
    one, other = (model.rows(model.places([stem]))[0] for stem in ("graph", "zebra"))
    found = model.vector(["graph", "zebra", "unknown", "graph", "graph"])
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)
    assert cosine(found, (1 + np.log(3)) * one + other) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(
    "stems", [[], ["unknown"], [""], ["\udc80", "graph" * 50], ["steg", "π", "\U0010ffff", "0"]]
)
def test_text_of_unknown_words_has_no_vector(model: MeaningModel, stems: list[str]):
    assert not model.vector(stems).any()
    assert (model.places(stems) == -1).all()


def test_places_of_few_and_of_many_stems_are_the_same(model: MeaningModel):
    many = [*STEMS, "unknown", "", "zz"]
    assert model.places(many).tolist() == [*range(len(STEMS)), -1, -1, -1]
    assert [model.places([stem])[0] for stem in many] == model.places(many).tolist()


def test_identity_differs_between_models(tmp_path: Path, model: MeaningModel):
    file = tmp_path / "other.bin"
    file.write_bytes(serialize_model(STEMS, random_vectors(len(STEMS), seed=2), {}))
    assert MeaningModel.open(file).identity != model.identity


def with_header(content: bytes, offset: int, value: int) -> bytes:
    return content[:offset] + struct.pack("<I", value) + content[offset + 4 :]


def with_body(content: bytes, position: int, part: bytes) -> bytes:
    """Return the content with changed bytes and the right checksum."""
    position %= len(content)
    content = content[:position] + part + content[position + len(part) :]
    return with_header(content, 28, crc32(content[HEADER_SIZE:]))


SCALES = len(STEMS) * (4 + DIMENSIONS // 2)
"""Start of the scales from the end of the file."""

DAMAGES = {
    "empty": lambda content: b"",
    "truncated header": lambda content: content[:20],
    "truncated": lambda content: content[:-1],
    "only a header": lambda content: content[:HEADER_SIZE],
    "longer": lambda content: content + b"\0",
    "foreign": lambda content: b"PK\x03\x04" + content[4:],
    "text": lambda content: b"version https://git-lfs.github.com/spec/v1\n" * 9,
    "newer": lambda content: with_header(content, 8, 2),
    "no words": lambda content: with_header(content, 12, 0),
    "too many words": lambda content: with_header(content, 12, 2**32 - 1),
    "other number of words": lambda content: with_header(content, 12, 3),
    "long text": lambda content: with_header(content, 20, 2**32 - 1),
    "other dimension": lambda content: serialize_model(["a", "b"], random_vectors(2, 128), {}),
    "changed bit": lambda content: content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
    "wrong lengths": lambda content: with_body(content, HEADER_SIZE, b"\xff"),
    "NaN": lambda content: with_body(content, -SCALES, struct.pack("<f", float("nan"))),
    "infinite": lambda content: with_body(content, -SCALES, struct.pack("<f", float("inf"))),
    "negative": lambda content: with_body(content, -SCALES, struct.pack("<f", -1.0)),
    "description": lambda content: with_body(content, content.index(b'{"seed"'), b"["),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_file_is_one_sentence(path: Path, content: bytes, damage: str):
    path.write_bytes(DAMAGES[damage](content))
    with pytest.raises(MeaningUnavailable) as raised:
        MeaningModel.open(path)
    assert isinstance(raised.value, PaperreaderError)
    assert str(raised.value).startswith("The model for search by meaning ")
    assert str(raised.value).endswith("; reinstall paperreader to restore it.")


@pytest.mark.parametrize("name", ["missing.bin", ".", "model.bin/model.bin"])
def test_missing_file_is_one_sentence(path: Path, name: str):
    with pytest.raises(MeaningUnavailable):
        MeaningModel.open(path.parent / name)


@pytest.mark.parametrize(
    ("stems", "vectors"),
    [
        (["b", "a"], random_vectors(2)),
        (["a", "a"], random_vectors(2)),
        (["a"], random_vectors(2)),
        (["", "a"], random_vectors(2)),
        (["a" * 256], random_vectors(1)),
        (["a"], random_vectors(1, 3)),
        (["a"], np.full((1, 256), np.nan, np.float32)),
    ],
)
def test_model_that_cannot_be_read_is_not_written(stems: list[str], vectors: np.ndarray):
    with pytest.raises(ValueError, match=r"stem|vector"):
        serialize_model(stems, vectors, {})


def test_documents_have_the_vectors_of_their_stems(model: MeaningModel):
    texts = [
        ["graph", "cell", "graph"],
        [],
        ["unknown"],
        ["zebra", "attent", "模型", "unknown"] * 3,
        ["cell"],
    ]
    stems = sorted({stem for text in texts for stem in text})
    words = [(number, stems.index(stem)) for number, text in enumerate(texts) for stem in text]
    shuffled = np.random.default_rng(3).permutation(np.array(words, np.uint32))
    encoded = DocumentEncoder(model, stems).encode(shuffled[:, 0], shuffled[:, 1], len(texts))
    expected = vectors.pack(np.stack([model.vector(text) for text in texts]))
    assert np.abs(encoded.values.astype(int) - expected.values).max() <= 1
    assert encoded.scales == pytest.approx(expected.scales, rel=0.01)
    assert vectors.is_valid(encoded, len(texts), DIMENSIONS)


def test_vector_of_a_document_does_not_depend_on_others(model: MeaningModel):
    rng = np.random.default_rng(4)
    documents, words = (
        np.repeat(np.arange(40, dtype=np.uint32), 50),
        rng.integers(0, 607, 2000).astype(np.uint32),
    )
    together = DocumentEncoder(model, STEMS).encode(documents, words, 40)
    for document in range(40):
        own = words[documents == document]
        used = sorted({STEMS[word] for word in own.tolist()})
        numbers = np.array([used.index(STEMS[word]) for word in own.tolist()], np.uint32)
        alone = DocumentEncoder(model, used).encode(np.zeros(50, np.uint32), numbers, 1)
        assert (alone.values[0] == together.values[document]).all()
        assert alone.scales[0] == together.scales[document]


def test_no_documents(model: MeaningModel):
    nothing = np.empty(0, np.uint32)
    encoded = DocumentEncoder(model, []).encode(nothing, nothing, 0)
    assert vectors.is_valid(encoded, 0, DIMENSIONS)
    assert len(vectors.cosines(encoded, model.vector(["graph"]))) == 0


def test_cosines_are_those_of_the_vectors():
    originals = random_vectors(2500)
    originals[7] = 0
    stored = vectors.pack(originals)
    query = random_vectors(1, seed=5)[0]
    expected = originals @ query / np.linalg.norm(query) / np.maximum(np.linalg.norm(originals, axis=1), 1e-9)
    assert vectors.cosines(stored, query) == pytest.approx(expected, abs=0.005)
    rows = np.array([2400, 7, 3])
    assert (vectors.cosines_at(stored, rows, query) == vectors.cosines(stored, query)[rows]).all()
    assert not vectors.cosines(stored, np.zeros(DIMENSIONS, np.float32)).any()


@given(st.integers(1, 3000), st.integers(0, 50))
def test_cosine_does_not_depend_on_where_a_vector_is_stored(start: int, seed: int):
    stored = vectors.pack(random_vectors(3000))
    query = random_vectors(1, seed=seed)[0] * (seed + 1)
    part = vectors.PackedVectors(stored.values[start:], stored.scales[start:])
    assert (vectors.cosines(part, query) == vectors.cosines(stored, query)[start:]).all()


def test_cosines_can_be_estimated_by_signs():
    topics = random_vectors(40, seed=6)
    stored = vectors.pack(random_vectors(6000) + topics[np.arange(6000) % 40])
    bits = vectors.sign_bits(stored.values)
    assert bits.shape == (4, 6000)
    for topic in topics[:10]:
        exact, estimated = vectors.cosines(stored, topic), vectors.estimated_cosines(bits, topic)
        assert np.abs(exact - estimated).max() < 0.6
        assert np.abs(exact - estimated).mean() < 0.1
        nearest, likely = set(np.argsort(-exact)[:10].tolist()), set(np.argsort(-estimated)[:600].tolist())
        assert len(nearest & likely) >= 9


def test_estimates_of_the_same_and_of_opposite_signs():
    bits = vectors.sign_bits(np.array([[1] * DIMENSIONS, [-1] * DIMENSIONS], np.int8))
    found = vectors.estimated_cosines(bits, np.ones(DIMENSIONS, np.float32))
    assert found.tolist() == pytest.approx([np.pi / 2, -np.pi / 2])


def test_bits_are_counted_without_new_numpy(monkeypatch: pytest.MonkeyPatch):
    bits = vectors.sign_bits(vectors.pack(random_vectors(300)).values)
    query = random_vectors(1, seed=9)[0]
    expected = vectors.estimated_cosines(bits, query)
    monkeypatch.delattr(np, "bitwise_count", raising=False)
    assert (vectors.estimated_cosines(bits, query) == expected).all()


def test_vectors_of_another_shape_or_with_invalid_scales_are_not_valid():
    stored = vectors.pack(random_vectors(3))
    assert vectors.is_valid(stored, 3, DIMENSIONS)
    assert not vectors.is_valid(stored, 4, DIMENSIONS)
    assert not vectors.is_valid(stored, 3, 128)
    for scale in (np.nan, np.inf, -1, 2):
        scales = stored.scales.copy()
        scales[1] = scale
        assert not vectors.is_valid(vectors.PackedVectors(stored.values, scales), 3, DIMENSIONS)
