"""`paperreader inbox`, and hiding, dismissing and deleting with `mark` and `remove`."""

from __future__ import annotations

import json
import re

import pytest

from paperreader import paths
from tests.pages import THREE_PAPERS


@pytest.fixture
def arrived(filled, tmp_path):
    """The command line with a library of three papers, two of which have just arrived as well."""
    page = tmp_path / "daily-2025-03-15.txt"
    text = re.sub("Lanterns|Rivers", "Candles", THREE_PAPERS)
    page.write_text(text[: text.index("Café Chess")], encoding="utf-8")
    assert filled("inbox", "--dismiss").out.startswith("Dismissed 3 papers.")
    assert filled("import", page).code == 0
    return filled


def set_rules(*queries):
    file = paths.config_folder() / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"[inbox]\nhide = {json.dumps(queries)}\n", encoding="utf-8")


def new_ids(paperreader):
    return {found["id"] for found in paperreader("search", "--json", "is:new").objects}


def test_new_papers_are_counted_dismissed_and_new_again(arrived):
    assert arrived("inbox").out == "2 papers new.\n"
    assert arrived("inbox", "--json").objects == [{"new": 2, "hidden_by_rules": {}}]
    found = new_ids(arrived)
    assert len(found) == 2
    result = arrived("inbox", "--dismiss")
    assert result.out == "Dismissed 2 papers. Undo with `paperreader inbox --undo`.\n"
    assert arrived("inbox").out == arrived("inbox", "--dismiss").out == "Nothing new.\n"
    assert arrived("inbox", "--undo").out == "Not dismissed any more: 2 papers.\n"
    assert new_ids(arrived) == found
    (one, _) = found
    arrived("mark", one, "--dismiss")
    (shown,) = arrived("show", "--json", one).objects
    assert (shown["dismissed"], shown["read"]) == (True, False)
    arrived("mark", one, "--no-dismiss")
    arrived("inbox", "--undo")
    arrived("inbox", "--undo")
    assert arrived("inbox", "--undo").code == 1, "nothing is dismissed any more"


def test_rules_hide_papers_from_new_and_digest_and_are_counted(arrived):
    set_rules("title:sparse", "title:unheard")
    assert (
        arrived("inbox").out
        == "1 paper new.\n      1 hidden by title:sparse\n      0 hidden by title:unheard\n"
    )
    assert arrived("inbox", "--json").objects == [
        {"new": 1, "hidden_by_rules": {"title:sparse": 1, "title:unheard": 0}}
    ]
    assert len(new_ids(arrived)) == 1
    digest = arrived("digest", "--since", "2025-03-15").out
    assert "Slow Candles" in digest
    assert "Sparse Candles" not in digest
    assert len(arrived("search", "--json", "sparse").objects) == 2, "searches still find it"


@pytest.mark.parametrize(
    "rule", ["tag:x", "is:read", "has:note", "sort:votes", "nofield:x", "", "a\nb", "(note:x OR b)"]
)
def test_invalid_rules_are_reported_and_ignored(arrived, rule):
    set_rules(rule, "title:sparse")
    result = arrived("inbox")
    assert result.out == "1 paper new.\n      1 hidden by title:sparse\n"
    assert ":2: hide: " in result.err
    assert " is ignored: " in result.err
    assert arrived("config").code == 1
    assert arrived("config").err == result.err
    assert '"title:sparse"' in arrived("config").out


def test_hidden_papers_are_nowhere_but_in_is_hidden(arrived):
    one, other = sorted(new_ids(arrived))
    assert arrived("mark", one, "--hide").code == 0
    assert new_ids(arrived) == {other}
    for command in (("search", "--json"), ("export", "--format", "jsonl"), ("search", "--json", "candles")):
        found = {each["id"] for each in arrived(*command).objects}
        assert other in found
        assert one not in found
    assert "hidden" in arrived("show", one).out
    assert [each["id"] for each in arrived("search", "--json", "is:hidden").objects] == [one]
    assert [each["id"] for each in arrived("export", "--format", "jsonl", "--ids", one).objects] == [one]
    arrived("mark", one, "--no-hide")
    assert new_ids(arrived) == {one, other}


def test_removed_paper_is_deleted_until_it_is_imported_again(arrived, page):
    (found,) = (each["id"] for each in arrived("search", "--json", "title:café").objects)
    assert arrived("remove", found).code == 0
    assert arrived("search", "--json", "title:café").objects == []
    assert arrived("import", page).code == 0
    assert [each["id"] for each in arrived("search", "--json", "title:café").objects] == [found]
