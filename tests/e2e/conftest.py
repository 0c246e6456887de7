"""The real binary on loopback ports of its own, and what talks to it."""

import contextlib
import http.client
import json
import os
import pathlib
import signal
import smtplib
import socket
import subprocess
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = os.environ.get("MAILASSAY_BIN", str(ROOT / "build/mailassay"))
# Sanitizers slow everything down; waiting longer never hides a failure.
PATIENCE = 60


def free_port(address="127.0.0.1"):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def cannot_run(reason):
    """Where a user's machine lacks what a test needs, it is skipped with a word; in CI it fails."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)


def run(*arguments, stdin=None, timeout=PATIENCE, env=None):
    """The command line's exit code, standard output and standard error."""
    done = subprocess.run(
        [BINARY, *arguments], input=stdin, capture_output=True, timeout=timeout, env={**os.environ, "LC_ALL": "C", **(env or {})}
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Server:
    """One `mailassay serve`."""

    def __init__(self, folder, zone="", flags=(), smtp_port=None, http_port=None, env=None):
        self.folder = pathlib.Path(folder)
        self.zone_file = self.folder / "zone.txt"
        self.zone_file.write_text(zone)
        self.smtp_port = smtp_port or free_port()
        self.http_port = http_port or free_port()
        self.flags, self.env = list(flags), env or {}
        self.process = None

    def command(self):
        return [
            BINARY, "serve", "--smtp", f"127.0.0.1:{self.smtp_port}", "--http", f"127.0.0.1:{self.http_port}",
            "--data", str(self.folder / "data"), "--zone", str(self.zone_file), *self.flags,
        ]  # fmt: skip

    def start(self):
        self.log = open(self.folder / "server.log", "ab")
        self.process = subprocess.Popen(self.command(), stdout=self.log, stderr=self.log, env={**os.environ, "MAILASSAY_THREADS": "2", **self.env})
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended: {self.output()}")
            with contextlib.suppress(OSError):
                if self.get("/healthz")[0] == 200:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"the server does not answer: {self.output()}")

    def output(self):
        return (self.folder / "server.log").read_text(errors="replace")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.log.close()

    def stop(self):
        """SIGTERM; the exit code, which a sanitizer's finding makes non-zero."""
        if self.process is None or self.process.poll() is not None:
            return self.process and self.process.returncode
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=PATIENCE)
        self.log.close()
        return code

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http_port}"

    def request(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def json(self, path):
        status, body, _ = self.get(path)
        assert status == 200, (status, body)
        return json.loads(body)

    def new_inbox(self, **members):
        status, body, _ = self.request("POST", "/api/v1/inboxes", json.dumps(members), {"Content-Type": "application/json"})
        assert status == 201, body
        return json.loads(body)

    def events(self, token, until="verdict", last_event_id=None, after=None):
        """Events of the stream as (id, event, data), up to the first of the kind `until`, or for which it is true."""
        is_last = until if callable(until) else lambda kind, _: kind == until
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=PATIENCE)
        path = f"/api/v1/inboxes/{token}/events" + (f"?after={after}" if after is not None else "")
        connection.request("GET", path, headers={"Last-Event-ID": str(last_event_id)} if last_event_id is not None else {})
        answer = connection.getresponse()
        assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/event-stream")
        events, fields = [], {}
        while True:
            line = answer.readline().decode().rstrip("\n")
            if line.startswith(":"):
                continue
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
                continue
            if "data" in fields:
                events.append((int(fields.get("id", 0)), fields.get("event"), json.loads(fields["data"])))
                if is_last(events[-1][1], events[-1][2]):
                    connection.close()
                    return events
            fields = {}

    def wait(self, token, *expect, timeout=30):
        arguments = ["wait", token, "--server", self.url, "--timeout", str(timeout)]
        for line in expect:
            arguments += ["--expect", line]
        return run(*arguments)

    def report(self, token):
        """The report of the newest mail, once it is judged."""
        status, body, _ = self.get(f"/api/v1/inboxes/{token}/wait?timeout=30")
        assert status == 200, (status, body)
        return json.loads(body)

    def send(self, recipient, mail, mail_from="bounce@example.com", source="127.0.0.5", helo="mail.example.com"):
        with smtplib.SMTP("127.0.0.1", self.smtp_port, local_hostname=helo, source_address=(source, 0), timeout=PATIENCE) as client:
            client.sendmail(mail_from, [recipient] if isinstance(recipient, str) else recipient, mail)


@pytest.fixture
def make_server(tmp_path):
    """Starts servers; at the end each must stop cleanly by SIGTERM."""
    servers = []

    def make(zone="", name="server", **options):
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        server = Server(folder, zone, **options)
        servers.append(server)
        return server.start()

    yield make
    for server in servers:
        code = server.stop()
        assert code in (0, -signal.SIGKILL), f"exit code {code}: {server.output()}"


@pytest.fixture(scope="session")
def signer():
    """An RSA-2048 key pair: signs as example.com, and its key record's text."""
    import dkim

    key = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, check=True, capture_output=True).stdout.decode()
    text = "".join(public.splitlines()[1:-1])

    class Signer:
        record = f'"v=DKIM1; k=rsa; p={text[:200]}" "{text[200:]}"'

        @staticmethod
        def sign(mail, domain=b"example.com", selector=b"s1", canonicalize=(b"relaxed", b"relaxed")):
            return dkim.sign(mail, selector, domain, key, canonicalize=canonicalize, include_headers=[b"from", b"to", b"subject"]) + mail

    return Signer


MAIL = (
    b"From: Shop <shop@example.com>\r\nTo: you@mailassay.test\r\nSubject: Your order\r\n"
    b"Message-ID: <1@example.com>\r\nDate: Tue, 24 Nov 2026 02:00:00 +0000\r\n\r\nThank you.\r\nhttps://example.com/verify?code=1\r\n"
)


def example_zone(key_record):
    """example.com allows 127.0.0.5, signs with s1, and asks for quarantine."""
    return f"""
example.com TXT "v=spf1 ip4:127.0.0.5 -all"
mail.example.com A 127.0.0.5
mail.example.com TXT "v=spf1 a -all"
5.0.0.127.in-addr.arpa PTR mail.example.com
s1._domainkey.example.com TXT {key_record}
_dmarc.example.com TXT "v=DMARC1; p=quarantine"
"""
