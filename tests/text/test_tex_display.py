"""Display of TeX: converted if that is certain, otherwise unchanged."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from paperreader.text.sanitize import sanitize
from paperreader.text.tex_display import readable_text, tex_to_unicode


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        # Prose
        (r"B\'ezier, na\"{\i}ve, H\"older, {\'e}t{\'{e}}", "Bézier, naïve, Hölder, été"),
        (
            r"Erd\H{o}s, Fran\c{c}ois, Mi\v{s}a, Stra\ss e, \AA{}ngstr\"om",
            "Erdős, François, Miša, Straße, Ångström",
        ),
        (r"Polyak-\L ojasiewicz and \O rsted", "Polyak-Łojasiewicz and Ørsted"),
        (r"4\% of R\&D, a\_b, \#1, \$5, \{x\}", "4% of R&D, a_b, #1, $5, {x}"),
        ("``quoted'' and `single' and ''both''", '"quoted" and \'single\' and "both"'),
        ("pages 3--7 --- or so -- and x---y", "pages 3–7 — or so – and x—y"),
        ("Fig.~3, Smith et al.~[4], SAM~2", "Fig. 3, Smith et al. [4], SAM 2"),
        (r"\textbf{bold} \emph{stressed} \texttt{a\_b} \underline{R}ight", "bold stressed a_b Right"),
        (r"{\em some words} and {\bf others}", "some words and others"),
        (r"\textcolor{red}{warning}", "warning"),
        (r"\url{https://a.org/x_y}", "https://a.org/x_y"),
        (r"\href{https://a.org/x}{our page} \href{https://a.org}{}", "our page https://a.org"),
        (r"results\footnote{See the appendix.} hold", "results (See the appendix.) hold"),
        (r"as in~\cite{smith2020}", "as in [smith2020]"),
        (r"2\textsuperscript{nd}", "2ⁿᵈ"),
        (r"360{\deg} and 45\deg", "360° and 45°"),
        (r"$2\farcs 5$, 3\arcmin apart, $M_\sun$, 10 \micron", "2″.5, 3′ apart, M_☉, 10 μm"),
        (r"\eg this, \ie that, \etc.", "e.g. this, i.e. that, etc."),
        (r"\begin{itemize}\item one \item two\end{itemize}", "• one • two"),
        (r"43{,}756 samples", "43,756 samples"),
        # Formulas
        ("V$^2$L and CO$_2$", "V²L and CO₂"),
        (r"$\mathcal{O}(n\log n)$", "𝒪(n log n)"),
        (r"\(O(n^2)\) and \[x_1\]", "O(n²) and x₁"),
        (r"$\alpha \leq \beta$, $a\leq b$, $2\times 3$", "α ≤ β, a≤b, 2×3"),
        (r"$x \in \mathbb{R}^d$", "x ∈ ℝᵈ"),
        (r"$\sqrt{n}$, $\sqrt{n+1}$, $\sqrt[3]{x}$", "√n, √(n+1), ∛x"),
        (r"$\frac{1}{2}$, $\frac{a+b}{2}$", "1/2, (a+b)/2"),
        (r"$\hat{x}$, $\tilde{O}(n)$, $\bar\theta$", "x̂, Õ(n), θ̄"),
        (r"$x_{t+1}$, $e^{-x/2}$, $W_{model}$", "xₜ₊₁, e^(-x/2), W_model"),
        (r"$x'$, $x''$, $A^\top$, $90^\circ$", "x′, x″, Aᵀ, 90°"),
        (r"$\|x\|_2$, $\ell_\infty$, $\log_2 n$", "‖x‖₂, ℓ_∞, log₂ n"),
        (r"$p(x\mid y)$, $a \neq b$, $x \not\in Y$", "p(x | y), a ≠ b, x ∉ Y"),
        (r"$\text{if } x = \mathrm{max}$", "if x = max"),
        (r"$\operatorname{argmax}_x f(x)$", "argmaxₓ f(x)"),
        (r"$\left(\frac{d}{m}\right)^{1/2}$", "(d/m)^(1/2)"),
        (r"$\mathbf{x}$, $\mathfrak{g}$, $\mathbb{E}[X]$, $\mathcal{L}$", "𝐱, 𝔤, 𝔼[X], ℒ"),
        (r"$$\sum_{i=1}^n x_i$$", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"$\{0,1\}^n$, $1{,}000$", "{0,1}ⁿ, 1,000"),
        (r"$k$-NN, top-$p$, [0, $k$)", "k-NN, top-p, [0, k)"),
        (r"$\approx$5\%, $\sim 3$", "≈5%, ∼3"),
        ("$2 * n$ is better than $n^2$", "2 * n is better than n²"),
        (r"$\text{a $b$ c}$", "a b c"),
        (r"\textbf{$n$ items}", "n items"),
        (r"\begin{equation} a = b \end{equation}", "a = b"),
        # Known signs outside of formulas
        (r"10^{-3}, R^{2}, H_{2}O, \alpha_1", "10⁻³, R², H₂O, α₁"),
        (r"GTA5 \rightarrow Cityscapes", "GTA5 → Cityscapes"),
        # Damage whose repair is certain
        ("mathcal{O}(d^k)", "𝒪(d^k)"),
        ("mathcal O(1/K)", "𝒪(1/K)"),
        ("the ell_2 and ell_infty norms", "the ℓ₂ and ℓ_∞ norms"),
        ("|x|_infty", "|x|_∞"),
        ("F: Y rightarrow X", "F: Y → X"),
        ("GTAvrightarrowCityscapes", "GTAv→Cityscapes"),
        ("Dual-texttt{H}ead with {bf MASK} in {sim}5", "Dual-Head with MASK in ∼5"),
        (r"\b{eta}-VAE and \k{appa}", "β-VAE and κ"),
        (r"What\u2019s new", "What’s new"),
        (r"the model\'s \"own\" words", 'the model\'s "own" words'),
        (r"$\unicode{x2013}$", "–"),
    ],
)
def test_display_url(raw: str, shown: str) -> None:
    assert tex_to_unicode(raw) == shown


@pytest.mark.parametrize(
    "text",
    [
        "costs $5",
        "from $5 to $10, or US$20,000 and $30,000",
        "between $48-$74 per person, $1.5M in all",
        "$200-500/month ($13 trillion)",
        r"\prjname{} beats \ours, says {\method}",
        r"at \800 each",
        "user_name, snake_case_name, user_{name}, __init__",
        "{BERT} and {0, 1} and {a, b}",
        "~5% of 1M~60M (~10) in ~/bin",
        "run it with --flag, a --> b, C--",
        "the `code` and the society`s",
        r"\textbf{never closed",
        r"C:\new\path and \d+\s",
        "epsilon=8{255} and sigmaleft( mathbf",
        "https://a.org/x_1/~me/a--b/c``d",
        "github.com/a_b/c__d--e",
        "a > b < c & d # e % f",
        "[CLS] <think> [/INST] **bold** _it_",
        "$",
        "$$",
        "\\",
        "{",
        "}",
        "x_",
        "x^",
        "```",
        r"\frac",
        "the price in US$ is 5 A$ more",
        "",
    ],
)
def test_unchanged_text(text: str) -> None:
    assert tex_to_unicode(text) == text


def test_unknown_macro_in_a_formula_keeps_its_argument() -> None:
    assert tex_to_unicode(r"$\foo{x}_1 + \alpha$") == r"\foo{x}₁ + α"


def test_price_does_not_shift_the_formulas_after_it() -> None:
    assert tex_to_unicode(r"for $5 we get $x^2$ and $y_1$, not $10") == "for $5 we get x² and y₁, not $10"


def test_formula_does_not_span_paragraphs() -> None:
    text = "costs $x\n\nand gains y$ more"
    assert tex_to_unicode(text) == text


def test_text_is_sanitized() -> None:
    assert tex_to_unicode("in\ufb02uence\x1b[2J $x^2$\u202e") == "influence[2J x²"


def test_macros_yield_no_control_characters() -> None:
    for raw in (r"\unicode{x1b}[2J", r"\u001b[2J", r"\char27 [2J", r"\unicode{x202e}", r"\u202e"):
        assert "\x1b" not in tex_to_unicode(raw)
        assert "\u202e" not in tex_to_unicode(raw)


PIECES = st.sampled_from(
    [
        *(
            "$",
            "$$",
            "\\",
            "{",
            "}",
            "^",
            "_",
            "~",
            "`",
            "``",
            "'",
            "''",
            "--",
            "-",
            "[",
            "]",
            "(",
            ")",
            " ",
            "\n",
            "&",
        ),
        *(
            "\\frac",
            "\\sqrt",
            "\\hat",
            "\\mathcal",
            "\\textbf{",
            "\\text{",
            "\\href{",
            "\\footnote{",
            "\\foo",
            "\\alpha",
        ),
        *(
            "\\leq",
            "\\log",
            "\\left",
            "\\(",
            "\\)",
            "\\[",
            "\\]",
            "\\'",
            '\\"',
            "\\c{",
            "\\b{eta}",
            "\\u00e9",
            "\\item",
        ),
        *(
            "\\begin{equation}",
            "\\end{equation}",
            "\\unicode{x1b}",
            "\\not",
            "\\\\",
            "\\%",
            "\\verb|",
            "\\char27",
        ),
        *(
            "mathcal{O}",
            "ell_2",
            "_infty",
            "https://a.b/",
            "a",
            "x1",
            "5",
            "word",
            "é",
            "𝒪",
            "\u0301",
            "\x1b",
            "\u202e",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@example("\\frac" * 30)
@example("\\hat{" * 30 + "}" * 30)
@example("{\\em " * 60 + "}" * 60)
@example("$\\text{$" * 20)
def test_any_tex_is_accepted(text: str) -> None:
    shown = tex_to_unicode(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") and char != "\n" for char in shown)
    assert sanitize(shown) == shown


@given(st.text(max_size=300))
def test_any_text_is_accepted(text: str) -> None:
    shown = tex_to_unicode(text)
    assert sanitize(shown) == shown


@given(
    st.text(alphabet=st.characters(exclude_characters="\\$~`'{}^_-", exclude_categories=["C"]), max_size=300)
)
def test_plain_text_is_only_sanitized(text: str) -> None:
    known = ("math", "ell_", "infty", "rightarrow", "leq", "geq")
    if not any(word in text for word in known):
        assert tex_to_unicode(text) == sanitize(text)


@given(st.text(alphabet="abcxyz 0123456789.,;:()éßΩ漢", max_size=80))
def test_formula_of_plain_characters_is_unchanged(inner: str) -> None:
    assert "".join(tex_to_unicode(f"\\({inner}\\)").split()) == "".join(sanitize(inner).split())


@pytest.mark.parametrize(
    "piece",
    [
        "\\frac",
        "\\hat{",
        "{\\em ",
        "$",
        "$x_{",
        "\\(",
        "`a'",
        "\\textbf{",
        "\\sqrt[",
        "\\'",
        "^{",
        "~",
        "--",
        "\\b{",
        "$a$",
    ],
)
def test_hostile_text_takes_linear_time(piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts commands and formulas, since time cannot be measured on a busy machine."""
    from paperreader.text.tex.converter import Converter

    counts = []
    for times in (200, 800):
        steps = 0

        def counted(self: Converter, *arguments: object, original: object = Converter.closing_brace) -> int:
            nonlocal steps
            steps += 1
            return original(self, *arguments)

        monkeypatch.setattr(Converter, "closing_brace", counted)
        tex_to_unicode(piece * times + "}" * times)
        monkeypatch.undo()
        counts.append(steps)
    assert counts[1] <= 6 * counts[0] + 100


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (r"with $k=5$, $p<0.05$ and $|V|\geq 10^6$", "with k = 5, p < 0.05 and |V| ≥ 10⁶"),
        (r"\(x\in\mathbb{R}^d\) and \[f:A\to B\]", "x ∈ ℝᵈ and f:A → B"),
        (r"$x=(x_1=0,\ldots)$ in $O(n=1)$", "x = (x₁=0,…) in O(n=1)"),
        (r"A$\rightarrow$B, $\sim$10, $>$90\%, $x^{=}$", "A→B, ∼10, >90%, x⁼"),
        ("a=b, x<y and https://example.org/?a=b", "a=b, x<y and https://example.org/?a=b"),
        (r"costs $5 or $6, if $a=b", "costs $5 or $6, if $a=b"),
    ],
)
def test_relations_of_formulas_have_blanks_on_the_screen(raw, shown):
    assert readable_text(raw) == shown


@given(st.text(alphabet="ab1=<$ \\to{}()_^", max_size=30))
def test_blanks_are_all_that_the_screen_adds(text):
    assert readable_text(text).replace(" ", "") == tex_to_unicode(text).replace(" ", "")
