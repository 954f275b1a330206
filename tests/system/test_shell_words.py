"""Commands in environment variables are parsed as a shell does."""

from __future__ import annotations

import os
import subprocess

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from paperreader.system.shell_words import parse_command
from tests.examples import examples

ENVIRON = {"HOME": "/home/ada", "BIN": "/opt/bin", "ARGS": "-n  --wait", "EMPTY": "", "SPACES": " a b "}


@pytest.mark.parametrize(
    ("text", "words", "variables"),
    [
        ("vi", ["vi"], {}),
        ("", [], {}),
        ("  # vi", [], {}),
        ("code --wait", ["code", "--wait"], {}),
        ("~/bin/ed", ["/home/ada/bin/ed"], {}),
        ("~", ["/home/ada"], {}),
        ("'~/bin/ed'", ["~/bin/ed"], {}),
        ("a~b", ["a~b"], {}),
        ("~no-such-user-here/ed", ["~no-such-user-here/ed"], {}),
        ("$HOME/ed ${BIN}x", ["/home/ada/ed", "/opt/binx"], {}),
        ('"$HOME/my ed"', ["/home/ada/my ed"], {}),
        ("'$HOME'", ["$HOME"], {}),
        (r"\$HOME \~ a\ b", ["$HOME", "~", "a b"], {}),
        ("ed $ARGS", ["ed", "-n", "--wait"], {}),
        ('ed "$ARGS"', ["ed", "-n  --wait"], {}),
        ("ed$SPACES!", ["ed", "a", "b", "!"], {}),
        ('$EMPTY ed "$EMPTY" $UNKNOWN', ["ed", ""], {}),
        ("FOO=1 ed", ["ed"], {"FOO": "1"}),
        (
            'FOO="a b" BAR=~/x BAZ=$ARGS ed A=2',
            ["ed", "A=2"],
            {"FOO": "a b", "BAR": "/home/ada/x", "BAZ": "-n  --wait"},
        ),
        ("sh -c 'kill -INT $$'", ["sh", "-c", "kill -INT $$"], {}),
        ("a\"b\"'c'd", ["abcd"], {}),
        ("ed $", ["ed", "$"], {}),
        ("C:=1", ["C:=1"], {}),
    ],
)
def test_command_is_parsed(text: str, words: list[str], variables: dict[str, str]) -> None:
    command = parse_command(text, ENVIRON)
    assert (list(command.words), dict(command.variables)) == (words, variables)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("vi; rm x", "contains ;"),
        ("vi | cat", "a pipe"),
        ("vi > x", "a redirection"),
        ("vi & ", "contains &"),
        ("(vi)", r"contains \("),
        ("$(which vi)", "a command substitution"),
        ("`which vi`", "a command substitution"),
        ('"$(which vi)"', "a command substitution"),
        ("${EDITOR:-vi}", r"\$\{EDITOR:-vi\}"),
        ("vi $1", r"\$1"),
        ("vi *.txt", r"the pattern character \*"),
        ("'vi", "a quote is not closed"),
        ('"vi', "a double quote is not closed"),
        ("${HOME", "a brace is not closed"),
        ("vi \\", "ends with a backslash"),
        ("FOO=1", "names no program"),
    ],
)
def test_what_needs_a_shell_is_a_precise_error(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        parse_command(text, ENVIRON)


pieces = st.sampled_from(
    [
        "ed",
        " ",
        "  ",
        "'",
        '"',
        "\\",
        "$HOME",
        "${BIN}",
        "$ARGS",
        "$EMPTY",
        "$SPACES",
        "~",
        "/",
        "=",
        "A=",
        "#",
        "$",
        "b",
    ]
)


def test_words_are_those_of_a_shell() -> None:
    """Many commands in one shell: the words after the first, each on its own line."""
    commands: list[tuple[str, list[str]]] = []

    @examples(100)
    @given(st.lists(pieces, max_size=7).map("".join))
    def collect(text: str) -> None:
        try:
            # As arguments, so that a shell does not run them. There is no assignment after the program.
            commands.append((text, [*parse_command(f"printf {text}", ENVIRON).words[1:]]))
        except ValueError:
            assume(False)

    collect()
    assert len(commands) > 50
    script = "".join(f'set -- {text}\nprintf \'%s\\n\' "$#" "$@" .\n' for text, _ in commands)
    done = subprocess.run(
        ["sh"], input=script, capture_output=True, text=True, check=False, env={**ENVIRON, "PATH": os.defpath}
    )
    expected = "".join("\n".join([str(len(words)), *words, ".", ""]) for _, words in commands)
    assert (done.stdout, done.stderr) == (expected, "")
