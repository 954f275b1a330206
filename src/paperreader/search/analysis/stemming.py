"""Stems of English words: inflections, British and American spelling, and irregular plurals meet in one stem."""

from __future__ import annotations

import re
from functools import lru_cache

from paperreader.search.analysis.cased_words import CAPITALS_MARK
from paperreader.search.analysis.tokenizer import SIGNS

_STEMMABLE = re.compile("[a-z]{3,}")

_IRREGULAR_PLURALS = {
    "analyses": "analysis",
    "appendices": "appendix",
    "automata": "automaton",
    "axes": "axis",
    "bacteria": "bacterium",
    "children": "child",
    "codices": "codex",
    "corpora": "corpus",
    "cortices": "cortex",
    "crises": "crisis",
    "criteria": "criterion",
    "curricula": "curriculum",
    "diagnoses": "diagnosis",
    "equilibria": "equilibrium",
    "extrema": "extremum",
    "foci": "focus",
    "formulae": "formula",
    "halves": "half",
    "helices": "helix",
    "hypotheses": "hypothesis",
    "indices": "index",
    "lemmata": "lemma",
    "loci": "locus",
    "matrices": "matrix",
    "maxima": "maximum",
    "mice": "mouse",
    "minima": "minimum",
    "momenta": "momentum",
    "nuclei": "nucleus",
    "optima": "optimum",
    "parentheses": "parenthesis",
    "phenomena": "phenomenon",
    "polyhedra": "polyhedron",
    "quanta": "quantum",
    "radii": "radius",
    "schemata": "schema",
    "simplices": "simplex",
    "spectra": "spectrum",
    "stimuli": "stimulus",
    "strata": "stratum",
    "syntheses": "synthesis",
    "theses": "thesis",
    "vertices": "vertex",
    "vortices": "vortex",
    "women": "woman",
}

_BRITISH_OUR = re.compile(
    "((?:mis)?behavi|(?:bi|multi)?col|(?:dis)?fav|flav|harb|hon|hum|lab|neighb|rum|tum|vap|arm|endeav|vig|sav)our"
)
_BRITISH_RE = re.compile(
    "((?:bary|epi|multi)?cent|fib|calib|spect|theat|lit|(?:centi|kilo|milli|nano)?met)re(d|s)?"
)
_BRITISH_ISE = re.compile(
    "(?!(?:com)?promis|treatis|chemis|advertis)([a-z]{2,}"
    "(?:[aeiou]l|[aeo]r|[aeio]n|[iyoa]m|ic|[aei]t|gn|ant|tr|es|as|id|od|ub))is(?=(?:e[drs]?|ers|ing|able|ation|ational|ations)$)"
)
_BRITISH_YSE = re.compile("((?:an|di|cat|para|hydro)al|(?:cat|par)?al)ys(?=(?:e|ed|er|ers|ing)$)")
_BRITISH_OTHERS = {
    "artefact": "artifact",
    "artefacts": "artifacts",
    "catalogue": "catalog",
    "catalogues": "catalogs",
    "defence": "defense",
    "defences": "defenses",
    "dialogue": "dialog",
    "dialogues": "dialogs",
    "grey": "gray",
    "licence": "license",
    "modelling": "modeling",
    "offence": "offense",
    "programme": "program",
    "programmes": "programs",
    "sceptical": "skeptical",
}

_MIN_DOUBLE_L_STEM = 6
"""From this length on, a final double l of a stem is one: `modelling`, `modeling`; but not `small` or `call`."""


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Return the stem of an English word (Porter2, http://snowball.tartarus.org); other words unchanged.

    A word with a sign (`c++`) has the stem of the word without it.
    """
    bare = word[len(CAPITALS_MARK) :].lower() if word.startswith(CAPITALS_MARK) else word
    bare = bare.rstrip(SIGNS) or bare
    if bare != word:
        return stem(bare)  # which is cached: most texts contain it as well
    if not _STEMMABLE.fullmatch(word):
        return word
    from paperreader.search.analysis.porter2 import stem as porter2_stem

    found = porter2_stem(_american(_IRREGULAR_PLURALS.get(word, word))) or word
    return found[:-1] if found.endswith("ll") and len(found) >= _MIN_DOUBLE_L_STEM else found


def _american(word: str) -> str:
    """Return the American spelling of a British word."""
    if word in _BRITISH_OTHERS:
        return _BRITISH_OTHERS[word]
    if "our" in word:
        word = _BRITISH_OUR.sub(r"\1or", word)
    if "is" in word:
        return _BRITISH_ISE.sub(r"\1iz", word)
    if "ys" in word:
        return _BRITISH_YSE.sub(r"\1yz", word)
    if "re" in word[-4:] and (british := _BRITISH_RE.fullmatch(word)):
        return f"{british[1]}er{'ed' if british[2] == 'd' else british[2] or ''}"
    return word
