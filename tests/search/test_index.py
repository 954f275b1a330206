"""The index store: updates, damage, concurrent processes, foreign files."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from msgspec.structs import replace

from paperreader.errors import LockTimeout, StorageError
from paperreader.models import CatalogVersion, Paper
from paperreader.search import IndexStore, SearchEngine
from paperreader.search.index import manifest
from paperreader.search.index.vector_file import VECTORS_EXT
from paperreader.search.update import updater
from paperreader.storage import lock
from tests.examples import endurance

TEXTS = ("Alpha particles | and waves", "Beta decay | of particles", "Gamma rays | alone")


@pytest.fixture
def library(make_table, engine):
    table = make_table(*TEXTS)
    engine.store.update(table)
    return table


def full_matches_of(engine, query, table):
    hits = engine.search(query, table, {})
    return sorted(hits.rows[: hits.full_matches])


def paper(title):
    return Paper(title.lower().replace(" ", "-"), title)


def test_search_without_index_says_what_to_do(make_table, engine, folder):
    table = make_table(*TEXTS)
    assert not engine.store.is_current(table.version)
    with pytest.raises(StorageError, match="reindex"):
        engine.search("alpha", table, {})
    assert engine.store.verify()
    assert not folder.exists()


def test_new_index_is_current_private_and_intact(library, engine, folder):
    assert engine.store.is_current(library.version)
    assert not engine.store.is_current(replace(library.version, committed=2))
    assert engine.store.verify() == []
    assert folder.stat().st_mode & 0o777 == 0o700


def test_progress_is_reported_to_the_end(make_table, engine):
    reports = []
    engine.store.update(make_table(*["same words"] * 250), lambda done, total: reports.append((done, total)))
    assert reports == [(0, 250), (100, 250), (200, 250), (250, 250)]


def test_index_contains_no_text(library, folder):
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Alpha particles" not in content


def test_empty_library(make_table, engine):
    table = make_table()
    engine.store.update(table)
    assert engine.store.is_current(table.version)
    assert full_matches_of(engine, "alpha", table) == []
    assert full_matches_of(engine, "-alpha", table) == []


def test_update_reads_only_changed_papers(library, engine):
    library.reads.clear()
    later = library.with_changes({3: paper("Delta waves"), 1: paper("Zeta decay"), 0: None})
    engine.store.update(later)
    assert set(later.reads) == {1, 3}
    assert engine.store.is_current(later.version)
    assert full_matches_of(engine, "decay ", later) == [1]
    assert full_matches_of(engine, "beta ", later) == []
    assert full_matches_of(engine, "particles ", later) == []
    assert full_matches_of(engine, "waves ", later) == [3]
    assert engine.store.verify() == []


def test_paper_changed_repeatedly_is_found_once(library, engine):
    table = library
    for time in range(12):
        table = table.with_changes({1: paper(f"Beta version{time}")})
        engine.store.update(table)
    assert full_matches_of(engine, "beta ", table) == [1]
    assert full_matches_of(engine, "version11 ", table) == [1]
    assert full_matches_of(engine, "version10 ", table) == []
    assert full_matches_of(engine, "alpha ", table) == [0]
    assert full_matches_of(engine, "vers", table) == [1]


def test_scores_after_updates_and_merges_equal_new_index(make_table, engine, tmp_path):
    table = make_table(*TEXTS)
    engine.store.update(table)
    for step in range(updater.MAX_SEGMENTS + 1):
        table = table.with_changes({3 + step: paper(f"Particles number {step}")})
        engine.store.update(table)
    reopened = SearchEngine(IndexStore(tmp_path / "fresh"))
    reopened.store.update(table)
    grown, built = (each.search("particles number", table, {}) for each in (engine, reopened))
    assert list(grown.rows) == list(built.rows)
    assert grown.scores == pytest.approx(built.scores, rel=1e-3)


def test_update_without_changed_papers(library, engine):
    later = library.with_changes({})
    library.reads.clear()
    engine.store.update(later)
    assert engine.store.is_current(later.version)
    assert library.reads == []
    assert full_matches_of(engine, "alpha ", later) == [0]


def test_other_generation_is_rebuilt(library, engine):
    compacted = library.with_changes({0: None}).compacted()
    with pytest.raises(StorageError, match="reindex"):
        engine.search("beta", compacted, {})
    engine.store.update(compacted)
    assert full_matches_of(engine, "beta ", compacted) == [0]


def test_index_of_other_library_is_not_used(library, engine):
    other = type(library)(library.papers, CatalogVersion("other", 1, 1, 0))
    assert not engine.store.is_current(other.version)
    with pytest.raises(StorageError):
        engine.search("alpha", other, {})


def test_older_table_finds_its_papers(library, engine):
    later = library.with_changes({3: paper("Alpha again")})
    engine.store.update(later)
    assert full_matches_of(engine, "alpha ", library) == [0]
    assert full_matches_of(engine, "alpha ", later) == [0, 3]


def test_paper_removed_after_update_is_not_found(library, engine):
    later = library.with_changes({0: None})
    assert full_matches_of(engine, "particles ", later) == [1]


def test_from_scratch_reads_all_papers(library, engine):
    library.reads.clear()
    engine.store.update(library)
    assert library.reads == []
    engine.store.update(library, from_scratch=True)
    assert set(library.reads) == {0, 1, 2}


def test_open_engine_sees_update_by_other_process(library, engine, folder):
    assert full_matches_of(engine, "delta ", library) == []
    later = library.with_changes({3: paper("Delta waves")})
    IndexStore(folder).update(later)
    assert full_matches_of(engine, "delta ", later) == [3]


def damage(data, how):
    return {
        "truncated": data[:-1],
        "emptied": b"" if data else b"not empty",
        "overwritten": b"?" * max(len(data), 1),
        "longer": data + b"\0",
        "one bit": bytes([data[0] ^ 1]) + data[1:],
    }[how]


@pytest.mark.parametrize("how", ["truncated", "emptied", "overwritten", "longer", "one bit", "removed"])
def test_damage_to_any_file_is_detected_and_repaired(library, folder, tmp_path, how):
    names = sorted(
        path.name for path in folder.iterdir() if path.suffix != VECTORS_EXT
    )  # see test_vectors.py
    for number, name in enumerate(names):
        copy = shutil.copytree(folder, tmp_path / str(number) / "index")
        shutil.copy(folder.with_name("names.bin"), copy.with_name("names.bin"))
        whole = (copy / name).read_bytes()
        if how == "removed":
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(damage(whole, how))
        engine = SearchEngine(IndexStore(copy))
        # Posting lists are verified on first use: reading all of them would make opening slow.
        at_first_use = name.endswith(".pst") and how in ("overwritten", "one bit")
        assert engine.store.is_current(library.version) == at_first_use, name
        assert engine.store.verify(), name
        with pytest.raises(StorageError):
            engine.search("alpha", library, {})
        assert not engine.store.is_current(library.version), name
        engine.store.update(library)
        assert engine.store.is_current(library.version), name
        assert engine.store.verify() == []
        assert full_matches_of(engine, "alpha ", library) == [0]


def test_damage_after_opening_is_detected(library, engine, folder):
    full_matches_of(engine, "alpha ", library)
    for path in folder.glob("*.pst"):
        os.truncate(path, 10)
    with pytest.raises(StorageError, match="damaged"):
        engine.search("particles gamma", library, {})
    assert not engine.store.is_current(library.version)
    engine.store.update(library)
    assert full_matches_of(engine, "particles ", library) == [0, 1]


def test_index_of_other_version_is_rebuilt(library, engine, folder, monkeypatch):
    from paperreader.search.index import schema

    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    reopened = SearchEngine(IndexStore(folder))
    assert not reopened.store.is_current(library.version)
    reopened.store.update(library)
    assert reopened.store.is_current(library.version)


class Bomb:
    def __reduce__(self):
        return (os._exit, (3,))


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720])
def test_pickle_is_not_loaded_from_writable_folder(library, folder, mode):
    folder.chmod(mode)
    engine = SearchEngine(IndexStore(folder))
    assert not engine.store.is_current(library.version)
    engine.store.update(library)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert engine.store.is_current(library.version)


def test_foreign_table_of_contents_is_not_loaded(library, engine, folder):
    for path in folder.glob("*.toc"):
        path.write_bytes(pickle.dumps(Bomb()))
    (folder / "_papers_99.toc").write_bytes(pickle.dumps(Bomb()))
    reopened = SearchEngine(IndexStore(folder))
    assert not reopened.store.is_current(library.version)
    reopened.store.update(library)
    assert full_matches_of(reopened, "alpha ", library) == [0]
    assert not (folder / "_papers_99.toc").exists()


def test_files_of_others_stay_in_the_index_folder(library, engine, folder):
    (folder / "mine.txt").write_text("mine")
    (folder / "kept").mkdir()
    (folder / "kept" / "papers_1.trm").write_text("mine")
    engine.store.update(library.with_changes({3: paper("Delta waves")}))
    engine.store.update(library, from_scratch=True)
    assert (folder / "mine.txt").read_text() == (folder / "kept" / "papers_1.trm").read_text() == "mine"


def test_interrupted_update_leaves_previous_index(library, engine, folder):
    class Interrupted(BaseException):
        pass

    later = library.with_changes({3: paper("Delta waves")})

    def interrupt(done, total):
        raise Interrupted

    with pytest.raises(Interrupted):
        engine.store.update(later, interrupt)
    reopened = SearchEngine(IndexStore(folder))
    assert reopened.store.is_current(library.version)
    assert full_matches_of(reopened, "alpha ", later) == [0]
    reopened.store.update(later)
    assert full_matches_of(reopened, "delta ", later) == [3]
    assert {path.name for path in folder.iterdir()} == {
        manifest.FILE_NAME,
        *manifest.read_manifest(folder).files,
    }


def test_update_killed_before_manifest_leaves_previous_index(library, engine, folder, monkeypatch):
    class Interrupted(BaseException):
        pass

    def interrupt(*_):
        raise Interrupted

    later = library.with_changes({3: paper("Delta waves"), 0: None})
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write_manifest", interrupt)
        with pytest.raises(Interrupted):
            engine.store.update(later)
    reopened = SearchEngine(IndexStore(folder))
    assert reopened.store.is_current(library.version)
    assert full_matches_of(reopened, "particles ", library) == [0, 1]
    reopened.store.update(later)
    assert full_matches_of(reopened, "particles ", later) == [1]
    assert full_matches_of(reopened, "waves ", later) == [3]


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import table_of_texts
from paperreader.search import IndexStore, SearchEngine
papers, left = table_of_texts(*["Growth of many papers | with some text"] * 1200), int(sys.argv[3])
def report(*progress):
    global left
    left -= 1
    if not left:
        print("there", flush=True)
        sys.stdin.read()  # until it is killed
IndexStore(Path(sys.argv[2])).update(papers, report)
"""


@pytest.mark.parametrize("lines", [endurance(1), endurance(5), 12])
def test_leftovers_of_killed_update_are_removed(make_table, folder, lines):
    program = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(folder), str(lines)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "there\n"
        child.kill()
    table = make_table(*TEXTS)
    engine = SearchEngine(IndexStore(folder))
    assert not engine.store.is_current(table.version)
    engine.store.update(table)
    assert engine.store.is_current(table.version)
    assert full_matches_of(engine, "alpha ", table) == [0]
    assert {path.name for path in folder.iterdir()} == {
        manifest.FILE_NAME,
        *manifest.read_manifest(folder).files,
    }


@pytest.mark.endurance
def test_only_one_writer_at_a_time(library, engine, folder, monkeypatch):
    monkeypatch.setitem(lock.__wrapped__.__kwdefaults__, "timeout", 0.01)
    with lock(folder.with_name("index.lock")), pytest.raises(LockTimeout):
        engine.store.update(library.with_changes({3: paper("Delta")}))
    assert full_matches_of(engine, "alpha ", library) == [0]


def test_folder_that_cannot_be_created_raises_storage_error(make_table, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        IndexStore(tmp_path / "file" / "index").update(make_table(*TEXTS))


@pytest.mark.endurance
def test_search_during_updates(library, engine, folder):
    states = [library]
    for number in range(15):
        states.append(states[-1].with_changes({3 + number: paper(f"Growth step{number}")}))
    failed = []
    done = threading.Event()

    def read():
        reader = SearchEngine(IndexStore(folder))
        try:
            while not done.is_set():
                assert full_matches_of(reader, "particles ", library) == [0, 1]
                growing = full_matches_of(reader, "growth ", states[-1])
                assert growing == list(range(3, 3 + len(growing)))
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for state in states[1:]:
        IndexStore(folder).update(state)
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert full_matches_of(engine, "growth ", states[-1]) == list(range(3, 18))


def test_only_search_package_loads_whoosh():
    modules = "sys, paperreader.models, paperreader.storage, paperreader.text.sanitize"
    code = f"import {modules}; print('whoosh' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
