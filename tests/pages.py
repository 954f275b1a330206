"""Daily Papers pages with invented texts."""

LANTERNS = """Sparse Lanterns: Lighting Long Corridors with Few Lamps

We ask how few lamps light a corridor of $\\mathcal{O}(n)$ doors. A greedy walk that moves every lamp at most once
comes within a factor of two. The code is at https://github.com/lanternlab/Sparse-Lanterns.
"""
RIVERS = """Slow Rivers Remember: A Study of Sediment Clocks

Rivers lay down one layer a year, and most models forget all but the last. We keep a running summary of the layers and
show that ten numbers are enough to tell a dry decade from a wet one.
"""
CHESS = """Café Chess with Na\\"{i}ve Openings

Players who never learnt an opening still find good ones. We measure how soon, over a million games of a caf\\'e league,
and release the games at https://github.com/cafechess/games.
"""


def daily_page(date: str, *papers: str) -> str:
    """Return a page saved as text, in the layout with blank lines; each paper is a title and an abstract."""
    heading = (
        "new",
        "Get trending papers in your email inbox once a day!",
        "Subscribe",
        "Daily Papers",
        "byAK and the research community",
        date,
    )
    return "\n\n".join(heading) + "\n\n" + "\n".join(papers)


THREE_PAPERS = daily_page("Mar 14", LANTERNS, RIVERS, CHESS)

HOSTILE = (
    "\x1b]0;OWNED\x07\x1b[31337;1HOops \x9b31337m\x9d52;c;T1dORUQ=\x9c \x1bP31337$r\x1b\\\x1b_OWNED\x1b\\"
    "\u202edetrever\u202c \x00\x08\x7f\r\v\f \x1b[?31337l\x1b]52;c;T1dORUQ=\x07 \u2066x\u2069 [/INST] <think> [CLS]"
)
"""Escape sequences, C1 controls, bidi overrides and markup, none of which the program itself writes."""


def hostile_page() -> str:
    """Return a page of two papers, the second truncated, with `HOSTILE` at every place that can contain text."""
    # Without line ends, and without the null character, which would make it binary (as too little text would).
    evil = HOSTILE.translate(dict.fromkeys(map(ord, "\x00\r\v\f")))
    plain = " ".join(["The lamps are counted again, and again they are as many as there were before."] * 20)
    return (
        f"new\n\nSubscribe\n\nMar 14\n\nWicked {evil} Lanterns in Corridors\n\n"
        f"We light {evil} corridors with lamps. {plain} Every lamp is {evil} counted twice.\n\n"
        f"A Title {evil} Cut Off\n"
    )


def hostile_name(stem: str) -> str:
    """Return a file name with as much of `HOSTILE` as a file name can contain."""
    return f"{stem} {HOSTILE}.txt".replace("/", "_").replace("\x00", "")
