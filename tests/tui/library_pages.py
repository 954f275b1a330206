"""A small library of two days, with invented papers."""

from __future__ import annotations

from tests.pages import LANTERNS, RIVERS, daily_page

TITLES = (
    "Sparse Lanterns: Lighting Long Corridors with Few Lamps",
    "Slow Rivers Remember: A Study of Sediment Clocks",
    "Café Chess with Naïve Openings",
    "Tidal Grammars for Harbour Signs",
    "Counting Swallows by Their Shadows",
    "A Map of Every Echo in the Old Town",
)
"""Titles of 3 October 2025, in the order of the page."""

OLDER_TITLES = (
    "Knots that Untie Themselves Overnight",
    "Bread Clocks: Telling Time from Crumbs",
    "Whispering Galleries as Message Queues",
    "The Weight of a Borrowed Umbrella",
)
"""Titles of the day before."""

_LATER = daily_page(
    "Oct 3",
    LANTERNS,
    RIVERS,
    """Café Chess with Na\\"{i}ve Openings

Players who never learnt an opening still find good ones. We measure how soon, over a million games of a caf\\'e league,
and release the games at https://github.com/cafechess/games and https://github.com/cafechess/board, with a page at
https://cafechess.github.io.
""",
    """Tidal Grammars for Harbour Signs

Harbours write with flags, and the tide decides which ones are read. A grammar of six rules covers the signs of forty
ports. See https://tidalgrammars.org for all of them.
""",
    """Counting Swallows by Their Shadows

A swallow is faster than the shutter, its shadow on the wall is not. We count birds by what they leave on plaster and
miss one in ninety.
""",
    """A Map of Every Echo in the Old Town

Every corner answers a clap in its own way. We walked the old town with a drum and drew what came back.
""",
)

_EARLIER = """new

Subscribe

Daily Papers

byAK and the research community

Oct 2

Knots that Untie Themselves Overnight

Some knots hold for a day and are gone in the morning. We film ropes in the dark and find that damp does it.

Bread Clocks: Telling Time from Crumbs

Crumbs dry at a rate that a camera can see. A clock made of bread is right to a quarter of an hour. The recipe is at
https://github.com/crumblab/breadclock.

Whispering Galleries as Message Queues

A whisper circles the dome of a gallery for seconds. We keep up to nine messages in the air at once.

The Weight of a Borrowed Umbrella

People carry a borrowed umbrella with more care than their own. We weigh that care with a spring.
"""

PAGES = {"daily-2025-10-03.txt": _LATER, "daily-2025-10-02.txt": _EARLIER}

LATER_PAGES = {
    "daily-2025-10-04.txt": """new

Subscribe

Daily Papers

byAK and the research community

Oct 4

Ladders for Short Astronomers

A ladder that follows the star keeps the eye at the glass. We build one from a clock and a chair.

Soup Thermometry without Soup

The steam above a bowl tells its warmth to within a degree, even when the bowl is empty of everything but water.
"""
}
"""A page that is imported later."""
