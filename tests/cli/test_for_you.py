"""`foryou`, `sort:foryou`, `mark --dislike` and `digest --for-you`."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.for_you import records
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS


@pytest.fixture
def topics(paperreader, home, tmp_path):
    """The command line with a library of four topics, and the ids of the papers on each."""
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, records())), encoding="utf-8")
    assert paperreader("import", file).code == 0
    found = {}
    for each in records():
        found.setdefault(each["keywords"][0], []).append(each["id"])
    return paperreader, found


def first_ids(result, count):
    return [line.split()[0] for line in result.out.splitlines()[:count]]


def test_personal_order_is_shown_explained_and_forgotten(topics):
    paperreader, ids = topics
    assert "sorted by votes" in paperreader("foryou").out
    result = paperreader("search", "sort:foryou")
    assert (result.code, result.err) == (0, "paperreader: No bookmarks yet: sorted by votes\n")
    by_votes = paperreader("foryou", "--papers", 3)
    assert first_ids(by_votes, 3) == first_ids(paperreader("search", "sort:votes"), 3)
    paperreader("mark", *ids["river"][:3], "--bookmark")
    paperreader("mark", *ids["lamp"][:2], "--dislike")
    shown = paperreader("foryou").out
    assert shown.startswith("Learned from 3 papers that you bookmarked.\n2 papers hidden or with")
    (learned,) = paperreader("foryou", "--json").objects
    assert (learned["liked"], learned["disliked"], learned["since"]) == (3, 2, None)
    rivers = {word.lower() for word in learned["more"]}
    assert {"sediment", "delta", "current", "flood", "silt", "tide", "bend"} & rivers
    assert learned["less"]
    listed = first_ids(paperreader("foryou", "--papers", 5), 5)
    assert set(listed) <= set(ids["river"][3:])
    assert first_ids(paperreader("search", "sort:foryou", "is:unread", "-is:bookmarked"), 5) == listed
    assert [found["id"] for found in paperreader("foryou", "--papers", 5, "--json").objects] == listed
    assert paperreader("foryou", "--reset").code == 0
    forgotten = paperreader("foryou").out
    assert forgotten.startswith("Marks since 20")
    assert "Nothing learned yet" in forgotten
    assert paperreader("foryou", "--learn-from-all").out == shown


def test_tag_has_an_order_of_its_own(topics):
    paperreader, ids = topics
    paperreader("mark", *ids["kite"][:3], "--tag", "wind")
    assert set(first_ids(paperreader("foryou", "--tag", "#wind", "--papers", 4), 4)) <= set(ids["kite"])
    assert "with #wind" in paperreader("foryou", "--tag", "wind").out
    result = paperreader("foryou", "--tag", "storm")
    assert (result.code, result.out) == (1, "")
    assert "No paper has the tag storm" in result.err


def test_less_of_this_is_a_mark(topics):
    paperreader, ids = topics
    (id,) = ids["bread"][:1]
    paperreader("mark", id, "--dislike")
    (shown,) = paperreader("show", "--json", id).objects
    assert (shown["disliked"], shown["hidden"]) == (True, False)
    assert "less of this" in paperreader("show", id).out
    assert [found["id"] for found in paperreader("search", "--json", "is:disliked").objects] == [id]
    paperreader("mark", id, "--no-dislike")
    assert paperreader("search", "is:disliked").out == ""


def test_digest_lists_the_best_for_the_user_first_without_reasons(topics, tmp_path):
    paperreader, ids = topics
    result = paperreader("digest", "--since", "2025-03-01", "--for-you", 4)
    assert "\nFor you (no bookmarks yet: by votes)\n" in result.out
    paperreader("mark", *ids["river"][:3], "--bookmark")
    paperreader("mark", ids["river"][3], "--read")
    paperreader("subscribe", "Floods", "flood")
    text = paperreader("digest", "--since", "2025-03-01", "--for-you", 4).out
    group = text.partition("\nFor you\n")[2].partition("\n\n\n")[0]
    listed = [id for id in (id for each in ids.values() for id in each) if id in group]
    assert len(listed) == 4
    assert set(listed) <= set(ids["river"][4:])
    assert all(text.count(f"abs/{id}") == 1 for id in listed), "not in the group of the subscription as well"
    assert "also in Floods" in group
    assert "because" not in text
    assert "like" not in group.replace("likely", "")
    assert paperreader("digest", "--since", "2025-03-01", "--for-you", 0).code == 2


@pytest.mark.endurance
def test_two_processes_learn_at_once(topics):
    paperreader, ids = topics
    paperreader("mark", *ids["river"][:3], "--bookmark")
    both = [
        subprocess.Popen(
            [*program_command(), "foryou", "--papers", "6"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    outputs = [process.communicate(timeout=TIMEOUT_SECONDS) for process in both]
    assert all(error == b"" for _, error in outputs)
    assert outputs[0][0] == outputs[1][0] == paperreader("foryou", "--papers", 6).out.encode()


def test_paths_lists_the_derived_file(topics):
    paperreader, ids = topics
    paperreader("mark", ids["river"][0], "--bookmark")
    paperreader("foryou")
    (path,) = [
        line.split(maxsplit=1)[1]
        for line in paperreader("paths").out.splitlines()
        if line.startswith("for-you")
    ]
    assert path.endswith("for-you.bin")
    assert Path(path).stat().st_size
