"""Real clients: swaks, smtplib and nodemailer."""

import json
import pathlib
import re
import smtplib
import ssl
import subprocess
import time

from conftest import MAIL, PATIENCE, example_zone, free_port

HERE = pathlib.Path(__file__).resolve().parent


def swaks(server, inbox, *flags, port=None):
    done = subprocess.run(
        ["swaks", "--server", "127.0.0.1", "--port", str(port or server.smtp_port), "--local-interface", "127.0.0.5", "--helo", "mail.example.com",
         "--from", "bounce@example.com", "--to", inbox["address"], "--header", "From: shop@example.com", *flags],
        capture_output=True, text=True, timeout=PATIENCE,
    )  # fmt: skip
    return done.returncode, done.stdout


def test_swaks_plain_starttls_and_implicit_tls(make_server, signer):
    implicit = free_port()
    server = make_server(example_zone(signer.record), flags=["--smtps", f"127.0.0.1:{implicit}"])
    inbox = server.new_inbox()
    for flags, tls in (
        (["--pipeline"], False),
        (["--tls"], True),
        (["--tlsc"], True),
        (["--tls", "--tls-protocol", "tlsv1_2"], True),
        (["--auth", "LOGIN", "--auth-user", "anyone", "--auth-password", "anything"], False),
        (["--auth", "PLAIN", "--auth-user", "anyone", "--auth-password", "anything"], False),
    ):
        code, dialogue = swaks(server, inbox, *flags, port=implicit if "--tlsc" in flags else None)
        assert code == 0, dialogue
        messages = server.json(f"/api/v1/inboxes/{inbox['token']}")["messages"]
        report = server.json(f"/api/v1/inboxes/{inbox['token']}/wait?timeout=30" + (f"&after={messages[-2]['id']}" if len(messages) > 1 else ""))
        assert report["dmarc"]["result"] == "pass"
        assert (report["connection"]["tls"] is not None) == tls
    assert {m["state"] for m in server.json(f"/api/v1/inboxes/{inbox['token']}")["messages"]} <= {"judged", "judging"}


def test_swaks_is_told_why(make_server):
    server = make_server()
    code, dialogue = swaks(server, {"address": "ld-nobody@mailassay.test"})
    assert code == 24 and re.search(r"<\*\* 550 5\.1\.1 .{20,}", dialogue)
    code, dialogue = swaks(server, {"address": "you@example.org"})
    assert code == 24 and re.search(r"<\*\* 550 5\.7\.1 .*mailassay\.test", dialogue)


def test_password_is_not_in_the_story(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    import base64

    for method in ("LOGIN", "PLAIN"):
        assert swaks(server, inbox, "--auth", method, "--auth-user", "anyone", "--auth-password", "hunter2secret")[0] == 0
    story = json.dumps(server.events(inbox["token"]))
    assert "hunter2secret" not in story and base64.b64encode(b"hunter2secret").decode() not in story
    assert base64.b64encode(b"\0anyone\0hunter2secret").decode() not in story


def test_smtplib_over_tls_with_utf8_and_chunks(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="mail.example.com", source_address=("127.0.0.5", 0)) as client:
        client.starttls(context=context)
        client.ehlo()
        assert {"8bitmime", "smtputf8", "pipelining", "chunking", "enhancedstatuscodes", "size"} <= set(client.esmtp_features)
        assert "starttls" not in client.esmtp_features
        client.sendmail("주문@example.com", [inbox["address"]], MAIL, mail_options=["SMTPUTF8", "BODY=8BITMIME"])
        # BDAT in two chunks (RFC 3030), in the same session.
        assert client.mail("bounce@example.com")[0] == 250
        assert client.rcpt(inbox["address"])[0] == 250
        half = len(MAIL) // 2
        client.send(b"BDAT %d\r\n" % half + MAIL[:half])
        assert client.getreply()[0] == 250
        client.send(b"BDAT %d LAST\r\n" % (len(MAIL) - half) + MAIL[half:])
        assert client.getreply()[0] == 250
    first = server.report(inbox["token"])
    assert first["connection"]["mail_from"] == "주문@example.com" and first["connection"]["tls"]["version"] == "TLSv1.3"
    second = server.json(f"/api/v1/inboxes/{inbox['token']}/wait?timeout=30&after={first['message']['id']}")
    status, raw, _ = server.get(f"/api/v1/inboxes/{inbox['token']}/messages/{second['message']['id']}/raw")
    assert raw == MAIL


def test_bare_line_feed_in_data_is_refused(make_server, signer):
    """SMTP smuggling: LF.CRLF does not end the data, and the mail is refused whole."""
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="a", source_address=("127.0.0.5", 0)) as client:
        client.ehlo()
        client.mail("a@example.com"), client.rcpt(inbox["address"])
        assert client.docmd("DATA")[0] == 354
        client.send(MAIL + b"\n.\r\nMAIL FROM:<b@example.com>\r\n.\r\n")
        code, text = client.getreply()
        assert code == 554 and text.startswith(b"5.6.0 ")
        assert client.noop()[0] == 250
    ended = server.events(inbox["token"], until=lambda _, event: event["kind"] == "message.aborted")
    assert ended[-1][2]["data"]["reason"] == "bad_line_ends"


def test_nodemailer(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    done = subprocess.run(
        ["node", HERE / "send.mjs", str(server.smtp_port), inbox["address"]], capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    report = server.report(inbox["token"])
    assert report["connection"]["tls"]["version"] == "TLSv1.3" and report["message"]["subject"] == "주문을 받았습니다"


def test_many_clients_at_once(make_server, signer):
    """Eight sessions side by side, each with ten mails: all accepted, all judged, one journal without a gap."""
    import threading

    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    mail, failures = signer.sign(MAIL), []

    def deliver():
        try:
            with smtplib.SMTP("127.0.0.1", server.smtp_port, local_hostname="mail.example.com", source_address=("127.0.0.5", 0)) as client:
                for _ in range(10):
                    client.sendmail("bounce@example.com", [inbox["address"]], mail)
        except Exception as error:  # noqa: BLE001 (a thread's failure must reach the test)
            failures.append(error)

    clients = [threading.Thread(target=deliver) for _ in range(8)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert not failures
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        messages = server.json(f"/api/v1/inboxes/{inbox['token']}")["messages"]
        if all(message["state"] == "judged" for message in messages):
            break
        time.sleep(0.1)
    assert len(messages) == 80 and {message["dmarc"] for message in messages} == {"pass"}
    verdicts = []

    def all_judged(kind, event):
        if kind == "verdict":
            verdicts.append(event["message"])
        return len(verdicts) == 80

    numbers = [number for number, _, _ in server.events(inbox["token"], until=all_judged)]
    assert numbers == list(range(1, len(numbers) + 1)) and len(set(verdicts)) == 80
