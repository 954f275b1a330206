"""`paperreader digest --mail-to`, through a real mail server on loopback."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import ssl
import subprocess
import sys

import pytest
import trustme

from paperreader import config
from paperreader.cli.main import run
from paperreader.digest.mail import smtp
from paperreader.digest.mail.message import parse_mail_address
from paperreader.errors import UsageError
from paperreader.system import secret_command
from tests.digest.mail_server import PASSWORD, MailServer, listening_on_loopback, running_server
from tests.digest.papers import LATER, hostile_day, write_day
from tests.program import program_command
from tests.waiting import TIMEOUT_SECONDS

RECIPIENT = "ada@example.org"

logging.getLogger("mail.log").addHandler(logging.NullHandler())  # of the server: would print its warnings


@pytest.fixture(scope="session")
def authority():
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture(scope="session")
def certificate(authority):
    """The certificate of the server, for localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost", key_type=trustme.KeyType.ECDSA).configure_cert(context)
    return context


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """Make the system trust that certificate."""
    file = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(file))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))


def configure_mail(server, security, **more):
    """Write the mail settings."""
    values = {
        "host": "localhost",
        "port": server.port,
        "security": security,
        "user": "ada",
        "password_command": [sys.executable, "-c", f"print('{PASSWORD}')"],
        "from": "Digest <digest@example.org>",
        **more,
    }
    lines = [f"{name} = {value!r}" for name, value in values.items() if value is not None]
    file = config.settings_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(["[mail]", *lines, ""]), encoding="utf-8")


@pytest.fixture
def mail(capsys):
    """A function that runs the command; it returns the exit code, standard output and standard error."""

    def command(*arguments, to=(RECIPIENT,)):
        capsys.readouterr()
        code = run(["digest", *(word for each in to for word in ("--mail-to", each)), *arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


def test_mail_by_starttls_has_text_and_html(subscribed, mail, certificate, trusted):
    with running_server(MailServer(), "starttls", certificate) as server:
        configure_mail(server, "starttls")
        code, out, err = mail(to=(RECIPIENT, "Bo <bo@example.org>"))
    assert (code, err) == (0, "")
    assert out == "3 papers sent to ada@example.org, bo@example.org.\n"
    (sent,) = server.mails
    assert sent["From"] == "Digest <digest@example.org>"
    assert sent["To"] == "ada@example.org, Bo <bo@example.org>"
    assert re.fullmatch(r"Papers added since \d+ \w+ \d{4}: 3 new", sent["Subject"])
    assert sent["Message-ID"].endswith("@example.org>")
    assert sent["Auto-Submitted"] == "auto-generated"
    assert sent.get_content_type() == "multipart/alternative"
    text, page = sent.iter_parts()
    assert (text.get_content_type(), page.get_content_type()) == ("text/plain", "text/html")
    assert "Water & <more>" in text.get_content()
    assert "Water &amp; &lt;more&gt;" in page.get_content()
    greetings = [command for command in server.commands if command.startswith("EHLO")]
    assert set(greetings) == {"EHLO [127.0.0.1]"}


def test_mail_by_tls(subscribed, mail, certificate, trusted, monkeypatch):
    monkeypatch.setenv("MY_MAIL", PASSWORD)
    with running_server(MailServer(), "tls", certificate) as server:
        configure_mail(server, "tls", password_command=None, password_env="MY_MAIL")
        assert mail()[0] == 0
    assert len(server.mails) == 1


def test_mail_to_loopback_without_tls(subscribed, mail, certificate):
    with running_server(MailServer(), "none", certificate) as server:
        configure_mail(server, "none", user=None, password_command=None, host="127.0.0.1")
        assert mail()[0] == 0
    assert len(server.mails) == 1


def test_text_of_papers_never_becomes_header_or_command(subscribed, mail, certificate, tmp_path):
    subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", hostile_day())])
    with running_server(MailServer(), "none", certificate) as server:
        configure_mail(server, "none", user=None)
        assert mail("--everything")[0] == 0
    (sent,) = server.mails
    assert sent.keys() == [
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type")
    ]
    own = {"Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
    assert all(set(part.keys()) <= own for part in sent.iter_parts())
    (raw,) = server.raw
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    text = next(sent.iter_parts()).get_content()
    assert "Subject: hello Bcc: eve@evil.example" in text
    assert "\x1b" not in text


def test_no_mail_without_new_papers(subscribed, mail, certificate, tmp_path):
    with running_server(MailServer(), "none", certificate) as server:
        configure_mail(server, "none", user=None)
        assert mail()[0] == 0
        code, out, err = mail()
        assert (code, err) == (0, "")
        assert out.startswith("No new papers since")
        assert len(server.mails) == 1
        subscribed.imports.import_paths([write_day(tmp_path, "2025-10-03.json", LATER)])
        assert "already sent today" in mail("--once-a-day")[1]
        assert mail()[0] == 0
        assert mail(to=("bo@example.org",))[1].startswith("4 papers")
    assert len(server.mails) == 3
    assert "A Lantern Made of Ice" in str(server.mails[1])
    assert "Rivers Remember" not in str(server.mails[1])


def test_concurrent_digests_send_one_mail(subscribed, certificate, trusted):
    with running_server(MailServer(), "starttls", certificate) as server:
        configure_mail(server, "starttls")
        running = [
            subprocess.Popen(
                [*program_command(), "digest", "--mail-to", RECIPIENT, "--once-a-day"],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        outputs = sorted(process.communicate(timeout=TIMEOUT_SECONDS)[0].decode() for process in running)
    assert [process.returncode for process in running] == [0] * 2
    assert len(server.mails) == 1
    assert outputs == ["3 papers sent to ada@example.org.\n", "A digest was already sent today.\n"]


def test_failed_mail_is_sent_next_time(subscribed, mail, certificate, trusted):
    with running_server(MailServer(data_reply="451 try\x1b[2J later"), "starttls", certificate) as server:
        configure_mail(server, "starttls")
        code, out, err = mail("--once-a-day")
        assert (code, out) == (1, "")
        assert err == "paperreader: The mail server localhost rejected the mail: 451 try[2J later.\n"
        server.data_reply = "250 OK"
        assert mail("--once-a-day")[0] == 0
    assert len(server.mails) == 1


def test_refused_address_does_not_affect_others(subscribed, mail, certificate):
    with running_server(MailServer(refuse=frozenset({"bo@example.org"})), "none", certificate) as server:
        configure_mail(server, "none", user=None)
        code, out, err = mail(to=(RECIPIENT, "bo@example.org"))
        assert (code, out) == (0, "3 papers sent to ada@example.org.\n")
        assert "refused bo@example.org" in err
        code, _, err = mail(to=("bo@example.org",))
    assert code == 1
    assert "refused all addresses: bo@example.org nobody of[31m that name" in err
    assert len(server.mails) == 1


# Errors


def test_wrong_password_is_reported_but_not_shown(subscribed, mail, certificate, trusted):
    with running_server(MailServer(), "starttls", certificate) as server:
        configure_mail(server, "starttls", password_command=["echo", "sesame-closed"])
        code, out, err = mail()
    assert (code, out) == (1, "")
    assert "rejected user and password: 535" in err
    assert "sesame" not in err
    assert server.mails == []


def test_certificate_of_unknown_authority_is_rejected(subscribed, mail, certificate):
    for security in ("starttls", "tls"):
        with running_server(MailServer(), security, certificate) as server:
            configure_mail(server, security)
            code, _, err = mail()
        assert code == 1
        assert "certificate that is not trusted" in err
        assert not [command for command in server.commands if "AUTH" in command]


def test_certificate_for_another_host_is_rejected(subscribed, mail, certificate, trusted):
    with running_server(MailServer(), "tls", certificate) as server:
        configure_mail(server, "tls", host="127.0.0.1")
        assert "certificate that is not trusted" in mail()[2]


def test_no_password_is_sent_without_starttls(subscribed, mail, certificate, trusted):
    with running_server(MailServer(), "none", certificate) as server:
        configure_mail(server, "starttls")
        code, _, err = mail()
    assert code == 1
    assert "offers no STARTTLS" in err
    assert not [command for command in server.commands if "AUTH" in command]


def test_server_without_tls_is_reported(subscribed, mail, certificate, trusted):
    with running_server(MailServer(), "none", certificate) as server:
        configure_mail(server, "tls")
        code, _, err = mail()
    assert code == 1
    assert f"does not use TLS on port {server.port}" in err


def test_refused_connection_is_reported(subscribed, mail):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    configure_mail(MailServer(port=port), "tls")
    code, _, err = mail()
    assert code == 1
    assert f"refused the connection on port {port}" in err


def test_background_process_of_password_command_is_not_waited_for(
    subscribed, mail, certificate, trusted, tmp_path
):
    script = f"sleep 600 & echo $! > {tmp_path / 'pid'}; echo {PASSWORD}"
    try:
        with running_server(MailServer(), "tls", certificate) as server:
            configure_mail(server, "tls", password_command=["sh", "-c", script])
            code, _, err = mail()
        assert (code, err) == (0, "")
        os.kill(pid := int((tmp_path / "pid").read_text()), 0)  # it is still running
    finally:
        os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        (["yes"], "printed more than 64 KB"),
        (["cat", "/dev/zero"], "printed more than 64 KB"),
        (["sleep", "600"], "did not finish within"),
        (["sh", "-c", "exec yes >&2"], "did not finish within"),
        (["sh", "-c", "exec >&- 2>&-; exec sleep 600"], "did not finish within"),
    ],
)
def test_password_command_is_limited(subscribed, mail, monkeypatch, command, message):
    monkeypatch.setattr(secret_command, "TIMEOUT_SECONDS", 60.0 if "KB" in message else 0.1)
    configure_mail(MailServer(port=1), "tls", password_command=command)
    code, _, err = mail()
    assert code == 1
    assert message in err


@pytest.mark.parametrize("host", ["nowhere.invalid", "a..b"])
def test_unknown_host_is_reported(subscribed, mail, host):
    configure_mail(MailServer(port=1), "tls", host=host)
    code, _, err = mail()
    assert code == 1
    assert f"The mail server {host}" in err
    assert "check host in the settings" in err


def test_silent_server_times_out(subscribed, mail, monkeypatch):
    monkeypatch.setattr(smtp, "STEP_TIMEOUT_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        configure_mail(MailServer(port=silent.getsockname()[1]), "starttls")
        code, _, err = mail()
    assert code == 1
    assert "did not respond within" in err


class HangsUp(asyncio.Protocol):
    """Greets and closes the connection."""

    def connection_made(self, transport):
        transport.write(b"220 localhost\r\n")
        transport.close()


def test_closed_connection_is_reported(subscribed, mail):
    with listening_on_loopback(HangsUp) as port:
        configure_mail(MailServer(port=port), "starttls")
        code, _, err = mail()
    assert code == 1
    assert re.search(r"closed the connection|cannot be reached", err)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"host": None}, "No mail server configured; set host and from in [mail]"),
        ({"from": None}, "No sender configured"),
        ({"from": "nobody"}, "No sender configured"),
        ({"password_command": None}, "No mail password configured"),
        (
            {"password_command": None, "password_env": "MY_MAIL"},
            "MY_MAIL, which holds the mail password, is not set",
        ),
        ({"password_command": ["false"]}, "exit status 1"),
        ({"password_command": ["true"]}, "printed no password"),
        ({"password_command": ["no-such-program-here"]}, "cannot be run"),
        (
            {"password_command": [sys.executable, "-c", "raise SystemExit('locked\\x1b[1m')"]},
            "failed: locked[1m",
        ),
    ],
)
def test_incomplete_settings_are_reported_before_connecting(subscribed, mail, settings, message):
    configure_mail(MailServer(port=1), "tls", **settings)
    code, out, err = mail()
    assert (code, out) == (1, "")
    assert message in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "a@b\r\nBcc: eve@evil.example",
        "a@b, c@d",
        "a@b c",
        "<a@b",
        "x\x1b@b",
        "é@b.org",
    ],
)
def test_invalid_address_is_usage_error(subscribed, mail, wrong):
    with pytest.raises(UsageError):
        parse_mail_address(wrong)
    configure_mail(MailServer(port=1), "tls")
    code, _, err = mail(to=(wrong,))
    assert code == 2
    assert "is not a mail address" in err


def test_mail_cannot_be_combined_with_format_or_output(subscribed, mail):
    assert mail("--format", "html")[0] == 2
    assert mail("--output", os.devnull)[0] == 2
