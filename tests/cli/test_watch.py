"""`paperreader watch`, and `is:watched` on the command line."""

from __future__ import annotations

from paperreader import config, paths


def test_watch_list_is_changed_listed_and_searched(filled):
    result = filled("watch")
    assert (result.code, result.out) == (0, "")
    assert "Nothing is watched yet" in result.err
    result = filled("watch", "--words", "lantern", "--words", "chess", "--category", "cs.CL")
    assert result.out == "Watched: words lantern\nWatched: words chess\nWatched: category cs.CL\n"
    lines = filled("watch").out.splitlines()
    assert [line.split()[-2:] for line in lines] == [
        ["words", "lantern"],
        ["words", "chess"],
        ["category", "cs.CL"],
    ]
    listed = filled("watch", "--json").objects
    assert [(each["kind"], each["name"]) for each in listed] == [
        ("words", "lantern"),
        ("words", "chess"),
        ("category", "cs.CL"),
    ]
    assert [each["all"] for each in listed] == [1, 1, 0]
    found = filled("search", "--json", "is:watched").objects
    assert sorted(each["watched"][0]["name"] for each in found) == ["chess", "lantern"]
    assert all(each["watched"][0]["kind"] == "words" for each in found)
    assert [each["watched"] for each in filled("search", "--json").objects].count([]) == 1
    assert filled("show", "--json", found[0]["id"]).objects[0]["watched"] == found[0]["watched"]
    filled("mark", found[0]["id"], "--hide")
    assert sum(each["all"] for each in filled("watch", "--json").objects) == 1
    assert len(filled("search", "--json", "is:watched").objects) == 1
    result = filled("watch", "--remove", "--words", "Lantern", "--category", "cs.CL")
    assert result.out == "Not watched any more: words Lantern\nNot watched any more: category cs.CL\n"
    assert config.load_settings().watch.words == ("chess",)


def test_mistakes_are_reported_with_what_to_do(filled):
    assert filled("watch", "--author", "Ada").code == 0
    for arguments, code, message in (
        (("--remove",), 2, "--remove needs what to stop watching"),
        (("--category", "all of it"), 2, "all of it: it is no category of arXiv, such as cs.CL."),
        (("--author", "ADA"), 2, "Watched already: author ADA."),
        (("--remove", "--author", "Bo"), 1, "Not watched: author Bo. `paperreader watch` lists what is."),
    ):
        result = filled("watch", *arguments)
        assert (result.code, result.out) == (code, "")
        assert message in result.err
    file = paths.config_folder() / "config.toml"
    file.write_text('[watch]\nauthors = ["Ada", "??"]\n', encoding="utf-8")
    result = filled("watch")
    assert (result.code, result.out.split()[-1]) == (0, "Ada")
    assert '"??" is ignored: it has no letter or digit' in result.err
