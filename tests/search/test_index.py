"""Keeping the index right: catching up, damage, two processes, strangers."""

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
from paperreader.search.update import updater
from paperreader.storage import lock

TEXTS = ("Alpha particles | and waves", "Beta decay | of particles", "Gamma rays | alone")


@pytest.fixture
def library(make_table, index):
    table = make_table(*TEXTS)
    index.store.update(table)
    return table


def found(index, query, table):
    hits = index.search(query, table, {})
    return sorted(hits.rows[: hits.full_matches])


def paper(title):
    return Paper(title.lower().replace(" ", "-"), title)


def test_without_an_index_a_search_says_what_to_do(make_table, index, folder):
    table = make_table(*TEXTS)
    assert not index.store.is_current(table.version)
    with pytest.raises(StorageError, match="reindex"):
        index.search("alpha", table, {})
    assert index.store.verify()
    assert not folder.exists()


def test_a_built_index_is_current_private_and_sound(library, index, folder):
    assert index.store.is_current(library.version)
    assert not index.store.is_current(replace(library.version, committed=2))
    assert index.store.verify() == []
    assert folder.stat().st_mode & 0o777 == 0o700


def test_progress_runs_to_the_end(make_table, index):
    told = []
    index.store.update(make_table(*["same words"] * 250), lambda done, total: told.append((done, total)))
    assert told == [(0, 250), (100, 250), (200, 250), (250, 250)]


def test_the_index_holds_no_text(library, folder):
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"Alpha particles" not in content


def test_an_empty_library(make_table, index):
    table = make_table()
    index.store.update(table)
    assert index.store.is_current(table.version)
    assert found(index, "alpha", table) == []
    assert found(index, "-alpha", table) == []


def test_catching_up_reads_only_what_changed(library, index):
    library.reads.clear()
    later = library.with_changes({3: paper("Delta waves"), 1: paper("Zeta decay"), 0: None})
    index.store.update(later)
    assert set(later.reads) == {1, 3}
    assert index.store.is_current(later.version)
    assert found(index, "decay ", later) == [1]
    assert found(index, "beta ", later) == []
    assert found(index, "particles ", later) == []
    assert found(index, "waves ", later) == [3]
    assert index.store.verify() == []


def test_a_paper_changed_many_times_is_found_once(library, index):
    table = library
    for time in range(12):
        table = table.with_changes({1: paper(f"Beta version{time}")})
        index.store.update(table)
    assert found(index, "beta ", table) == [1]
    assert found(index, "version11 ", table) == [1]
    assert found(index, "version10 ", table) == []
    assert found(index, "alpha ", table) == [0]
    assert found(index, "vers", table) == [1]


def test_scores_after_catching_up_and_merging_are_those_of_a_fresh_index(make_table, index, tmp_path):
    table = make_table(*TEXTS)
    index.store.update(table)
    for step in range(updater.MAX_SEGMENTS + 1):
        table = table.with_changes({3 + step: paper(f"Particles number {step}")})
        index.store.update(table)
    fresh = SearchEngine(IndexStore(tmp_path / "fresh"))
    fresh.store.update(table)
    grown, built = (each.search("particles number", table, {}) for each in (index, fresh))
    assert list(grown.rows) == list(built.rows)
    assert grown.scores == pytest.approx(built.scores, rel=1e-3)


def test_nothing_of_interest_changed(library, index):
    later = library.with_changes({})
    library.reads.clear()
    index.store.update(later)
    assert index.store.is_current(later.version)
    assert library.reads == []
    assert found(index, "alpha ", later) == [0]


def test_another_generation_is_built_anew(library, index):
    compacted = library.with_changes({0: None}).compacted()
    with pytest.raises(StorageError, match="reindex"):
        index.search("beta", compacted, {})
    index.store.update(compacted)
    assert found(index, "beta ", compacted) == [0]


def test_the_index_of_another_library_is_not_used(library, index):
    other = type(library)(library.papers, CatalogVersion("other", 1, 1, 0))
    assert not index.store.is_current(other.version)
    with pytest.raises(StorageError):
        index.search("alpha", other, {})


def test_an_older_table_goes_on_finding_its_papers(library, index):
    later = library.with_changes({3: paper("Alpha again")})
    index.store.update(later)
    assert found(index, "alpha ", library) == [0]
    assert found(index, "alpha ", later) == [0, 3]


def test_a_paper_removed_since_is_not_found(library, index):
    later = library.with_changes({0: None})
    assert found(index, "particles ", later) == [1]


def test_from_scratch_reads_everything(library, index):
    library.reads.clear()
    index.store.update(library)
    assert library.reads == []
    index.store.update(library, from_scratch=True)
    assert set(library.reads) == {0, 1, 2}


def test_a_running_reader_sees_the_update_of_another(library, index, folder):
    assert found(index, "delta ", library) == []
    later = library.with_changes({3: paper("Delta waves")})
    IndexStore(folder).update(later)
    assert found(index, "delta ", later) == [3]


def damaged(data, how):
    return {
        "truncated": data[:-1],
        "emptied": b"" if data else b"not empty",
        "overwritten": b"?" * max(len(data), 1),
        "longer": data + b"\0",
        "one bit": bytes([data[0] ^ 1]) + data[1:],
    }[how]


@pytest.mark.parametrize("how", ["truncated", "emptied", "overwritten", "longer", "one bit", "removed"])
def test_damage_to_any_file_is_noticed_and_mended(library, folder, tmp_path, how):
    for number, name in enumerate(sorted(path.name for path in folder.iterdir())):
        copy = shutil.copytree(folder, tmp_path / str(number) / "index")
        shutil.copy(folder.with_name("names.bin"), copy.with_name("names.bin"))
        whole = (copy / name).read_bytes()
        if how == "removed":
            (copy / name).unlink()
        else:
            (copy / name).write_bytes(damaged(whole, how))
        index = SearchEngine(IndexStore(copy))
        # Posting lists are checked when they are first used: reading all of them would make opening slow.
        at_first_use = name.endswith(".pst") and how in ("overwritten", "one bit")
        assert index.store.is_current(library.version) == at_first_use, name
        assert index.store.verify(), name
        with pytest.raises(StorageError):
            index.search("alpha", library, {})
        assert not index.store.is_current(library.version), name
        index.store.update(library)
        assert index.store.is_current(library.version), name
        assert index.store.verify() == []
        assert found(index, "alpha ", library) == [0]


def test_damage_under_a_running_reader_is_noticed(library, index, folder):
    found(index, "alpha ", library)
    for path in folder.glob("*.pst"):
        os.truncate(path, 10)
    with pytest.raises(StorageError, match="damaged"):
        index.search("particles gamma", library, {})
    assert not index.store.is_current(library.version)
    index.store.update(library)
    assert found(index, "particles ", library) == [0, 1]


def test_an_index_of_another_version_is_built_anew(library, index, folder, monkeypatch):
    from paperreader.search.index import schema

    monkeypatch.setattr(schema, "VERSION", schema.VERSION + 1)
    fresh = SearchEngine(IndexStore(folder))
    assert not fresh.store.is_current(library.version)
    fresh.store.update(library)
    assert fresh.store.is_current(library.version)


class Bomb:
    def __reduce__(self):
        return (os._exit, (3,))


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720])
def test_a_pickle_is_never_opened_where_others_can_write(library, folder, mode):
    folder.chmod(mode)
    index = SearchEngine(IndexStore(folder))
    assert not index.store.is_current(library.version)
    index.store.update(library)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert index.store.is_current(library.version)


def test_a_table_of_contents_that_was_put_there_is_never_opened(library, index, folder):
    for path in folder.glob("*.toc"):
        path.write_bytes(pickle.dumps(Bomb()))
    (folder / "_papers_99.toc").write_bytes(pickle.dumps(Bomb()))
    fresh = SearchEngine(IndexStore(folder))
    assert not fresh.store.is_current(library.version)
    fresh.store.update(library)
    assert found(fresh, "alpha ", library) == [0]
    assert not (folder / "_papers_99.toc").exists()


def test_a_writer_that_dies_leaves_the_earlier_index(library, index, folder):
    class Died(BaseException):
        pass

    later = library.with_changes({3: paper("Delta waves")})

    def die(done, total):
        raise Died

    with pytest.raises(Died):
        index.store.update(later, die)
    fresh = SearchEngine(IndexStore(folder))
    assert fresh.store.is_current(library.version)
    assert found(fresh, "alpha ", later) == [0]
    fresh.store.update(later)
    assert found(fresh, "delta ", later) == [3]
    assert {path.name for path in folder.iterdir()} == {
        manifest.FILE_NAME,
        *manifest.read_manifest(folder).files,
    }


def test_a_writer_killed_between_commit_and_manifest_leaves_the_earlier_index(
    library, index, folder, monkeypatch
):
    class Died(BaseException):
        pass

    def die(*_):
        raise Died

    later = library.with_changes({3: paper("Delta waves"), 0: None})
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "write_manifest", die)
        with pytest.raises(Died):
            index.store.update(later)
    fresh = SearchEngine(IndexStore(folder))
    assert fresh.store.is_current(library.version)
    assert found(fresh, "particles ", library) == [0, 1]
    fresh.store.update(later)
    assert found(fresh, "particles ", later) == [1]
    assert found(fresh, "waves ", later) == [3]


CHILD = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from conftest import table_of_texts
from paperreader.search import IndexStore, SearchEngine
papers, left = table_of_texts(*["Growth of many papers | with some text"] * 1200), int(sys.argv[3])
def tell(*told):
    global left
    left -= 1
    if not left:
        print("there", flush=True)
        sys.stdin.read()  # until it is killed
IndexStore(Path(sys.argv[2])).update(papers, tell)
"""


@pytest.mark.parametrize("lines", [1, 5, 12])
def test_a_killed_writer_leaves_nothing_that_is_in_the_way(make_table, folder, lines):
    program = [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(folder), str(lines)]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "there\n"
        child.kill()
    table = make_table(*TEXTS)
    index = SearchEngine(IndexStore(folder))
    assert not index.store.is_current(table.version)
    index.store.update(table)
    assert index.store.is_current(table.version)
    assert found(index, "alpha ", table) == [0]
    assert {path.name for path in folder.iterdir()} == {
        manifest.FILE_NAME,
        *manifest.read_manifest(folder).files,
    }


def test_one_writer_at_a_time(library, index, folder, monkeypatch):
    monkeypatch.setitem(lock.__wrapped__.__kwdefaults__, "timeout", 0.01)
    with lock(folder.with_name("index.lock")), pytest.raises(LockTimeout):
        index.store.update(library.with_changes({3: paper("Delta")}))
    assert found(index, "alpha ", library) == [0]


def test_a_folder_that_cannot_be_made_is_an_error_for_people(make_table, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError):
        IndexStore(tmp_path / "file" / "index").update(make_table(*TEXTS))


def test_searching_goes_on_while_the_index_grows(library, index, folder):
    states = [library]
    for number in range(15):
        states.append(states[-1].with_changes({3 + number: paper(f"Growth step{number}")}))
    failed = []
    done = threading.Event()

    def read():
        reader = SearchEngine(IndexStore(folder))
        try:
            while not done.is_set():
                assert found(reader, "particles ", library) == [0, 1]
                growing = found(reader, "growth ", states[-1])
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
    assert found(index, "growth ", states[-1]) == list(range(3, 18))


def test_only_this_package_loads_whoosh():
    modules = "sys, paperreader.models, paperreader.storage, paperreader.text.sanitize"
    code = f"import {modules}; print('whoosh' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "False\n"
    )
