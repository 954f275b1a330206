"""Vectors of papers in the index: computed with each segment, merged, renewed, damaged."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from paperreader.errors import LockTimeout
from paperreader.models import Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.analysis.stemming import stem
from paperreader.search.index import loaded_vectors, manifest
from paperreader.search.index.snapshot import open_snapshot
from paperreader.search.index.vector_file import VECTORS_EXT
from paperreader.search.meaning.errors import MeaningUnavailable
from paperreader.search.query.paper_vectors import PaperVectors
from paperreader.search.update import updater
from paperreader.storage import lock
from tests.search.small_model import model_in, write_model

HEADER_SIZE = 64
TEXTS = (
    "Video clips | motion of a film, and footage",
    "Robot arms | grasp with a gripper",
    "Nothing | in unknown terms only",
    "Graph nodes | edges of a network, video",
    "| protein molecules",
)


@pytest.fixture
def model_path(tmp_path):
    path = tmp_path / "model.bin"
    write_model(path)
    with model_in(path):
        yield path


@pytest.fixture
def library(model_path, make_table, engine):
    table = make_table(*TEXTS)
    engine.store.update(table)
    return table


def vector_file(folder: Path) -> Path:
    (path,) = folder.glob(f"*{VECTORS_EXT}")
    return path


def open_vectors(folder: Path) -> PaperVectors:
    snapshot = open_snapshot(folder, preload=True)
    assert snapshot is not None
    return PaperVectors(snapshot, 1 + max(int(each.reader.rows.max()) for each in snapshot.segments))


def hits_of(engine: SearchEngine, table, query: str = "video") -> list[int]:
    return list(engine.search(query, table, {}).rows)


def test_each_paper_has_the_vector_of_its_words(library, folder):
    vectors = open_vectors(folder)
    assert vectors.is_complete
    assert not vectors.problem
    found = vectors.vectors_of(range(5))
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1, 0, 1, 1], abs=1e-5)
    near_video = vectors.cosines(vectors.model.vector([stem("movie")]))
    assert near_video.argmax() == 0
    assert near_video[0] > 0.8 > 0.6 > near_video[3] > near_video[1]
    assert near_video[2] == 0


def test_vectors_take_260_bytes_a_paper_and_are_listed_with_the_model(library, folder):
    known = manifest.read_manifest(folder)
    path = vector_file(folder)
    assert path.stat().st_size == HEADER_SIZE + 260 * len(TEXTS)
    assert path.name in known.files
    assert known.model == open_vectors(folder).model_id
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("in_memory", [1000, 0], ids=["few", "many"])
def test_incremental_updates_equal_a_rebuild(library, engine, folder, tmp_path, monkeypatch, in_memory):
    monkeypatch.setattr(loaded_vectors, "MAX_IN_MEMORY", in_memory)
    table = library
    for step in range(updater.MAX_SEGMENTS + 3):
        added = Paper(f"added-{step}", f"Video {step} of protein", "graph " * step + "motion")
        changed = Paper("paper-1", f"Speech and sound {step}")
        table = table.with_changes({5 + step: added, 1: changed, 3: None})
        engine.store.update(table)
    rebuilt = IndexStore(tmp_path / "other" / "index")
    rebuilt.update(table, from_scratch=True)
    grown, built = open_vectors(folder), open_vectors(tmp_path / "other" / "index")
    rows = list(range(len(table.papers)))
    assert np.array_equal(grown.vectors_of(rows), built.vectors_of(rows))
    query = grown.model.vector(["video", "sound"])
    assert np.array_equal(grown.cosines(query), built.cosines(query))
    assert np.array_equal(grown.cosines_of(query, np.array(rows)), built.cosines(query)[rows])
    assert not grown.vectors_of([3]).any()
    assert grown.cosines(query)[3] == 0
    estimated = grown.estimated_cosines(query)
    if in_memory:
        assert estimated is None
    else:
        assert np.array_equal(estimated, built.estimated_cosines(query))
        assert np.abs(estimated - grown.cosines(query)).max() < 0.6
        assert estimated[3] == 0


def flip(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


def set_bytes(path: Path, offset: int, new: bytes) -> None:
    content = bytearray(path.read_bytes())
    content[offset : offset + len(new)] = new
    path.write_bytes(content)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "missing": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"0"),
    "foreign": lambda path: path.write_bytes(b"0" * path.stat().st_size),
    "a folder": replace_by_folder,
    "writable by others": lambda path: path.chmod(0o666),
    "other model": lambda path: set_bytes(path, 8, b"0" * 32),
    "other number": lambda path: set_bytes(path, 40, struct.pack("=I", 4)),
    "other dimension": lambda path: set_bytes(path, 44, struct.pack("=I", 128)),
    "NaN": lambda path: set_bytes(path, HEADER_SIZE, struct.pack("=f", float("nan"))),
    "a scale flipped": lambda path: flip(path, HEADER_SIZE + 2),
    "a value flipped": lambda path: flip(path, HEADER_SIZE + 4 * len(TEXTS) + 77),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damage_leaves_search_by_words_and_is_repaired(library, engine, folder, damage):
    before, hits = vector_file(folder).read_bytes(), hits_of(engine, library)
    postings = {path: path.stat() for path in folder.iterdir() if path.suffix in (".pst", ".trm")}
    damage(vector_file(folder))
    reopened = SearchEngine(IndexStore(folder))
    assert reopened.store.is_current(library.version)
    assert hits_of(reopened, library) == hits
    vectors = open_vectors(folder)
    assert not vectors.cosines(vectors.model.vector(["video"])).any()
    assert vectors.problem or not vectors.is_complete
    assert reopened.store.damaged_vectors()
    assert not reopened.store.damaged_files()
    assert reopened.store.update_vectors(verify=True) == len(TEXTS)
    assert vector_file(folder).read_bytes() == before
    assert {path: path.stat() for path in postings} == postings
    assert reopened.store.verify() == []
    assert reopened.store.update_vectors(verify=True) == 0


@pytest.mark.parametrize("in_memory", [1000, 0], ids=["few", "many"])
def test_file_that_is_changed_while_it_is_open(library, folder, monkeypatch, in_memory):
    monkeypatch.setattr(loaded_vectors, "MAX_IN_MEMORY", in_memory)
    vectors = open_vectors(folder)
    query = vectors.model.vector(["video"])
    before = vectors.cosines(query)
    vector_file(folder).write_bytes(b"")
    after, some = vectors.cosines(query), vectors.cosines_of(query, np.arange(5))
    if in_memory:
        assert np.array_equal(after, before)
    else:
        assert not after.any()
        assert not some.any()
        assert not vectors.vectors_of([0, 1]).any()
        assert vectors.problem


def test_index_of_an_older_program_gets_vectors_once(tmp_path, make_table, engine, folder):
    path = tmp_path / "model.bin"
    table = make_table(*TEXTS)
    with model_in(path) as reload:
        engine.store.update(table)
        assert not list(folder.glob(f"*{VECTORS_EXT}"))
        with pytest.raises(MeaningUnavailable):
            engine.store.update_vectors()
        assert open_vectors(folder).problem
        write_model(path)
        reload()
        vectors = open_vectors(folder)
        assert not vectors.is_complete
        assert not vectors.problem
        assert engine.store.update_vectors() == len(TEXTS)
        assert open_vectors(folder).is_complete
        assert engine.store.verify() == []
        # Only some segments have vectors, and are merged with others.
        later = table.with_changes({5: Paper("new", "Robot")})
        engine.store.update(later)
        assert open_vectors(folder).is_complete
        vector_file_of_largest = max(folder.glob(f"*{VECTORS_EXT}"), key=lambda each: each.stat().st_size)
        vector_file_of_largest.unlink()
        half = open_vectors(folder)
        assert not half.is_complete
        assert half.vectors_of([5]).any()
        assert not half.vectors_of([0]).any()
        engine.store.optimize()
        assert engine.store.update_vectors() == len(TEXTS) + 1
        assert open_vectors(folder).vectors_of([0]).any()


def test_another_model_renews_the_vectors_only(library, engine, folder, model_path):
    old = vector_file(folder).read_bytes()
    others = {
        path: path.stat() for path in folder.iterdir() if path.suffix in (".pst", ".trm", ".col", ".toc")
    }
    write_model(model_path, seed=2)
    with model_in(model_path):
        vectors = open_vectors(folder)
        assert not vectors.is_complete
        assert not vectors.vectors_of([0]).any()
        assert engine.store.update_vectors() == len(TEXTS)
        assert vector_file(folder).read_bytes() != old
        assert {path: path.stat() for path in others} == others
        assert open_vectors(folder).is_complete
        assert manifest.read_manifest(folder).model == open_vectors(folder).model_id
    write_model(model_path)
    with model_in(model_path):  # a paper is added by a program with the first model
        engine.store.update(library.with_changes({5: Paper("new", "Robot")}))
        engine.store.update_vectors()
        assert open_vectors(folder).is_complete


def test_damaged_model_keeps_the_vectors(library, engine, folder, model_path):
    before = vector_file(folder).read_bytes()
    model_path.write_bytes(b"")
    with model_in(model_path):
        later = library.with_changes({5: Paper("new", "Robot")})
        engine.store.update(later)
        assert sorted(hits_of(engine, later, "robot")) == [1, 5]
    assert before in {path.read_bytes() for path in folder.glob(f"*{VECTORS_EXT}")}


def test_only_one_process_computes_vectors_and_others_update_the_index(library, engine, folder):
    vector_file(folder).unlink()
    with lock(folder.with_name("index-vectors.lock")):
        with pytest.raises(LockTimeout):
            engine.store.update_vectors()
        engine.store.update(library.with_changes({5: Paper("new", "Robot")}))
    assert engine.store.update_vectors() == len(TEXTS)
    assert open_vectors(folder).is_complete


def test_segment_merged_by_another_process_meanwhile(library, engine, folder):
    other = IndexStore(folder)
    for path in folder.glob(f"*{VECTORS_EXT}"):
        path.unlink()
    later = library.with_changes({5: Paper("new", "Robot"), 1: None})
    merged = []

    def merge(done, total):
        if not merged:
            merged.append(other.update(later, from_scratch=True))

    engine.store.update_vectors(merge)
    assert open_vectors(folder).is_complete
    assert not open_vectors(folder).vectors_of([1]).any()
    assert engine.store.verify() == []


def test_wild_papers_have_finite_vectors(model_path, make_table, engine, folder):
    long = "video motion " * 400_000
    texts = (
        "",
        "|",
        "模型 | 视频",
        "Видео | из фильма",
        "video",
        f"Long | {long}",
        "| 1 2 3 \x00 π0 C++ 'quoted",
    )
    table = make_table(*texts)
    engine.store.update(table)
    vectors = open_vectors(folder)
    found = vectors.vectors_of(range(len(texts)))
    assert np.isfinite(found).all()
    assert [bool(each.any()) for each in found] == [False, False, False, False, True, True, False]
    for path in folder.glob(f"*{VECTORS_EXT}"):
        before = path.read_bytes()
        path.unlink()
        engine.store.update_vectors()
        assert path.read_bytes() == before
    assert not vectors.cosines(vectors.model.vector(["unknown"])).any()
