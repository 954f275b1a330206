"""URLs from untrusted input are opened or copied only if they are harmless."""

from __future__ import annotations

import re
import shlex
import unicodedata
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.library import cite_bibtex, cite_markdown
from paperreader.models import Link, Paper
from paperreader.system import browser, clipboard
from paperreader.system.subprocesses import ProcessResult
from paperreader.text.paper_urls import copyable_urls, landing_page, openable_urls, safe_code_link
from paperreader.text.url_finder import find_links
from paperreader.text.urls import clone_url, parse_link, safe_url
from tests.pages import HOSTILE

UNSAFE = (
    *(
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "ftp://a.example/x",
        "vbscript:x",
        "//a.example",
    ),
    *(
        "--help",
        "-oProxyCommand=x",
        "ssh://-oProxyCommand=x/y",
        "ext::sh -c x",
        "git@github.com:a/b",
        "mailto:a@b.example",
    ),
    *(
        "https://user@a.example/",
        "https://user:password@a.example/",
        "https://github.com@evil.example/",
        "https://",
    ),
    *(
        "http:///x",
        "https://-",
        "https://a",
        "https://a.example\\@b.example",
        "https://a.example/\x1b[2J",
        "about:blank",
    ),
    *(
        "https://a.example/\nrm",
        "https://a.example/ x",
        "https://a.example/\u202ex",
        "https://a.example/\u200bx",
    ),
    *(
        "https://аpple.com/",
        "https://a.example:port/",
        "https://[::1]/",
        "https://a.example/\x9b1m",
        "https:/a.example",
    ),
    *(
        "\x00https://a.example",
        "https://a.example/" + "x" * 3000,
        "chrome://settings",
        "view-source:https://a.example",
    ),
)
HIDDEN_IN_URL = (
    *(
        "\u061c",
        "\u034f",
        "\u115f",
        "\u1160",
        "\u3164",
        "\uffa0",
        "\ufe0f",
        "\U000e0061",
        "\U000e0100",
        "\u180e",
    ),
    *(
        "\u202e",
        "\u2066",
        "\u200d",
        "\u17b4",
        "\ud800",
        "\x85",
        "\u3000",
        "\u2028",
        "a" + "\u0301" * 9,
        "\u20e3" * 9,
    ),
)
"""What would not be seen in a URL, and floods of marks."""

FRAGMENTS = st.sampled_from(
    [*UNSAFE, "https://", "http://", "github.com/", "a.example", "@", ":", "/", "-", "\\", "\x1b", "%0a"]
)
URLS = st.lists(FRAGMENTS | st.text(max_size=4), max_size=6).map("".join)


@pytest.fixture
def started(monkeypatch):
    """Record the programs that would be started, and start none."""
    commands = []

    def record(command, *rest, **settings):
        commands.append((list(command), *rest))
        return ProcessResult(True)

    monkeypatch.setattr(browser, "start_detached", record)
    monkeypatch.setattr(clipboard, "run_with_input", record)
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/bin/{name}")
    monkeypatch.setenv("BROWSER", "mine --url %s")
    monkeypatch.setenv("DISPLAY", ":0")
    return commands


def harmless(url: str) -> bool:
    parts = urlsplit(url)
    return (
        parts.scheme in {"http", "https"}
        and bool(parts.hostname)
        and "@" not in parts.netloc
        and not any(unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"} for char in url)
    )


@pytest.mark.parametrize("url", UNSAFE, ids=lambda text: ascii(text[:40]))
def test_no_program_is_started_for_unsafe_urls(started, url):
    opened = browser.open_url(url)
    assert not opened.ok
    assert opened.error.isprintable()
    assert started == []
    assert parse_link(url) is None


@given(URLS)
def test_safe_urls_are_harmless(url):
    safe = safe_url(url)
    if safe is not None:
        assert harmless(safe)
        assert safe_url(safe) == safe
    link = parse_link(url)
    if link is not None:
        assert harmless(link.url)
        assert harmless(clone_url(link))
        assert link.host == (urlsplit(link.url).hostname or "").removeprefix("www.")
    assert all(harmless(found.url) for found in find_links(f"See {url} and {url}."))


def test_browser_gets_url_as_one_argument(started):
    url = "https://a.example/$(x);z&w'u"
    assert browser.open_url(url).ok
    assert started == [(["mine", "--url", url],)]


@given(
    st.builds(
        Link,
        URLS
        | st.sampled_from(
            ["https://github.com/a/b;reboot", "https://github.com/a/$(x)", "https://hf.co/a/`x`"]
        ),
        st.sampled_from(["code", "project", "paper"]),
        st.sampled_from(["github.com", "hf.co", HOSTILE]),
    ),
    URLS,
    URLS,
)
@example(Link("", "code", "github.com"), "\n", "")
def test_offered_urls_are_harmless(link, arxiv, doi):
    paper = Paper(
        id="x", title=HOSTILE, arxiv=arxiv, doi=doi, links=(link,), repo=link.url, authors=(HOSTILE,)
    )
    offered = [offered_url.url for offered_url in (*copyable_urls(paper), *openable_urls(paper))]
    best = safe_code_link(paper)
    offered += [clone_url(best)] if best else []
    offered += [page] if (page := landing_page(paper)) else []
    assert all(map(harmless, offered))
    for text in (cite_markdown(paper), cite_bibtex(paper)):
        assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in text if char != "\n")


@pytest.mark.parametrize("name", ["b;reboot", "b$(x)", "b`x`", "b'c", "b&c", "b|c", "b\u3164c", "b>c"])
def test_clone_url_contains_no_shell_command(name):
    link = Link(f"https://github.com/a/{name}", "code", "github.com")
    assert re.fullmatch(r"https://github\.com/a/b", clone_url(link))
    assert shlex.split(f"git clone {shlex.quote(clone_url(link))}") == ["git", "clone", clone_url(link)]


@given(st.text())
def test_no_control_character_reaches_clipboard(text):
    sent: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        for name in ("TMUX", "DISPLAY", "WAYLAND_DISPLAY", "STY"):
            patch.delenv(name, raising=False)
        patch.setenv("TERM", "xterm")
        patch.setenv("SSH_TTY", "x")
        patch.setattr(clipboard, "osc52_sequence", lambda given: sent.append(given) or "")
        clipboard.copy_text(text, osc52=lambda _: None)
    assert sent == ["".join(char for char in text if char in "\n\t" or unicodedata.category(char) != "Cc")]


@pytest.mark.parametrize("hidden", HIDDEN_IN_URL, ids=ascii)
def test_url_with_hidden_text_is_not_offered(hidden):
    for url in (
        f"https://good.example/a{hidden}b",
        f"https://github.com/o/n?{hidden}",
        f"https://x.example/#{hidden}",
    ):
        assert safe_url(url) is None
        paper = Paper(
            "id", "Title", links=(Link(url, "code", "good.example"),), repo=url, doi=f"10.1234/{hidden}x"
        )
        assert not copyable_urls(paper)
        assert not openable_urls(paper)
        assert not landing_page(paper)
        assert hidden not in cite_bibtex(paper) + cite_markdown(paper)


def test_url_in_another_script_is_offered():
    for url in ("https://ja.example/学習", "https://hi.example/कार्य", "https://vi.example/tiê\u0301ng"):
        assert safe_url(url) == url
