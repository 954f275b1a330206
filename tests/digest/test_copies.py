"""Digests of copies of a library, which share one UUID and so one record of what was sent."""

from __future__ import annotations

import shutil

import pytest

from paperreader.cli.main import run
from paperreader.library import Library
from tests.digest.papers import item, write_day
from tests.digest.test_digest import paper_numbers


@pytest.fixture
def import_numbers(tmp_path):
    """A function that imports papers with those numbers into the library in a folder, the default one for None."""

    def import_numbers(folder, *numbers):
        items = [item(number, f"Lantern number {number}", day="2025-10-03") for number in numbers]
        page = write_day(tmp_path, f"page-{'-'.join(map(str, numbers))}.json", items)
        Library.open(folder).imports.import_paths([page])

    return import_numbers


@pytest.fixture
def digest_of(capsys):
    def command(folder, *arguments):
        capsys.readouterr()
        run([*(["--library", str(folder)] if folder else []), "digest", *arguments])
        return set(paper_numbers(capsys.readouterr().out))

    return command


@pytest.fixture
def copy(library, digest_of, import_numbers, tmp_path):
    """A copy of a library whose first four papers were sent. The original has and has sent 10 to 12 as well."""
    digest_of(None)
    folder = shutil.copytree(library.folder, tmp_path / "copy")
    import_numbers(None, 10, 11, 12)
    assert digest_of(None) == {10, 11, 12}
    return folder


def test_copy_sends_its_own_new_papers(copy, digest_of, import_numbers):
    import_numbers(copy, 20, 21, 22, 23)
    assert digest_of(copy) >= {20, 21, 22, 23}
    import_numbers(None, 13)
    import_numbers(copy, 24)
    for folder, expected in ((None, {13}), (copy, {24}), (None, set()), (copy, set())):
        assert digest_of(folder) == expected


def test_copy_with_fewer_papers_than_were_sent_skips_none(copy, digest_of, import_numbers):
    import_numbers(copy, 20)
    assert 20 in digest_of(copy)


def test_restored_backup_sends_papers_that_come_after(library, copy, digest_of, import_numbers):
    shutil.rmtree(library.folder)
    shutil.copytree(copy, library.folder)
    import_numbers(None, 30, 31)
    assert digest_of(None) >= {30, 31}
    assert digest_of(None) == set()


def test_once_a_day_holds_for_each_copy(copy, digest_of, import_numbers):
    import_numbers(None, 13)
    import_numbers(copy, 20)
    assert digest_of(None, "--once-a-day") == set(), "sent today"
    assert 20 in digest_of(copy, "--once-a-day")
    import_numbers(copy, 21)
    assert digest_of(copy, "--once-a-day") == set()


def test_position_is_found_after_the_last_papers_were_removed(library, digest_of, import_numbers):
    digest_of(None)
    last = [Library.open().paper(row).id for row in range(2, 4)]
    Library.open().removals.remove(last)
    import_numbers(None, 40)
    assert digest_of(None) == {40}


def test_new_papers_of_a_restored_backup_are_new_for_the_reader(library, import_numbers, tmp_path):
    backup = shutil.copytree(library.folder, tmp_path / "backup")
    import_numbers(None, 10, 11, 12)
    Library.open().state.set("inbox", None)
    Library.open().inbox.arrivals.begin()
    shutil.rmtree(library.folder)
    shutil.copytree(backup, library.folder)
    import_numbers(None, 20)
    restored = Library.open()
    assert "Lantern number 20" in {restored.paper(row).title for row in restored.view("new")}
