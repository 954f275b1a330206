"""Tables of TeX commands and their Unicode form. Names and meanings follow the LaTeX kernel, amsmath and amssymb."""

from __future__ import annotations


def _table(words: str) -> dict[str, str]:
    names = words.split()
    return dict(zip(names[::2], names[1::2], strict=True))


def name_set(words: str) -> frozenset[str]:
    """Return the words of a text as a set of names."""
    return frozenset(words.split())


LETTERS = _table(
    r"ss ß SS ẞ o ø O Ø l ł L Ł ae æ AE Æ oe œ OE Œ aa å AA Å i ı j ȷ dh ð DH Ð th þ TH Þ dj đ DJ Đ ng ŋ NG Ŋ"
)
"""Letters of text; as in TeX, the blank that ends their name is dropped."""

TEXT_SYMBOLS = _table(
    "S § P ¶ dag † ddag ‡ Letter ✉ copyright © textcopyright © pounds £ textsterling £ euro € texteuro € EUR € yen ¥ "
    "textdegree ° degree ° textregistered ® registered ® circledR ® texttrademark ™ trademark ™ textasciitilde ~ "
    "texttildelow ~ "
    "textasciicircum ^ textasciigrave ` textbackslash \\ textless < textgreater > textbar | "
    "textunderscore _ textdollar $ textellipsis … textemdash — textendash – textquoteleft ‘ textquoteright ’ "
    "textquotedblleft “ textquotedblright ” textquotesingle ' textquotedbl \" guillemotleft « guillemotright » "
    "guillemetleft « guillemetright » textbullet • textperiodcentered · textperthousand ‰ textmu µ textohm Ω "
    "textpm ± "
    "texttimes × textrightarrow → textleftarrow ← textuparrow ↑ textdownarrow ↓ textonehalf ½ textbraceleft { "
    "textbraceright } textasteriskcentered * textnumero № textdagger † textdaggerdbl ‡ textsection § textparagraph ¶ "
    "Letter ✉ LaTeX LaTeX TeX TeX LaTeXe LaTeX2ε checkmark ✓ cmark ✓ xmark ✗ lq ‘ rq ’ slash / eg e.g. ie i.e. "
    "wrt w.r.t. cf cf."
) | {"etal": "et al.", "etc": "etc."}
"""Symbols of text, and abbreviations that conference styles define."""

GREEK_AND_SIGNS = _table(
    "alpha α beta β gamma γ delta δ epsilon ε varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ lambda λ "
    "mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi φ varphi φ chi χ "
    "psi "
    "ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω varkappa ϰ digamma ϝ "
    "Alpha Α Beta Β Epsilon Ε Zeta Ζ Eta Η Iota Ι Kappa Κ Mu Μ Nu Ν Rho Ρ Tau Τ Chi Χ "
    "varGamma Γ varDelta Δ varTheta Θ varLambda Λ varPi Π varSigma Σ varPhi Φ varPsi Ψ varOmega Ω upmu µ "
    "ell ℓ hbar ℏ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ imath ı jmath ȷ partial ∂ nabla ∇ infty ∞ emptyset ∅ varnothing ∅ "
    "forall ∀ exists ∃ nexists ∄ neg ¬ lnot ¬ top ⊤ bot ⊥ angle ∠ triangle △ square □ Box □ blacksquare ■ Diamond ◇ "
    "diamond ⋄ lozenge ◊ blacklozenge ⧫ intercal ⊺ llcorner ⌞ lrcorner ⌟ ulcorner ⌜ urcorner ⌝ qed □ qedsymbol □ "
    "clubsuit ♣ heartsuit ♥ spadesuit ♠ diamondsuit ♦ sharp ♯ flat ♭ natural ♮ prime ′ "
    "ldots … dots … dotsc … dotsb ⋯ dotsm ⋯ cdots ⋯ vdots ⋮ ddots ⋱ sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ "
    "oint ∮ "
    "bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigvee ⋁ bigwedge ⋀ bigsqcup ⨆ surd √ "
    "langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ rbrack ] lvert | rvert | vert | "
    "lVert ‖ rVert ‖ Vert ‖ backslash \\ star ⋆ bigstar ★ bullet • ast * dagger † ddagger ‡ circledast ⊛ maltese ✠ "
    "blacktriangle ▲ blacktriangledown ▼ triangledown ▽ bigtriangleup △ bigtriangledown ▽ bigodot ⨀ biguplus ⨄ "
    "vartriangle △ sqsubset ⊏ sqsupset ⊐ bigcirc ◯ complement ∁ mho ℧ eth ð "
    "uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ colon : "
    "lbrace { copyright © pounds £ degree ° checkmark ✓ circledR ® S § P ¶ dag † ddag ‡ yen ¥"
)
"""Letters and signs of mathematics that are neither operators nor functions."""

UNITS = _table("sun ☉ earth ⊕ arcdeg ° arcmin ′ arcsec ″ degr ° fdg °. farcm ′. farcs ″. micron μm")
"""Signs and units of the document classes of astronomy (AASTeX), which LaTeX itself does not know."""

OPERATORS = _table(
    "times × cdot · div ÷ pm ± mp ∓ circ ∘ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cup ∪ cap ∩ uplus ⊎ sqcup ⊔ "
    "sqcap ⊓ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ boxplus ⊞ boxtimes ⊠ ltimes ⋉ "
    "rtimes ⋊ "
    "leq ≤ le ≤ leqslant ≤ geq ≥ ge ≥ geqslant ≥ neq ≠ ne ≠ equiv ≡ approx ≈ approxeq ≊ sim ∼ simeq ≃ cong ≅ "
    "propto ∝ "
    "ll ≪ gg ≫ lll ⋘ ggg ⋙ prec ≺ succ ≻ preceq ⪯ succeq ⪰ lesssim ≲ gtrsim ≳ gtrapprox ⪆ lessapprox ⪅ asymp ≍ "
    "doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq ⊊ "
    "supsetneq ⊋ sqsubseteq ⊑ sqsupseteq ⊒ in ∈ ni ∋ notin ∉ mid | nmid ∤ parallel ∥ perp ⊥ models ⊨ vdash ⊢ vDash ⊨ "
    "dashv ⊣ to → rightarrow → longrightarrow ⟶ Rightarrow ⇒ Longrightarrow ⟹ implies ⟹ leftarrow ← gets ← "
    "longleftarrow ⟵ Leftarrow ⇐ impliedby ⟸ leftrightarrow ↔ longleftrightarrow ⟷ Leftrightarrow ⇔ "
    "Longleftrightarrow ⟺ iff ⟺ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ nrightarrow ↛ "
    "rightharpoonup ⇀ "
    "rightleftharpoons ⇌ rightleftarrows ⇄ rightrightarrows ⇉ leadsto ⇝ rightsquigarrow ⇝ therefore ∴ because ∵ "
    "trianglelefteq ⊴ trianglerighteq ⊵ unlhd ⊴ unrhd ⊵ lhd ◁ rhd ▷ mapsfrom ↤ trianglelefteqslant ⊴ "
    "triangleright ▷ triangleleft ◁ bowtie ⋈ smile ⌣ frown ⌢ lt < gt >"
)
"""Operators and relations, with the same space on both sides."""

ALWAYS_SPACED = frozenset(("mid", "models", "iff", "implies"))
"""Operators that would be misread without blanks."""

FUNCTIONS = name_set(
    "arccos arcsin arctan arg argmax argmin cos cosh cot coth csc det deg dim exp gcd hom inf ker lg lim liminf "
    "limsup "
    "ln log max min Pr sec sin sinh sup tan tanh"
)
"""Names of functions, with a blank between them and a letter."""

ALPHABETS = {
    "mathcal": "script",
    "mathscr": "script",
    "cal": "script",
    "mathbb": "double",
    "mathds": "double",
    "mathbbm": "double",
    "mathbbb": "double",
    "mathbold": "bold",
    "boldmath": "bold",
    "Bbb": "double",
    "mathfrak": "fraktur",
    "mathbf": "bold",
    "boldsymbol": "bold",
    "bm": "bold",
    "pmb": "bold",
}
"""Commands that select a mathematical alphabet of Unicode."""

PROSE_WRAPPERS = name_set(
    "text textbf textit textsl textsc texttt textsf textrm textup textmd textnormal textlf emph mbox hbox fbox "
    "underline uline uwave sout ul hl smash url nolinkurl path lowercase uppercase makebox framebox vcenter num gls "
    "glspl Gls ac acp acs acl acf acrfull acrshort"
)
"""Commands whose one argument is shown unchanged, as prose."""

MATH_WRAPPERS = name_set(
    "mathrm mathsf mathtt mathit mathsfit mathnormal mathord mathop mathbin mathrel mathinner ensuremath boxed "
    "underbrace "
    "overbrace underline smash"
)
"""Commands whose one argument is shown unchanged, as part of a formula."""

LAST_ARGUMENT_COMMANDS = dict.fromkeys(
    ("textcolor", "colorbox", "href", "hyperlink", "hypertarget", "texorpdfstring", "scalebox", "raisebox"), 2
)
"""Commands with this many arguments, of which the last is shown."""

STYLE_SWITCHES = name_set(
    "em it bf rm tt sc sf sl itshape bfseries rmfamily ttfamily scshape sffamily slshape upshape mdseries normalfont "
    "tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge noindent smallskip medskip bigskip "
    "displaystyle textstyle scriptstyle scriptscriptstyle boldmath unboldmath centering limits nolimits protect "
    "xspace "
    "par newline linebreak nobreak allowbreak"
)
"""Commands that change the style and show nothing themselves."""

DELIMITER_SIZES = name_set(
    "left right middle big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm"
)
"""Commands that enlarge the bracket after them."""

HIDDEN_COMMANDS = {
    "vspace": 1,
    "label": 1,
    "definecolor": 3,
    "cellcolor": 1,
    "rowcolor": 1,
    "arraycolsep": 0,
    "nonumber": 0,
    "notag": 0,
    "hfill": 0,
    "hfil": 0,
    "null": 0,
    "relax": 0,
    "strut": 0,
    "mathstrut": 0,
    "color": 1,
    "phantom": 1,
    "hphantom": 1,
    "vphantom": 1,
    "footnotemark": 0,
    "pagestyle": 1,
    "thispagestyle": 1,
    "setcounter": 2,
}
"""Commands that are dropped with this many arguments."""

DIMENSION_COMMANDS = name_set("hspace hspace* mspace hskip vskip kern mkern mskip")
"""Spaces whose width follows, with or without braces."""

SPACES = {
    **dict.fromkeys((" ", ",", ";", ":", ">", "\n", "quad", "qquad", "space", "enspace", "thinspace"), " "),
    **dict.fromkeys(("!", "/", "-", "@", "+", "negthinspace"), ""),
}
"""Blanks, and commands that only control line breaks and spacing."""

ESCAPABLE = frozenset("%&#_${}")
"""Characters that a backslash escapes."""

TEXT_ACCENTS = dict(
    zip(
        "`'^\"~=.uvHrckdb",
        "\u0300\u0301\u0302\u0308\u0303\u0304\u0307\u0306\u030c\u030b\u030a\u0327\u0328\u0323\u0331",
        strict=True,
    )
)
"""Accents of text as combining characters."""

MATH_ACCENTS = _table(
    "hat \u0302 widehat \u0302 tilde \u0303 widetilde \u0303 bar \u0304 overline \u0304 vec \u20d7 dot \u0307 ddot "
    "\u0308 check \u030c acute \u0301 grave \u0300 breve \u0306 mathring \u030a overrightarrow \u20d7 "
    "overleftarrow \u20d6 underbar \u0332 Bar \u0304 Hat "
    "\u0302 Tilde \u0303"
)
"""Accents of mathematics as combining characters."""

SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ−",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ⁻",
        strict=True,
    )
) | {
    "∘": "°",
    "⊤": "ᵀ",
    "′": "′",
    "*": "*",
    "†": "†",
    "‡": "‡",
    "°": "°",
    "®": "®",
    "™": "™",
    "©": "©",
    "⋆": "⋆",
    "★": "★",
}
"""Characters with a superscript form, and those that are superscripts themselves."""

SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvxβγρφχ−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ₋", strict=True)
)
"""Characters with a subscript form."""

DINGBATS = {"51": "✓", "52": "✔", "53": "✕", "54": "✖", "55": "✗", "56": "✘", "72": "★", "73": "☆"}
"""Arguments of `\\ding` that papers use."""

NEGATED = {"=": "≠", "∈": "∉", "⊂": "⊄", "⊆": "⊈", "≡": "≢", "∼": "≁", "≤": "≰", "≥": "≱", "∃": "∄"}
FRACTIONS = ("frac", "tfrac", "dfrac", "nicefrac", "sfrac", "cfrac")
BINOMIALS = ("binom", "dbinom", "tbinom")
STACKED = {"underset": "_", "overset": "^", "stackrel": "^"}
ARROWS = {"xrightarrow": "→", "xleftarrow": "←"}
ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
GROUP_FORMS = {"cal": "script", "bf": "bold", "frak": "fraktur"}

_BLOCKS = {
    "bold": (
        ("A", "Z", 0x1D400),
        ("a", "z", 0x1D41A),
        ("0", "9", 0x1D7CE),
        ("Α", "Ω", 0x1D6A8),
        ("α", "ω", 0x1D6C2),
    ),
    "script": (("A", "Z", 0x1D49C), ("a", "z", 0x1D4B6)),
    "fraktur": (("A", "Z", 0x1D504), ("a", "z", 0x1D51E)),
    "double": (("A", "Z", 0x1D538), ("a", "z", 0x1D552), ("0", "9", 0x1D7D8)),
}
"""Runs of mathematical letters: the first and last plain letter, and the code point of the first styled one."""

_EXISTING_LETTERS = {
    "script": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "fraktur": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
    "double": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "bold": {},
}
"""Letters that Unicode had before its block of mathematical letters."""


BINARY_SIGNS = frozenset(("ast", "star", "bullet"))
"""Signs that keep the blank after their name, if there is one before it."""


def in_math_style(char: str, form: str) -> str:
    """Return the character in a style (`script`, `double`, `fraktur`, `bold`); unchanged if Unicode has none."""
    if char in _EXISTING_LETTERS[form]:
        return _EXISTING_LETTERS[form][char]
    for first, last, start in _BLOCKS[form]:
        if first <= char <= last:
            return chr(start + ord(char) - ord(first))
    return char
