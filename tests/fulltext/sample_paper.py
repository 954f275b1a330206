"""An invented paper with every kind of block."""

from __future__ import annotations

from paperreader.fulltext import (
    Caption,
    Cell,
    Code,
    CodeLine,
    Container,
    Document,
    Equation,
    EquationRow,
    Figure,
    Footnote,
    Heading,
    Image,
    Paragraph,
    Piece,
    Reference,
    Row,
    Table,
)

T = Piece


def math(tex: str) -> Piece:
    return Piece(tex, "math")


def link(text: str, target: str) -> Piece:
    return Piece(text, target=target)


def header(text: str, align: str = "c", rules: str = "", columns: int = 1) -> Cell:
    return Cell(((T(text),),), align=align, is_header=True, rules=rules, columns=columns)


def row(*texts: str, rules: str = "") -> Row:
    cells = (
        Cell(((T(text),),), align="r" if text[-1].isdigit() else "l", rules=rules)
        for at, text in enumerate(texts)
    )
    return Row(tuple(cells))


ABSTRACT = (Container("abstract", 1),)
FIRST, SECOND = (Container("item", 2, "•"),), (Container("item", 3, "•"),)
INNER = (Container("item", 3, "•"), Container("item", 4, "(a)"))
THEOREM, PROOF = (Container("theorem", 5),), (Container("proof", 6),)
FIGURE, RESULTS, ALGORITHM, WIDE = (((Container("float", number),)) for number in (7, 8, 9, 10))

RESULTS_TABLE = Table(
    inside=RESULTS,
    anchors=("S3.T1",),
    rows=(
        Row((header("Model", "l", "t"), header("Training", "l", "t"), header("Error (%)", "c", "t", 2))),
        Row((header("", "l"), header("", "l"), header("clean", "r"), header("noisy", "r"))),
        row("Clock, small", "one week on one device", "4.1", "9.7", rules="t"),
        row("Clock, large", "one month on eight devices", "2.9", "-6.5"),
        row(
            "Sundial", "none; it needs the sun and a wall that faces south all year", "0.8", "61.0", rules="b"
        ),
    ),
)

WIDE_TABLE = Table(
    inside=WIDE,
    anchors=("S3.T2",),
    rows=(
        Row((header("City", "l", "tb"), *(header(f"Hour {hour}", "r", "tb") for hour in range(1, 25)))),
        row("Basel", *(f"{hour * 37 % 101}.{hour % 10}" for hour in range(1, 25))),
        row("Nagoya 名古屋", *(f"{hour * 53 % 97}.{hour % 7}" for hour in range(1, 25)), rules="b"),
    ),
)

REFERENCES = tuple(
    Reference(
        label=label,
        content=(T(f"{authors}. "), T(f"{title}.", style="i"), T(f" {where}.")),
        anchors=(f"bib.bib{number}",),
        ids=ids,
    )
    for number, (label, authors, title, where, ids) in enumerate(
        (
            ("[1]", "Ada Writer and Grace Tester", "A smaller model of time", "arXiv:2501.01234, 2025",
             ("arxiv:2501.01234",)),
            ("[2]", "Blaise Mechanic", "Wheels that count", "Journal of Made-up Machines 3(2):14–52, 1999", ()),
            ("Ōta et al. (2024)", "Haruka Ōta, 山田 太郎, and Others", "What a pendulum knows",
             "In Proceedings of Nowhere, 2024", ("doi:10.1000/nowhere",)),
        ),
        start=1,
    )
)  # fmt: skip

PAPER = Document(
    title=(T("Keeping Time with "), math(r"\ell_{2}"), T(" Pendulums")),
    authors=((T("Ada Writer, Grace Tester"),), (T("Institute of Invented Clocks"),)),
    source="arxiv-html",
    arxiv="2510.00001",
    version=2,
    date="2025-10-03",
    license="CC BY 4.0",
    url="https://arxiv.example/html/2510.00001v2",
    blocks=(
        Heading(content=(T("Abstract"),), level=5, inside=ABSTRACT),
        Paragraph(
            inside=ABSTRACT,
            content=(
                T("Clocks drift. We show that a pendulum of length "),
                math("l"),
                T(" keeps time to "),
                math(r"10^{-6}"),
                T(" seconds a day if it is told so often enough, and release every wheel of it at "),
                link("clocks.example", "https://clocks.example/wheels"),
                T("."),
            ),
        ),
        Heading(content=(T("Introduction"),), level=1, number="1", anchors=("S1",)),
        Paragraph(
            content=(
                T("A clock is a machine that counts "),
                link("[1, ", "#bib.bib1"),
                link("2]", "#bib.bib2"),
                T(". What it counts is "),
                T("not", style="i"),
                T(" time, as "),
                link("Ōta et al. (2024)", "#bib.bib3"),
                T(" observed, but swings, which are "),
                T("state-of-the-art", style="b"),
                T(" events of a state vector "),
                math(r"\mathbf{x}_{t}\in\mathbb{R}^{d_{c}\times d}"),
                T(". We repeat the argument of Section "),
                link("2", "#S2"),
                T(" with "),
                T("clock.tick()", style="c"),
                T(" and contribute:"),
            ),
        ),
        Footnote(mark="1", content=(T("The first author still owns a watch."),), anchors=("footnote1",)),
        Paragraph(
            inside=FIRST,
            content=(
                T("a pendulum, described in "),
                link("Figure 1", "#S2.F1"),
                T(", whose swings are counted by one wheel and forgotten by the other one;"),
            ),
        ),
        Paragraph(inside=SECOND, content=(T("two proofs that it swings:"),)),
        Paragraph(inside=INNER, content=(T("a short one, and"),)),
        Paragraph(
            inside=(Container("item", 3, "•"), Container("item", 11, "(b)")), content=(T("a correct one."),)
        ),
        Heading(content=(T("Method"),), level=1, number="2", anchors=("S2",)),
        Heading(content=(T("How a Pendulum Swings"),), level=2, number="2.1", anchors=("S2.SS1",)),
        Paragraph(content=(T("The angle "), math(r"\theta"), T(" satisfies the equation of motion"))),
        Equation(
            anchors=("S2.E1",),
            rows=(EquationRow((r"\ddot{\theta}+\frac{g}{l}\sin\theta=0,",), "(1)", ("S2.E1",)),),
        ),
        Paragraph(content=(T("which small angles turn into two equations:"),)),
        Equation(
            anchors=("S2.EGx1",),
            rows=(
                EquationRow((r"\theta(t)", r"=\theta_{0}\cos(\omega t+\varphi),"), "(2)", ("S2.E2",)),
                EquationRow((r"\omega", r"=\sqrt{g/l}."), "(3)", ("S2.E3",)),
            ),
        ),
        Heading(
            content=(T("(Swinging)"),), level=6, number="Theorem 1", inside=THEOREM, anchors=("Thm1",)
        ),
        Paragraph(
            inside=THEOREM,
            content=(
                T("Every pendulum that obeys "),
                link("(1)", "#S2.E1"),
                T(" swings, unless it is held by a hand, in which case it waits until the hand is tired."),
            ),
        ),
        Heading(content=(T("Proof."),), level=6, inside=PROOF),
        Paragraph(inside=PROOF, content=(T("By watching it. "), math(r"\square"))),
        Figure(
            inside=FIGURE,
            anchors=("S2.F1",),
            images=(Image("https://arxiv.example/html/2510.00001v2/x1.png", "Refer to caption", 640, 480),),
        ),
        Caption(
            inside=FIGURE,
            label="Figure 1",
            of="figure",
            content=(T("A pendulum at rest. The wheel at the left counts, the one at the right forgets."),),
        ),
        Caption(inside=ALGORITHM, label="Algorithm 1", of="algorithm", content=(T("Keeping time"),)),
        Code(
            inside=ALGORITHM,
            anchors=("alg1",),
            is_algorithm=True,
            lines=(
                CodeLine((T("Require:", style="b"), T(" a pendulum "), math("p"))),
                CodeLine((T("while", style="b"), T(" it swings "), T("do", style="b")), "1"),
                CodeLine((math(r"n\leftarrow n+1"),), "2", 1),
                CodeLine((T("if", style="b"), T(" "), math(r"n>n_{\max}"), T(" "), T("then stop", style="b")), "3", 1),
                CodeLine((T("return", style="b"), T(" "), math("n")), "4"),
            ),
        ),
        Heading(content=(T("Results"),), level=1, number="3", anchors=("S3",)),
        Paragraph(
            content=(
                link("Table 1", "#S3.T1"),
                T(" compares clocks, and "),
                link("Table 2", "#S3.T2"),
                T(" lists their hours. A reader of the first edition complained:"),
            )
        ),
        Paragraph(
            inside=(Container("quote", 12),),
            content=(T("The sundial was right all day, and nobody had to wind it."),),
        ),
        Caption(
            inside=RESULTS, label="Table 1", of="table", content=(T("Errors of clocks, smaller is better."),)
        ),
        RESULTS_TABLE,
        Caption(inside=WIDE, label="Table 2", of="table", content=(T("Swings in each hour of a day."),)),
        WIDE_TABLE,
        Paragraph(content=(T("The program is short:"),)),
        Code(
            language="python",
            lines=(
                CodeLine((T("def tick(clock):"),), "1"),
                CodeLine(
                    (T("    clock.swings += 1  # one more, whatever the sundial"), T(" says of hour and day")),
                    "2",
                ),
                CodeLine((T("    return clock"),), "3"),
            ),
        ),
        Heading(content=(T("References"),), level=1, anchors=("bib",)),
        *REFERENCES,
    ),
)  # fmt: skip
"""Two sections with everything that a full text may hold, an abstract, results, and references of both forms."""
