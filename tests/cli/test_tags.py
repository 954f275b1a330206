"""`paperreader tags`: list, rename and delete."""

from __future__ import annotations

import pytest

from paperreader.library import Library


@pytest.fixture
def tagged(filled, ids):
    """Three papers with the tags rl (2), todo (1) and `to read` (1)."""
    first, second, third = ids.values()
    filled("mark", first, second, "--tag", "rl")
    filled("mark", third, "--tag", "todo", "--tag", "to read")
    return filled


def counts(command):
    return {found["tag"]: found["papers"] for found in command("tags", "--json").objects}


def test_tags_are_listed_with_counts(tagged):
    listed = tagged("tags")
    assert (listed.code, listed.err) == (0, "")
    assert listed.out.split() == ["2", "#rl", "1", "#to", "read", "1", "#todo"]


def test_a_tag_is_renamed_and_joined_and_deleted(tagged):
    renamed = tagged("tags", "--rename", "#rl", "agents")
    assert renamed.out.startswith("Tag rl renamed to agents on 2 papers.")
    assert counts(tagged) == {"agents": 2, "todo": 1, "to read": 1}
    assert "on 1 paper." in tagged("tags", "--rename", "to read", "agents").out
    assert counts(tagged) == {"agents": 3, "todo": 1}
    assert tagged("tags", "--delete", "agents").code == 0
    assert counts(tagged) == {"todo": 1}
    assert tagged("restore", "1").code == 0
    assert counts(tagged) == {"agents": 3, "todo": 1}
    assert not Library.open().pop_warnings()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("--rename", "none", "new"), 1, "No paper has the tag none"),
        (("--delete", "none"), 1, "No paper has the tag none"),
        (("--delete", "# "), 2, "cannot be empty"),
        (("--rename", "rl", "#rl"), 2, "the same"),
        (("--rename", "rl"), 2, "expected 2 arguments"),
    ],
)
def test_mistakes(tagged, arguments, code, message):
    result = tagged("tags", *arguments)
    assert result.code == code
    assert message in result.err
    assert counts(tagged) == {"rl": 2, "todo": 1, "to read": 1}


def test_no_tags_yet(filled):
    assert "No tags yet" in filled("tags").err
