"""Postfix as the sender: its queue and its SMTP client, over TLS, as a production mail server would."""

import email
import re

import pytest

import postfix as sender
from conftest import MAIL, cannot_run, example_zone

BODY = MAIL.split(b"Message-ID")[0] + b"Date: Tue, 24 Nov 2026 02:00:00 +0000\r\n\r\nThank you.\r\n"


@pytest.fixture
def make_postfix():
    """Starts an instance that delivers to a port, and stops it."""
    if reason := sender.missing():
        cannot_run(reason)
    running = []

    def make(server):
        running.append(sender.Postfix(server.smtp_port))
        return running[-1].start()

    yield make
    for instance in running:
        instance.stop()


def raw(server, inbox, report):
    status, octets, _ = server.get(f"/api/v1/inboxes/{inbox['token']}/messages/{report['message']['id']}/raw")
    assert status == 200
    return octets


def test_delivers_by_tls_and_is_judged(make_server, make_postfix, signer):
    server = make_server(example_zone(signer.record))
    inbox, postfix = server.new_inbox(), make_postfix(server)
    queue_id = postfix.send("bounce@example.com", [inbox["address"]], signer.sign(BODY))
    status, words = postfix.outcome(queue_id, inbox["address"])
    assert status == "sent" and words.startswith("250 2."), words
    report = server.report(inbox["token"])
    connection = report["connection"]
    assert connection["ip"] == "127.0.0.5" and connection["helo"] == "mail.example.com"
    assert connection["mail_from"] == "bounce@example.com" and connection["rcpt_to"] == [inbox["address"]]
    assert report["spf"]["result"] == "pass" and report["spf"]["matched"] == "ip4:127.0.0.5"
    assert report["dkim"][0]["result"] == "pass" and report["dmarc"]["result"] == "pass"

    # The cipher that we tell is the one that Postfix logged.
    told = postfix.wait_for(r"TLS connection established to 127\.0\.0\.1\S*: (\S+) with cipher (\S+)")
    assert told.group(1) == "TLSv1.3" and connection["tls"] == {"version": told.group(1), "cipher": told.group(2)}
    steps = {event["kind"]: event["data"] for _, _, event in server.events(inbox["token"])}
    assert steps["smtp.tls"]["version"] == "TLSv1.3" and steps["smtp.tls"]["cipher"] == told.group(2)

    received = email.message_from_bytes(raw(server, inbox, report)).get_all("Received")
    assert len(received) == 1 and f"by mail.example.com (Postfix, from userid 0)\r\n\tid {queue_id};" in received[0]


def test_another_address_fails_spf(make_server, make_postfix, signer):
    """The zone decides, not the client's good manners."""
    server = make_server(example_zone(signer.record).replace("ip4:127.0.0.5 -all", "ip4:127.0.0.6 -all"))
    inbox, postfix = server.new_inbox(), make_postfix(server)
    postfix.send("bounce@example.com", [inbox["address"]], BODY)
    report = server.report(inbox["token"])
    assert report["spf"]["result"] == "fail" and report["spf"]["matched"] == "-all"
    assert report["dmarc"]["disposition"] == "quarantine"


def test_a_large_eight_bit_mail_to_several_inboxes(make_server, make_postfix, signer):
    server = make_server(example_zone(signer.record))
    inboxes, postfix = [server.new_inbox() for _ in range(3)], make_postfix(server)
    line = "주문해 주셔서 고맙습니다. 곧 보내 드리겠습니다.\r\n".encode()
    mail = BODY + line * (1_500_000 // len(line))
    queue_id = postfix.send("bounce@example.com", [inbox["address"] for inbox in inboxes], signer.sign(mail), "-B", "8BITMIME")
    for inbox in inboxes:
        assert postfix.outcome(queue_id, inbox["address"])[0] == "sent"
        report = server.report(inbox["token"])
        assert report["connection"]["rcpt_to"] == [inbox["address"]]
        assert report["message"]["bytes"] > 1_400_000 and raw(server, inbox, report).endswith(line * 1000)
        assert report["dkim"][0]["result"] == "pass", "the body came through unchanged"
    commands = [event["data"]["line"] for _, _, event in server.events(inboxes[0]["token"]) if event["kind"] == "smtp.command"]
    assert any(re.fullmatch(r"MAIL FROM:<bounce@example\.com> SIZE=\d{7} BODY=8BITMIME", line) for line in commands), commands


def test_an_unknown_address_bounces_with_our_words(make_server, make_postfix, signer):
    """The sentence of our 550 reaches Postfix's log, and the author's mailbox by the bounce."""
    server = make_server(example_zone(signer.record))
    author, postfix = server.new_inbox(), make_postfix(server)
    queue_id = postfix.send(author["address"], ["ld-nobody@mailassay.test"], BODY)
    status, words = postfix.outcome(queue_id, "ld-nobody@mailassay.test")
    assert status == "bounced"
    sentence = "550 5.1.1 No such inbox: it expired or never was; open the web page to get a new address"
    assert sentence in words

    # The bounce is a mail from <>: SPF is judged by the HELO name (RFC 7208 §2.4).
    report = server.report(author["token"])
    assert report["connection"]["mail_from"] == ""
    assert report["spf"]["result"] == "pass" and report["spf"]["domain"] == "mail.example.com"
    told = email.message_from_bytes(raw(server, author, report))
    assert told.get_content_type() == "multipart/report"
    assert sentence[4:] in " ".join(told.as_string().split())
