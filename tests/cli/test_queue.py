"""`paperreader mark --queue-first` and `--queue-last`."""

from __future__ import annotations

import pytest


def queue(command):
    return [found["id"] for found in command("search", "--json", "is:bookmarked sort:queue").objects]


def test_papers_are_put_first_or_last_in_the_given_order(filled, ids):
    one, two, three = ids.values()
    assert filled("mark", two, "--bookmark").code == 0
    assert filled("mark", three, one, three, "--queue-first").out == "Marked 2 papers.\n"
    assert queue(filled) == [three, one, two]
    shown = filled("search", "--json").objects
    bookmarked = sorted((each for each in shown if each["queue"] is not None), key=lambda each: each["queue"])
    assert [each["id"] for each in bookmarked] == [three, one, two]
    assert all(each["bookmarked"] == (each["queue"] is not None) for each in shown)
    filled("mark", three, "--queue-last", "--read")
    assert queue(filled) == [one, two, three]
    assert filled("show", "--json", three).objects[0]["read"]
    filled("mark", one, "--bookmark", "--queue-last")
    assert queue(filled) == [two, three, one]
    filled("mark", two, three, one, "--queue-first")
    assert queue(filled) == [two, three, one]
    filled("mark", two, "--no-bookmark")
    filled("mark", two, "--bookmark")
    assert queue(filled) == [three, one, two]


@pytest.mark.parametrize("other", ["--no-bookmark", "--queue-first"])
def test_contradictions_are_refused(filled, ids, other):
    result = filled("mark", ids["Slow"], "--queue-last", other)
    assert result.code == 2
    assert queue(filled) == []
