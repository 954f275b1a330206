"""`paperreader mark`, `export`, `remove`, `check` and `reindex`."""

from __future__ import annotations

import json
import stat

import pytest

from paperreader.library import Library
from paperreader.models import MarkChange, Summary


def mark_of(paperreader, paper_id):
    (shown,) = paperreader("show", "--json", paper_id).objects
    return {name: shown[name] for name in ("bookmarked", "read", "note", "tags")}


def test_marks_are_set_and_removed(filled, ids):
    paper = ids["Slow"]
    result = filled(
        "mark", paper, "--bookmark", "--read", "--note", "Ask Ada.\nTwice.", "--tag", "#clocks", "--tag", "b"
    )
    assert (result.code, result.out) == (0, "Marked 1 paper.\n")
    assert mark_of(filled, paper) == {
        "bookmarked": True,
        "read": True,
        "note": "Ask Ada.\nTwice.",
        "tags": ["b", "clocks"],
    }
    filled("mark", paper, "--no-bookmark", "--unread", "--note", "", "--untag", "b")
    assert mark_of(filled, paper) == {"bookmarked": False, "read": False, "note": None, "tags": ["clocks"]}


def test_several_papers_are_marked_at_once(filled, ids):
    assert filled("mark", *ids.values(), "--tag", "all").out == "Marked 3 papers.\n"
    assert all(entry["tags"] == ["all"] for entry in filled("search", "--json").objects)


def test_known_papers_are_marked_and_unknown_ids_reported(filled, ids):
    result = filled("mark", "1707.06347", ids["Slow"], "2305.18290", "--tag", "rl")
    assert (result.code, result.out) == (1, "Marked 1 paper.\n")
    assert 'No papers "1707.06347", "2305.18290" in this library' in result.err
    assert "Use `paperreader add 1707.06347 2305.18290` to add them." in result.err
    assert mark_of(filled, ids["Slow"])["tags"] == ["rl"]
    assert "Use `paperreader search` to find ids." in filled("mark", "no-such-paper", "--bookmark").err
    result = filled("mark", "1707.06347", "2305.18290", "--tag", "rl")
    assert (result.code, result.out) == (1, "")
    assert 'No papers "1707.06347", "2305.18290" in this library' in result.err


def test_replaced_note_is_reported_and_can_be_restored(filled, ids):
    filled("mark", ids["Slow"], "--note", "Ask Ada.")
    assert filled("mark", ids["Slow"], "--note", "Ask Ada.").out == "Marked 1 paper.\n"
    output = filled("mark", ids["Slow"], "--note", "Ask Bo.").out
    assert output == "Marked 1 paper. Replaced an earlier note; undo with `paperreader restore 1`.\n"
    filled("restore", "1")
    assert mark_of(filled, ids["Slow"])["note"] == "Ask Ada."


def test_summaries_are_deleted_and_can_be_restored(filled, ids):
    texts = {name: Summary(f"By {name}.", "2026-11-02") for name in ("tldr", "german")}
    Library.open().save_and_apply([MarkChange(ids["Slow"], summaries=texts)])

    def commands(id):
        return [each["command"] for each in filled("show", "--json", id).objects[0]["summaries"]]

    result = filled("mark", ids["Slow"], ids["Sparse"], "--delete-summary", "tldr")
    assert (result.code, result.out) == (
        1,
        "Marked 1 paper. Deleted a summary; undo with `paperreader restore 1`.\n",
    )
    assert result.err == f"paperreader: {ids['Sparse']} has no generated summary by tldr.\n"
    assert commands(ids["Slow"]) == ["german"]
    assert filled("restore", "1").code == 0
    assert commands(ids["Slow"]) == ["german", "tldr"]
    result = filled("mark", ids["Sparse"], "--delete-summary", "all")
    assert (result.code, result.out) == (1, "")
    result = filled("mark", ids["Slow"], "--delete-summary", "all", "--bookmark")
    assert result.out == "Marked 1 paper. Deleted 2 summaries; undo with `paperreader restore 1`.\n"
    assert commands(ids["Slow"]) == [] and mark_of(filled, ids["Slow"])["bookmarked"]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--bookmark", "--no-bookmark"],
        ["--tag", "a", "--untag", "a"],
        ["--tag", " "],
        ["--read", "--unread"],
    ],
)
def test_invalid_arguments_are_usage_errors(filled, ids, options):
    result = filled("mark", ids["Slow"], *options)
    assert result.code == 2
    assert len(result.err.splitlines()) == 1


def test_notes_are_searchable(filled, ids):
    filled("mark", ids["Slow"], "--note", "compare with periwinkle")
    assert [entry["id"] for entry in filled("search", "--json", "periwinkle").objects] == [ids["Slow"]]


def test_jsonl_export_round_trip_with_marks(filled, ids, tmp_path):
    filled("mark", ids["Slow"], "--bookmark", "--note", "naïve – \u2028 \x1b[2J", "--tag", "x")
    filled("mark", ids["Café"], "--bookmark")
    file = tmp_path / "out.jsonl"
    wrote = filled("export", "--format", "jsonl", "--output", file)
    assert (wrote.code, wrote.out) == (0, "")
    assert file.read_bytes().isascii()
    other = ("--library", tmp_path / "other")
    read = filled("import", *other, file, "--json").objects[0]
    assert (read["read"], read["new"], read["problems"]) == (3, 3, [])

    def everything(*library):
        return sorted(filled("export", *library, "--format", "jsonl").out.splitlines())

    assert everything(*other) == everything()
    again = filled("import", *other, file, "--json").objects[0]
    assert (again["new"], again["merged"], again["unchanged"]) == (0, 0, 3)


def test_imported_mark_does_not_replace_newer_one(filled, ids, tmp_path):
    filled("mark", ids["Slow"], "--bookmark")
    old = filled("export", "--format", "jsonl").out
    filled("mark", ids["Slow"], "--no-bookmark")
    assert filled("import", "-", stdin=old.encode()).code == 0
    assert not mark_of(filled, ids["Slow"])["bookmarked"]


def test_export_preserves_original_text(filled, ids):
    exported = {entry["id"]: entry for entry in filled("export", "--format", "jsonl").objects}
    assert "$ doors" in exported[ids["Sparse"]]["abstract"]
    (shown,) = filled("show", "--json", ids["Sparse"]).objects
    assert " ".join(exported[ids["Sparse"]]["abstract"].split()) == shown["abstract"]


def test_query_export_has_full_matches_only(filled, ids):
    exported = filled("export", "--format", "jsonl", "sediment", "clocks").objects
    assert [entry["id"] for entry in exported] == [ids["Slow"]]


def test_unknown_format_is_usage_error_and_writes_nothing(filled, tmp_path):
    file = tmp_path / "out"
    result = filled("export", "--format", "papyrus", "--output", file)
    assert result.code == 2
    assert "papyrus" in result.err
    assert not file.exists()


def test_export_replaces_file_atomically_and_keeps_permissions(filled, tmp_path):
    file = tmp_path / "out.jsonl"
    file.write_text("old")
    file.chmod(0o640)
    filled("export", "--format", "jsonl", "--output", file)
    assert len(file.read_text().splitlines()) == 3
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [entry.name for entry in tmp_path.iterdir() if entry.name.startswith(".out")] == []


def test_export_to_null_device_or_missing_folder(filled, tmp_path):
    assert filled("export", "--format", "jsonl", "--output", "/dev/null").code == 0
    for nowhere in (tmp_path / "no" / "where.jsonl", "~no-such-user/where.jsonl"):
        result = filled("export", "--format", "jsonl", "--output", nowhere)
        assert result.code == 1
        assert len(result.err.splitlines()) == 1


def test_undo_removal_restores_papers_with_marks(filled, ids):
    filled("mark", ids["Slow"], "--bookmark")
    result = filled("remove", ids["Slow"])
    assert result.code == 0
    assert "1 paper" in result.out
    assert len(filled("search", "--json").objects) == 2
    assert filled("search", "--json", "sediment").out == ""
    assert filled("remove", "--undo").code == 0
    assert mark_of(filled, ids["Slow"])["bookmarked"]
    assert len(filled("search", "--json", "sediment").objects) == 1


def test_remove_source(filled, page, ids):
    assert filled("remove", "--source", page.name).code == 0
    assert filled("search", "--json").out == ""
    assert filled("remove", "--undo").code == 0
    assert {entry["id"] for entry in filled("search", "--json").objects} == set(ids.values())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [([], 2), (["x", "--undo"], 2), (["--undo"], 1), (["--source", "nowhere.txt"], 1), (["nobody"], 1)],
)
def test_invalid_removals_are_errors(filled, arguments, code):
    result = filled("remove", *arguments)
    assert result.code == code
    assert len(result.err.splitlines()) == 1
    assert len(filled("search", "--json").objects) == 3


def test_check_finds_damaged_line_and_repair_removes_it(filled, home):
    assert filled("check").code == 0
    catalog = next(home.rglob("papers.jsonl"))
    lines = catalog.read_bytes().splitlines(keepends=True)
    lines[2] = b"\x00" * (len(lines[2]) - 1) + b"\n"
    catalog.write_bytes(b"".join(lines))
    found = filled("check")
    assert found.code == 1
    assert "papers.jsonl" in found.out + found.err
    filled("check", "--repair")
    healed = filled("check")
    assert healed.code == 0
    assert "2 papers, no problems." in healed.out


def test_reindex_rebuilds_the_index(filled):
    result = filled("reindex")
    assert (result.code, result.out) == (0, "Indexed 3 papers.\n")
    assert len(filled("search", "--json", "rivers").objects) >= 1


def test_derived_files_can_be_deleted(filled, home):
    import shutil

    before = filled("search", "--json", "rivers").objects[0]["id"]
    shutil.rmtree(home / "cache")
    assert filled("search", "--json", "rivers").objects[0]["id"] == before


def test_jsonl_export_is_valid_json(filled):
    for line in filled("export", "--format", "jsonl").out.splitlines():
        assert json.loads(line)["paperreader"] == 1
