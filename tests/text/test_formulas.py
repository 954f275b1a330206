"""Formulas on one line, and displayed formulas in two dimensions."""

from __future__ import annotations

import itertools
import json
import lzma
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from paperreader.text.cell_width import cell_width
from paperreader.text.tex.layout.formula import layout_formula, split_formula
from paperreader.text.tex_display import formula_to_unicode


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (
            r"\overline{AB}, \widetilde{f0}, \overrightarrow{AB}",
            "A̅B̅".replace("\u0305", "\u0304") + ", f̃0̃, A⃗B⃗",
        ),
        (r"\underset{¯}{\mathbf{x}}, \underset{\sim}{a}, \overset{¯}{x}", "𝐱̲, a̰, x̄"),
        (r"\hat{\omega_{i,j}}, \hat{v_{\theta}}, \mathbf{\hat{s}}, \mathbf{l_{z}}", "ω̂_(i,j), v̂_θ, 𝐬̂, 𝐥_𝐳"),
        (r"\text{if~}x, \text{~and~}y, chunk\_ size, {\gamma \ast W}", "if x, and y, chunk_size, γ * W"),
        (r"a\quad\text{ for }b, c \text{ and } d", "a for b, c and d"),
        (r"v\_{\*}, (\cdot , x), \left[ \left. a/2 \right.,b \right]", "v_*, (·, x), [a/2,b]"),
        (
            r"\left. \parallel{x - y}\parallel \right._{2}, \left. \parallel \cdot \parallel{}_{F} \right.",
            "‖x - y‖₂, ‖ · ‖_F",
        ),
        (
            r"\left. \parallel{x}\parallel_{2}^{2} \right., p \parallel q, {\{a_{b}\}}_{i}",
            "‖x‖₂², p ∥ q, {a_b}ᵢ",
        ),
        (r"{\nabla\log}p, \alpha_{k}{\log P}, {\|a_{q} - b_{q}\|}_{1}", "∇log p, αₖ log P, ‖a_q - b_q‖₁"),
        (
            r"\log\frac{a}{b}, \log{\frac{a(x)}{b}}, \max\frac{a}{b}, \log(a)/b",
            "log(a/b), log((a(x))/b), max a/b, log(a)/b",
        ),
        (r"\begin{array}{cl}L(x)&=a\\&=b\end{array}", "L(x) =a =b"),
        (r"\widehat{\text{very long operand}}", "hat(very long operand)"),
        (r"\overset{\sim}{\beta}_t, \stackrel{\text{def}}{=}", "β̃ₜ, =ᵈᵉᶠ"),
        (r"f(x)=\begin{cases}1&\text{if }x>0\\0&\text{otherwise}\end{cases}", "f(x)={1 if x>0; 0 otherwise}"),
        (r"\begin{bmatrix}a&b\\c&d\end{bmatrix}, \begin{pmatrix}1\\0\end{pmatrix}", "[a, b; c, d], (1; 0)"),
        (r"\left\{\begin{array}{lc}{n}&i\\0&\end{array}\right.", "{n, i; 0"),
        (r"\begin{aligned}L&=a\\&+b\\M&=c\end{aligned}", "L =a +b; M =c"),
        (r"\sum_{\substack{i\in A\\i\neq j}}x_i", "∑_(i∈A, i≠j)xᵢ"),
        (r"{a+b \over c}, {n \choose k}", "(a+b)/c, C(n, k)"),
        (r"\mathbbm{1}_{A}, \mathsfit{Z}, \bigtriangledown f, a\rhd b, \texttildelow", "𝟙_A, Z, ▽f, a▷b, ~"),
        (r"a\mspace{13mu}b\hskip 2.5pt c\kern-1pt d\hspace{0pt}e", "a b cde"),
        (r"\definecolor[named]{pgfstrokecolor}{rgb}{0,0,0}x+\cellcolor{red}y", "x+y"),
        ("x+%\n  y 5\\% of z", "x+y 5% of z"),
        (r"\alpha*x\not\approx y", "α*x≉y"),
        (r"x_{ab}c, x_{q}r, x_{max}^{2}, x_{max^2}", "x_ab c, x_q r, xₘₐₓ², x_(max²)"),
        (r"x_{mq}^{2}, {x^{a}}^{b}, (a)^{(b)(c)}", "x_(mq)², (xᵃ)ᵇ, (a)⁽ᵇ⁾⁽ᶜ⁾"),
        (r"\frac{a}{b}c, \sqrt{x}y, c\frac{a}{b}, {\frac{a}{b}}^2", "a/b c, √x y, c a/b, (a/b)²"),
        (r"\frac{1}{4m\delta^2}, \frac{a}{bc}, \frac{ab}{\sqrt{d_k}}", "1/(4mδ²), a/(bc), ab/√dₖ"),
        (
            r"\frac{x}{\text{max}}, \frac{1}{x_{mq}}, \frac{1}{\hat{y}_i}, \frac{2}{10}",
            "x/max, 1/x_mq, 1/ŷᵢ, 2/10",
        ),
        (
            r"{({a_{q} - b})}^{2}, {\lbrack x_{q} \rbrack}^{\top}, x^{2\ast c}, x^{*}",
            "(a_q - b)², [x_q]ᵀ, x^(2*c), x*",
        ),
        (r"\frac{\partial L}{\partial x_i}", "∂L/∂xᵢ"),
        (r"\unknown{x}_{1}", r"\unknown{x}₁"),
        (
            r"\frac{1}{N}\sum_{i=1}^{N}x_{i}, \frac{1}{2}\int_{a}f, -\frac{1}{2}\nabla f, \sum^{N}\frac{1}{a}",
            "1/N ∑ᵢ₌₁ᴺxᵢ, 1/2 ∫ₐf, -1/2 ∇f, ∑ᴺ 1/a",
        ),
        (r"a \parallel_{2}^{2} b, x \times_{3} y", "a ∥₂² b, x ×₃ y"),
        (
            r"\mathbf{U_{OD_{S}}}, \mathbf{f_{\hat{x}}}, \mathbf{x_{12}}, \mathbf{U^{tar}}_{t}, \mathcal{L_{adv}}",
            "𝐔_(OD_S), 𝐟_(x̂), 𝐱₁₂, 𝐔ᵗᵃʳₜ, ℒ_adv",
        ),
        (r"\mathbf{one word}, \mathbf{x_{1}+y_{1}}", "one word, x₁+y₁"),
        (r"{\parallel(\sqrt{t} + \epsilon_{t}\parallel}_{2}, {|{|{v_{q}}|}|}^{2}", "∥(√t + εₜ∥₂, ||v_q||²"),
        (r"{[\parallel x_{q} - y)^{2} \parallel}_{2}, {(x_{q})}^{2}", "[∥x_q - y)² ∥₂, (x_q)²"),
        (r"\{ 10,20\}, \left\{ x \right\}_{t}", "{10,20}, {x}ₜ"),
        (
            r"p \middle| \middle| q, p \mid \mid q, \left| \middle| e \middle| \right|, \middle p",
            "p ∥ q, p ∥ q, ‖ e ‖, p",
        ),
        (r"\overset{\leftarrow}{m}_{t}, \overset{\leftarrow}{\text{long}}", "m⃖ₜ, long^←"),
        (r"\centering w,\@add@centering", "w,"),
        (r"\textbf{S}_{\textbf{r}}, \textbf{one}", "𝐒_𝐫, one"),
        (r"W\text{~=~}Q, a\text{~if~}b, \text{\~n}", "W = Q, a if b, ñ"),
        (r"\overset{\sim}{C_{:}}, \hat{x_{*}}, \overset{\sim}{M_{GT}^{s}}", "C̃_:, x̂_*, M̃_(GT)ˢ"),
        (r"\overset{\rightarrow}{P_{1}P_{2}}, a \parallel _{1} b", "(P₁P₂)^→, a ∥₁ b"),
        (r"\underset{¯}{92.6}, \underset{¯}{x}", "92.6, x̲"),
    ],
)
def test_formula_on_one_line(tex: str, shown: str) -> None:
    assert formula_to_unicode(tex) == unicodedata.normalize("NFC", shown)


LETTERS = ("a", "q", "2", "+")


def formulas() -> list[tuple[str, object]]:
    """Return formulas with scripts, fractions, roots and groups, each with its structure."""
    one = [(letter, letter) for letter in LETTERS]
    pairs = [(x + y, (x, y)) for x in LETTERS[:3] for y in LETTERS]
    texts = one + pairs

    def scripted(base: tuple[str, object], sub: tuple[str, object] | None, sup: tuple[str, object] | None):
        tex = base[0] + (f"_{{{sub[0]}}}" if sub else "") + (f"^{{{sup[0]}}}" if sup else "")
        return tex, ("scripts", base[1], sub and sub[1], sup and sup[1])

    scripts = [
        scripted(base, sub, sup)
        for base in one[:2]
        for sub in (*texts, None)
        for sup in (*texts[::3], None)
        if sub or sup
    ]
    fractions = [
        (rf"\frac{{{x[0]}}}{{{y[0]}}}", ("fraction", x[1], y[1])) for x in texts[:6] for y in texts[:6]
    ]
    roots = [(rf"\sqrt{{{x[0]}}}", ("root", x[1])) for x in texts]
    fractions += [(rf"\frac{{a}}{{{item[0]}}}", ("fraction", "a", item[1])) for item in scripts[::3] + roots]
    items = scripts + fractions + roots
    nested = [scripted(one[0], item, None) for item in items] + [
        scripted(one[0], None, item) for item in items
    ]
    grouped = [
        scripted((f"{{{item[0]}}}", ("group", item[1])), *where)
        for item in items
        for where in ((one[0], None), (None, one[2]))
    ]
    after = [(x[0] + y[0], (x[1], y[1])) for x in items for y in one]
    before = [(x[0] + y[0], (x[1], y[1])) for x in one[:3] for y in items]
    both = [(x[0] + y[0], (x[1], y[1])) for x in items[::5] for y in items[::7]]
    return [*items, *nested, *grouped, *after, *before, *both]


def test_different_structures_look_different() -> None:
    """No group of a script, fraction or root is lost: two formulas with the same text are the same formula."""
    by_text: dict[str, tuple[str, object]] = {}
    for tex, structure in formulas():
        known = by_text.setdefault(formula_to_unicode(tex), (tex, structure))
        assert known[1] == structure, f"{known[0]} and {tex} look the same"


@pytest.mark.parametrize(
    ("tex", "lines"),
    [
        (r"L=\frac{1}{N}\sum_{i=1}^{N}x_i", ["     1   N   ", "L = ───  ∑  xᵢ", "     N  i=1  "]),
        (
            r"f(x)=\begin{cases}1&\text{if }x>0\\0&\text{otherwise}\end{cases}",
            ["       ⎧ 1  if x > 0", "f(x) = ⎨", "       ⎩ 0  otherwise"],
        ),
        (r"\left(\frac{a}{b}\right)^{2}", ["⎛ a ⎞²", "⎜───⎟", "⎝ b ⎠"]),
        (r"\hat{y}=\max_{y\in Y}f(y)", ["ŷ = max f(y)", "    y∈Y"]),
        (r"\underbrace{a+b}_{c}=d", ["a + b = d", "╰─┬─╯", "  c"]),
        (r"x\not\approx y=-1", ["x≉y = -1"]),
        (r"{\overset{\sim}{S}}_{\text{tgt}}^{(i)}", ["S̃_(tgt)⁽ⁱ⁾"]),
        (r"\sqrt{\alpha}{\overset{\sim}{x}}_{0} + 1", ["√α x̃₀ + 1"]),
        (r"i = {{\arg\max}_{A}{P{(x)}}}", ["i = arg max_A P(x)"]),
        (r"k = {\arg{\max\limits_{k}{\cos{(x)}}}}", ["k = arg maxₖ cos(x)"]),
        (
            r"{10{\log_{10}\left( a + b \right)}} = {A{\log{\overset{\sim}{p}}}}",
            ["10 log₁₀(a + b) = A log p̃"],
        ),
        (
            r"{\frac{a}{b} \cdot S}g{n\left( \frac{a}{b} \right)}",
            [" a       ⎛ a ⎞", "─── · Sgn⎜───⎟", " b       ⎝ b ⎠"],
        ),
        (r"a,{b = \frac{c}{d}}", ["        c", "a, b = ───", "        d"]),
        (r"g(\frac{a}{b})^{2}h", [" ⎛ a ⎞²", "g⎜───⎟ h", " ⎝ b ⎠"]),
        (r"[0,\frac{a}{b})", ["     a", "[0, ───)", "     b"]),
        (r"(\max_{x} f(x))", ["(maxₓ f(x))"]),
        (r"K(a):=a, b >= c", ["K(a) := a, b >= c"]),
        (r"\left. {f\left( W_{f} \right)} \right|_{c}", ["f(W_f)|_c"]),
        (r"a\hspace{0pt}{\sum\limits_{i}^{n}b}", ["  n", "a ∑ b", "  i"]),
        (r"\begin{pmatrix}1&0\\0&1\end{pmatrix}", ["⎛1  0⎞", "⎝0  1⎠"]),
        (r"\alpha&=\beta\\&=\gamma", ["α = β", "  = γ"]),
        (r"E=f \quad F=\frac{a}{b}", ["             a", "E = f   F = ───", "             b"]),
        (r"x \qquad -y", ["x   -y"]),
        (r"\begin{aligned}{\mu_{c}}&{= x}\\{f}&{= y}\end{aligned}", ["μ_c = x", "  f = y"]),
        (r"\begin{aligned}{g =}&(V)\\{h =}&(W)\end{aligned}", ["g = (V)", "h = (W)"]),
        (r"\begin{array}{rcl}aaa&b&c\\d&e&fff\end{array}", ["aaa  b  c", "  d  e  fff"]),
    ],
)
def test_displayed_formula(tex: str, lines: list[str]) -> None:
    shown = [line.rstrip() for box in layout_formula(split_formula(tex), 60) for line in box.lines]
    assert shown == [line.rstrip() for line in lines]


def test_long_formula_is_broken_before_an_operator() -> None:
    tex = "=".join(f"a_{{{n}}}+b_{{{n}}}" for n in range(12))
    (box,) = layout_formula([[tex]], 40)
    assert box.width <= 40
    assert all(line.strip()[0] in "=+a" for line in box.lines)
    assert "".join("".join(box.lines).split()) == "".join(formula_to_unicode(tex).split())


def test_long_formula_is_not_broken_between_bars_and_what_continues_it_is_indented() -> None:
    rows = split_formula(r"|a-b|\leq\sum_{i<n}|c-d|\gamma+\|e-f\|-h|_{x}&\\ =\frac{1}{2}k&")
    lines = [line.rstrip() for box in layout_formula(rows, 26) for line in box.lines]
    assert lines == [
        "|a - b| ≤  ∑ |c - d|γ",
        "          i<n",
        "",
        "    + ‖e - f‖ - h|ₓ",
        "       1",
        "    = ─── k",
        "       2",
    ]


@pytest.mark.endurance
def test_displayed_formulas_of_one_line_read_as_those_in_a_line(real_data: Path) -> None:
    """Two ways to convert a formula have to agree, except about blanks around operators and for `\\quad`."""
    compared = 0
    with lzma.open(real_data / "fulltext" / "formulas.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in itertools.islice(file, None, None, 6):
            tex = json.loads(line)["tex"]
            boxes = layout_formula([[tex]], 200) if 20 < len(tex) < 200 and "\\begin" not in tex else []
            if len(boxes) == 1 and boxes[0].is_line:
                shown, other = boxes[0].lines[0].strip(), formula_to_unicode(tex)
                assert shown.replace(" ", "") == other.replace(" ", ""), tex
                if "quad" not in tex:
                    assert WORDS.findall(shown) == WORDS.findall(other), tex
                compared += 1
    assert compared > 500


WORDS = re.compile(r"\w+ \w+")


def test_number_of_rows_is_kept() -> None:
    rows = split_formula(r"a&=b\\ c&=\frac{1}{2}\\[2pt] \text{d}")
    assert [len(row) for row in rows] == [2, 2, 1]
    assert len(layout_formula(rows, 60)) == 3


PIECES = st.sampled_from(
    [
        *(
            "\\frac",
            "\\sum",
            "\\left(",
            "\\right)",
            "\\left\\{",
            "\\right.",
            "\\begin{cases}",
            "\\end{cases}",
        ),
        *(
            "\\begin{array}{cc}",
            "\\end{array}",
            "\\underbrace",
            "\\overset",
            "\\sqrt",
            "\\max",
            "\\substack",
            "\\not",
        ),
        *(
            "\\begin{aligned}",
            "\\end{aligned}",
            "\\hat",
            "\\text{",
            "\\operatorname*",
            "\\over",
            "\\hskip",
            "\\limits",
        ),
        *(
            "{",
            "}",
            "_",
            "^",
            "&",
            "\\\\",
            "a",
            "12",
            "+",
            "=",
            " ",
            "%\n",
            "(",
            ")",
            "\\",
            "漢",
            "\x1b",
            "\u202e",
        ),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join), st.integers(1, 80))
def test_any_formula_is_laid_out(tex: str, width: int) -> None:
    boxes = layout_formula(split_formula(tex), width)
    assert sanitize_free(formula_to_unicode(tex))
    for box in boxes:
        assert 0 <= box.baseline < len(box.lines)
        assert all(sanitize_free(line) and cell_width(line) <= box.width for line in box.lines)


def sanitize_free(text: str) -> bool:
    return not any(unicodedata.category(char) in ("Cc", "Cf", "Cs") for char in text)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        "[",
        "(\\frac{a}{b}",
        "\\frac{",
        "\\begin{cases}",
        "\\left(",
        "\\sum_{",
        "{",
        "\\underbrace{",
        "=+",
        "a\\\\",
    ],
)
def test_nested_and_long_formulas_are_laid_out(piece: str) -> None:
    for tex in (piece * 300, piece * 300 + "x" + "}" * 300, piece * 20 + "x" + "}" * 20):
        assert layout_formula(split_formula(tex), 80)


@pytest.mark.endurance
def test_real_formulas_have_no_backslash(real_data: Path) -> None:
    counts: Counter[str] = Counter()
    with lzma.open(real_data / "fulltext" / "formulas.jsonl.xz", "rt", encoding="utf-8") as file:
        for line in itertools.islice(file, None, None, 4):
            formula = json.loads(line)
            counts[formula["kind"]] += 1
            counts[formula["kind"], "\\" in formula_to_unicode(formula["tex"])] += 1
    assert counts["inline", True] <= 0.005 * counts["inline"]
    assert counts["display", True] <= 0.03 * counts["display"]
