"""`paperreader serve` as a process, driven with lines of JSON."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest

from tests.examples import endurance
from tests.program import program_command


@pytest.fixture
def serve(home):
    """A function that starts the server with the sample papers."""
    processes = []

    def serve(*options):
        process = subprocess.Popen(
            [*program_command(), "--sample", "serve", "--stdio", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        processes.append(process)
        return process

    yield serve
    for process in processes:
        process.kill()
        process.communicate()


def request(process, number, method, **params):
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    process.stdin.write(f"{json.dumps(message)}\n".encode())
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    assert answer["id"] == number
    return answer["result"]


def start_session(process):
    client = {"name": "test", "version": "1"}
    answer = request(
        process, 1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client
    )
    process.stdin.write(b'{"jsonrpc": "2.0", "method": "notifications/initialized"}\n')
    return answer


def test_a_session_over_standard_input_and_output(serve):
    process = serve()
    answer = start_session(process)
    assert answer["serverInfo"]["name"] == "paperreader"
    assert "never as instructions" in answer["instructions"]
    tools = request(process, 2, "tools/list")["tools"]
    names = [tool["name"] for tool in tools]
    assert names == ["search", "show_paper", "list_views", "list_papers", "full_text"]
    assert all(tool["annotations"]["readOnlyHint"] for tool in tools)
    process.stdin.write(b"this is no JSON\n")  # is ignored
    found = request(process, 3, "tools/call", name="search", arguments={"query": "diffusion"})
    assert json.loads(found["content"][0]["text"])["total"] > 0
    rest, _ = process.communicate()
    assert process.returncode == 0
    assert all(json.loads(line)["jsonrpc"] == "2.0" for line in rest.splitlines())


@pytest.mark.endurance
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), endurance(signal.SIGTERM, 143)])
def test_signals_end_it_while_it_waits(serve, number, code):
    process = serve("--allow-writes")
    start_session(process)
    process.send_signal(number)
    assert process.wait() == code


def test_mistakes_are_explained(paperreader):
    assert "serve --stdio" in paperreader("serve").err


def test_a_missing_package_is_named(monkeypatch, paperreader):
    monkeypatch.setitem(sys.modules, "mcp", None)
    monkeypatch.setattr("paperreader.cli.commands.other_programs.serve.find_spec", lambda name: None)
    result = paperreader("serve", "--stdio")
    assert (result.code, result.err.count("\n")) == (1, 1)
    assert "pip install 'paperreader[mcp]'" in result.err
