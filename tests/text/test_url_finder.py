"""URLs in prose: which are found, how they are repaired, and of which kind they are."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.models import LINK_KINDS
from paperreader.text.url_finder import find_links
from paperreader.text.urls import clone_url, parse_link, safe_url, url_key


def urls(text: str) -> list[str]:
    return [link.url for link in find_links(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Code: https://github.com/SamsungLabs/Genie.", "https://github.com/SamsungLabs/Genie"),
        (
            "(https://github.com/chinefed/conv-set-transformer).",
            "https://github.com/chinefed/conv-set-transformer",
        ),
        ("found at github.com/edwardjhu/TP4.", "https://github.com/edwardjhu/TP4"),
        ("at https://github.com/kleinzcy/Cr-KD-NCD{here}.", "https://github.com/kleinzcy/Cr-KD-NCD"),
        (
            "https://github.com/masa-ue/SVDD{https://github.com/masa-ue/SVDD}.",
            "https://github.com/masa-ue/SVDD",
        ),
        (
            "https://github.com/A/Driven-Synthesis.https://github.com/A/Driven-Synthesis.",
            "https://github.com/A/Driven-Synthesis",
        ),
        ("https://github.com/w/TotalSegmentator, and the", "https://github.com/w/TotalSegmentator"),
        ("at: https://github.com/W/V2L{V^2L}.", "https://github.com/W/V2L"),
        ("at: http://github.com/WangYueFt/rfs/.", "https://github.com/WangYueFt/rfs"),
        (
            "https://owner.github.io/CompressFeatNoisyLabels/.",
            "https://owner.github.io/CompressFeatNoisyLabels/",
        ),
        ("at: https://github.com/HDETR", "https://github.com/HDETR"),
        (r"\url{https://github.com/a/b_c}", "https://github.com/a/b_c"),
        (r"\url{https://github.com/a/b\_c}", "https://github.com/a/b_c"),
        (r"\href{https://github.com/a/b}{our code}", "https://github.com/a/b"),
        (r"$\href{https://github.com/a/b}{\texttt{a/b}}$.", "https://github.com/a/b"),
        ("[the code](https://github.com/a/b)", "https://github.com/a/b"),
        ("[https://github.com/a/b](https://github.com/a/b).", "https://github.com/a/b"),
        ("(see https://github.com/a/b)", "https://github.com/a/b"),
        ("https://github.com/a/b…", "https://github.com/a/b"),
        ("https://github.com/a/b...", "https://github.com/a/b"),
        ("<https://github.com/a/b>", "https://github.com/a/b"),
        ('<a href="https://github.com/a/b.git">this URL</a>', "https://github.com/a/b.git"),
        ("**https://github.com/a/b**", "https://github.com/a/b"),
        ("https://github.com/a/b's", "https://github.com/a/b"),
        ("https://github.com/a/b)。", "https://github.com/a/b"),
        ("https://github.com/a/b上", "https://github.com/a/b"),
        ("https: //github.com/a/b.", "https://github.com/a/b"),
        ("https:\n  //github.com/a/b.", "https://github.com/a/b"),
        ("https:/github.com/a/b.", "https://github.com/a/b"),
        ("https:github.com/a/b.", "https://github.com/a/b"),
        ("https//github.com/a/b.", "https://github.com/a/b"),
        ("https://https://github.com/a/b.", "https://github.com/a/b"),
        ("athttps://github.com/a/b.", "https://github.com/a/b"),
        ("https://github. com/a/b.", "https://github.com/a/b"),
        ("https://github$.$com/a/b", "https://github.com/a/b"),
        ("https://github.com/Some- Owner/b.", "https://github.com/Some-Owner/b"),
        ("https://github.com/a/Deep-\nLearning-24.", "https://github.com/a/Deep-Learning-24"),
        ("https://github.com/a/b-\nWe show", "https://github.com/a/b-"),
        ("(https://github.com/a/b).246 subjects", "https://github.com/a/b"),
        ("https://github.com/a/b.(The full", "https://github.com/a/b"),
        ("git@github.com:a/b.git", "https://github.com/a/b.git"),
        ("https://en.wikipedia.org/wiki/Foo_(bar).", "https://en.wikipedia.org/wiki/Foo_(bar)"),
        ("https://x.org/?u=https://y.org/b", "https://x.org/?u=https://y.org/b"),
        ("https://github.com/a/b#usage", "https://github.com/a/b#usage"),
        ("HTTPS://GitHub.com/Owner/Name", "https://github.com/Owner/Name"),
        ("www.example.org/page.", "https://www.example.org/page"),
        ("shown at name.github.io .", "https://name.github.io"),
        ("http://www.robots.ox.ac.uk/~vgg/", "http://www.robots.ox.ac.uk/~vgg/"),
    ],
)
def test_single_url(text: str, expected: str) -> None:
    assert urls(text) == [expected]


def test_several_links_in_order_each_once() -> None:
    text = "https://b.org/x,https://a.org/y and https://github.com/O/N/tree/main then github.com/o/n."
    assert urls(text) == ["https://b.org/x", "https://a.org/y", "https://github.com/O/N/tree/main"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no address here",
        "e.g. this i.e. that.com",
        "javascript:alert(1) file:///etc/passwd ftp://a.org/b",
        "https:// and http://",
        "https://user:secret@example.org/",
        "me@github.com/x",
        "https://localhost/x",
        "the ratio http://",
    ],
)
def test_text_without_links(text: str) -> None:
    assert find_links(text) == ()


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://github.com/o/n", "code"),
        ("https://github.com/o/n/tree/main/sub", "code"),
        ("https://github.com/o", "other"),
        ("https://github.com/topics/nlp", "other"),
        ("https://gist.github.com/o/123", "code"),
        ("https://gitlab.com/group/sub/name/-/tree/main", "code"),
        ("https://gitlab.inria.fr/o/n", "code"),
        ("https://git.tu-berlin.de/o/n", "code"),
        ("https://bitbucket.org/o/n", "code"),
        ("https://codeberg.org/o/n", "code"),
        ("https://gitee.com/o/n", "code"),
        ("https://sourceforge.net/projects/n", "code"),
        ("https://anonymous.4open.science/r/n-12", "code"),
        ("https://huggingface.co/o/n", "model"),
        ("https://huggingface.co/o", "other"),
        ("https://huggingface.co/datasets/o/n", "dataset"),
        ("https://huggingface.co/datasets/squad", "dataset"),
        ("https://huggingface.co/spaces/o/n", "space"),
        ("https://huggingface.co/papers/2403.01234", "paper"),
        ("https://huggingface.co/docs/transformers", "other"),
        ("https://hf.co/o/n", "model"),
        ("https://o.github.io/n/", "project"),
        ("https://o.gitlab.io", "project"),
        ("https://zenodo.org/records/1", "data"),
        ("https://www.kaggle.com/datasets/o/n", "data"),
        ("https://osf.io/abc", "data"),
        ("https://doi.org/10.5281/zenodo.1", "data"),
        ("https://doi.org/10.1000/1", "paper"),
        ("https://arxiv.org/abs/2403.01234", "paper"),
        ("https://openreview.net/forum?id=x", "paper"),
        ("https://example.org/x", "other"),
    ],
)
def test_kinds(url: str, kind: str) -> None:
    link = parse_link(url)
    assert link is not None
    assert (link.url, link.kind) == (url, kind)


@pytest.mark.parametrize(
    ("url", "clone"),
    [
        ("https://github.com/Owner/Name/tree/main/x?y#z", "https://github.com/Owner/Name"),
        ("https://github.com/Owner/Name.git", "https://github.com/Owner/Name"),
        ("https://raw.githubusercontent.com/o/n/main/f", "https://github.com/o/n"),
        ("https://gitlab.com/g/s/n/-/blob/x", "https://gitlab.com/g/s/n"),
        ("https://huggingface.co/datasets/o/n/tree/main", "https://huggingface.co/datasets/o/n"),
        ("https://o.github.io/n/", "https://o.github.io/n/"),
        ("https://github.com/o", "https://github.com/o"),
    ],
)
def test_clone_url(url: str, clone: str) -> None:
    link = parse_link(url)
    assert link is not None
    assert clone_url(link) == clone


def test_url_key_ignores_insignificant_differences() -> None:
    same = [
        "https://github.com/Owner/Name",
        "http://github.com/owner/name/",
        "https://www.github.com/owner/NAME.git",
        "https://github.com/owner/name/tree/main/sub",
    ]
    assert len({url_key(url) for url in same}) == 1
    assert url_key("http://www.a.org/X/") == url_key("https://a.org/X")
    assert url_key("https://a.org/X") != url_key("https://a.org/x")
    assert url_key("https://hf.co/O/N") == url_key("https://huggingface.co/o/n")
    assert url_key("https://github.com/o/n") != url_key("https://gitlab.com/o/n")


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org",
        "https://",
        "https://user@example.org",
        "https://exa mple.org",
        "https://example.org/\x1b[2J",
        "https://example.org/\u202ex",
        "https://-x/",
        "-https://example.org",
        "https://example",
        "https://example.org/" + "a" * 3000,
        'https://example.org/"x',
        "",
    ],
)
def test_unsafe_urls(url: str) -> None:
    assert safe_url(url) is None
    assert parse_link(url) is None


def test_safe_url_keeps_the_spelling() -> None:
    assert safe_url(" HTTPS://Example.ORG/Path?Q=a%20b#F ") == "https://example.org/Path?Q=a%20b#F"
    assert safe_url("http://127.0.0.1:8000/x") == "http://127.0.0.1:8000/x"


PIECES = st.sampled_from(
    [
        *(
            "https://",
            "http:/",
            "www.",
            "github.com/",
            "o/",
            "n",
            ".git",
            ".",
            ",",
            "(",
            ")",
            "{",
            "}",
            "\\url{",
            "\\_",
        ),
        *(
            "\\href{",
            "[",
            "](",
            " ",
            "\n",
            "…",
            "-",
            "é",
            "漢",
            "~",
            "$.$",
            ".github.io",
            "huggingface.co/",
            "\x1b",
            "\u202e",
        ),
        *("datasets/", "git@", ":", "a=https://b.c", "#", "?q=1", "%20", "\u200b"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
@example("https://github.com/https://github.com/a/b")
@example("huggingface.co/huggingface.co/.git")
def test_found_links_are_safe(text: str) -> None:
    links = find_links(text)
    assert len({url_key(link.url) for link in links}) == len(links)
    for link in links:
        assert safe_url(link.url) == link.url
        assert parse_link(link.url) == link
        assert link.kind in LINK_KINDS
        assert link.host
        assert safe_url(clone_url(link)) == clone_url(link)
        assert url_key(clone_url(link)) == url_key(link.url)


@given(st.text(max_size=200))
def test_any_text_is_accepted(text: str) -> None:
    for link in find_links(text):
        assert safe_url(link.url) == link.url


NAMES = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,20}[A-Za-z0-9])?", fullmatch=True)
OWNERS = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9-]{0,20}[A-Za-z0-9])?", fullmatch=True)


@given(
    OWNERS.filter(lambda owner: parse_link(f"https://github.com/{owner}/x").kind == "code"),
    NAMES,
    st.sampled_from(["", ".", ",", ").", "}.", "/.", " and", "{here}.", "…", '"', "'", ";", "\n"]),
    st.sampled_from(["", "(", "at ", "\\url{", "[x](", "{", '"', "\n"]),
    st.sampled_from(["https://", "http://", ""]),
)
def test_repository_is_found_in_any_sentence(
    owner: str, name: str, after: str, before: str, scheme: str
) -> None:
    assert urls(f"{before}{scheme}github.com/{owner}/{name}{after}") == [f"https://github.com/{owner}/{name}"]
