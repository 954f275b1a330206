"""Subscriptions to arXiv and the watch list, which are edited in `config.toml`."""

from __future__ import annotations

import tomllib

import pytest

from paperreader import config
from paperreader.config.edits import (
    add_arxiv_subscription,
    add_watched,
    remove_arxiv_subscription,
    remove_watched,
)
from paperreader.errors import NotFound, PaperreaderError, SettingsError, UsageError

FILES = {
    "none": None,
    "empty": "",
    "other section": '# mine\n[appearance]\ntheme = "nord"  # dark\n',
    "section": "# mine\n[fetch]\n# the mirror\ntimeout = 30  # slow\n\n[keys]\nquit = 'Q'\n",
    "list": '[fetch]\narxiv = ["cs.CL"]  # work\ntimeout = 30\n',
    "lines": '[fetch]\narxiv = [\n  "cs.CL",  # language\n  # for later\n  "stat.ML",\n]\n',
    "dotted": "# mine\nfetch.timeout = 30\n",
    "commented out": "[fetch]\n# arxiv = []\n\n# timeout = 20.0\n\n[mail]\n# host = ''\n",
    "carriage returns": "# mine\r\n[fetch]\r\ntimeout = 30\r\n",
}


@pytest.fixture
def write(home, monkeypatch):
    def write_file(text):
        file = home / "own" / "config.toml"
        monkeypatch.setenv("PAPERREADER_CONFIG", str(file))
        if text is not None:
            file.parent.mkdir()
            file.write_bytes(text.encode())
        return file

    return write_file


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_added_and_removed_subscription_leaves_the_file_as_it_was(write, text):
    file = write(text)
    before = tomllib.loads(text or "")
    known = before.get("fetch", {}).get("arxiv", [])
    assert add_arxiv_subscription(" CS.lg ") == "cs.LG"
    assert add_arxiv_subscription('cat:cs.CL AND abs:"state space"') == 'cat:cs.CL AND abs:"state space"'
    loaded = config.read_settings()
    assert loaded.problems == ()
    assert list(loaded.settings.fetch.arxiv) == [*known, "cs.LG", 'cat:cs.CL AND abs:"state space"']
    after = file.read_text(encoding="utf-8")
    for line in (text or "").splitlines():
        if "#" in line:
            assert line.partition("#")[2] in after
    for name in ("cs.LG", 'cat:cs.CL AND abs:"state space"'):
        remove_arxiv_subscription(name)
    parsed = tomllib.loads(file.read_bytes().decode())
    assert parsed.pop("fetch")["arxiv"] == known
    assert parsed.get("keys") == before.get("keys")
    assert config.load_settings().fetch.arxiv == tuple(known)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("[fetch]\narxiv = [\n", SettingsError),
        ('[fetch]\narxiv = "cs.CL"\n', SettingsError),
        ("[fetch]\narxiv = [1]\n", SettingsError),
        ("fetch = 1\n", SettingsError),
        ("[[fetch]]\ntimeout = 30\n", SettingsError),
        ('[fetch]\narxiv = ["cs.lg"]\n', UsageError),
    ],
)
def test_file_that_cannot_be_changed_stays(write, text, error):
    file = write(text)
    with pytest.raises(error):
        add_arxiv_subscription("cs.LG")
    assert file.read_text(encoding="utf-8") == text


def test_invalid_and_unknown_subscriptions_are_errors(write):
    file = write(None)
    with pytest.raises(UsageError, match="not a category"):
        add_arxiv_subscription("cs.")
    with pytest.raises(NotFound, match="not subscribed"):
        remove_arxiv_subscription("cs.CL")
    assert not file.exists()


def test_unreadable_file_is_an_error(write):
    file = write(None)
    file.mkdir(parents=True)
    with pytest.raises(PaperreaderError):
        add_arxiv_subscription("cs.CL")


def test_invalid_entry_of_the_file_is_kept(write):
    file = write('[fetch]\narxiv = ["cs."]\n')
    add_arxiv_subscription("cs.CL")
    assert tomllib.loads(file.read_text(encoding="utf-8"))["fetch"]["arxiv"] == ["cs.", "cs.CL"]


# The watch list


@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_watch_list_is_edited_without_changing_anything_else(write, text):
    file = write(text)
    before = tomllib.loads(text or "")
    assert add_watched("authors", ' "Yann  LeCun" ') == "Yann LeCun"
    assert add_watched("authors", "He, Kaiming") == "He, Kaiming"
    assert add_watched("repositories", "https://github.com/Karpathy/nanoGPT") == (
        "https://github.com/Karpathy/nanoGPT"
    )
    loaded = config.read_settings()
    assert loaded.problems == ()
    assert loaded.settings.watch.authors == ("Yann LeCun", "He, Kaiming")
    after = file.read_text(encoding="utf-8")
    for line in (text or "").splitlines():
        if "#" in line:
            assert line.partition("#")[2] in after
    assert remove_watched("authors", "yann lecun") == "yann lecun"
    remove_watched("authors", "He, Kaiming")
    remove_watched("repositories", "https://github.com/karpathy/nanogpt")
    parsed = tomllib.loads(file.read_bytes().decode())
    assert parsed.pop("watch") == {"authors": [], "repositories": []}
    assert parsed == before
    assert config.load_settings().watch == config.Settings().watch


def test_watch_list_keeps_comments_between_its_entries(write):
    file = write('[watch]\n# people\nauthors = [\n  "Ann Jay",  # my group\n  "Bo Kay",\n]\n')
    add_watched("authors", "Cy Elm")
    remove_watched("authors", "Bo Kay")
    text = file.read_text(encoding="utf-8")
    assert "# people" in text
    assert '"Ann Jay",  # my group' in text
    assert config.load_settings().watch.authors == ("Ann Jay", "Cy Elm")


@pytest.mark.parametrize(
    ("kind", "text", "message"),
    [
        ("authors", "  ", "no letter or digit"),
        ("authors", "bo KAY", "Watched already: author bo KAY"),
        ("words", '"?"', "no letter or digit"),
        ("categories", "all of it", "no category of arXiv"),
        ("repositories", "a b", "no owner, owner/name or URL"),
        ("repositories", "ftp://x.org/a", "no owner, owner/name or URL"),
    ],
)
def test_what_cannot_be_watched_changes_nothing(write, kind, text, message):
    file = write('[watch]\nauthors = ["Bo Kay"]\n')
    before = file.read_bytes()
    with pytest.raises(UsageError, match=message):
        add_watched(kind, text)
    with pytest.raises(NotFound, match="Not watched: author Ann"):
        remove_watched("authors", "Ann")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["watch = 1\n", "[watch]\nauthors = 'Ann'\n", "[watch]\nauthors = [1]\n", "[watch\n"]
)
def test_damaged_watch_list_is_reported_and_not_changed(write, text):
    file = write(text)
    with pytest.raises(SettingsError):
        add_watched("authors", "Ann Jay")
    assert file.read_text(encoding="utf-8") == text
