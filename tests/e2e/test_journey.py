"""The main job: a real mail in, a verdict out, through the binary alone."""

import json
import signal

from conftest import MAIL, example_zone, run


def test_signed_mail_passes(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    code, out, err = server.wait(inbox["token"], "dmarc=pass", "spf.result=pass", "dkim.any.result=pass", "dmarc.spf.aligned=true", "dkim[example.com].key_bits>=2048")
    assert code == 0, (out, err)
    assert "dmarc=pass" in out

    report = server.report(inbox["token"])
    assert report["schema"] == 1 and list(report)[0] == "schema"
    assert report["connection"]["ip"] == "127.0.0.5"
    assert report["connection"]["source"] == "smtp"
    assert report["connection"]["helo"] == "mail.example.com"
    assert report["connection"]["rcpt_to"] == [inbox["address"]]
    assert report["connection"]["tls"] is None
    assert {"result": "pass", "names": ["mail.example.com"]}.items() <= report["connection"]["iprev"].items()
    assert report["spf"]["domain"] == "example.com" and report["spf"]["matched"] == "ip4:127.0.0.5"
    assert report["spf_helo"]["result"] == "pass"
    assert report["dkim"][0]["body_hash"] == "match"
    assert report["dmarc"]["policy"] == "quarantine" and report["dmarc"]["disposition"] == "none"
    assert report["dmarc_rfc7489"]["result"] == "pass"
    assert report["message"]["from"] == ["shop@example.com"] and report["message"]["subject"] == "Your order"


def test_altered_key_fails_by_the_signature_not_the_body(make_server, signer):
    other = example_zone(signer.record)
    start = other.index("p=MII") + 60
    altered = other[:start] + ("A" if other[start] != "A" else "B") + other[start + 1 :]
    server = make_server(altered)
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    code, out, err = server.wait(inbox["token"], "dkim.0.result=fail", "dkim.0.body_hash=match", "dkim.0.cause=signature_mismatch")
    assert code == 0, (out, err)
    kinds = {event["kind"]: event["data"] for _, _, event in server.events(inbox["token"])}
    assert kinds["dkim.body_hash"]["match"] is True
    assert kinds["dkim.result"]["cause"] == "signature_mismatch"


def test_altered_body_fails_by_the_body_hash(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL).replace(b"Thank you.", b"Thank me."), source="127.0.0.6")
    code, out, err = server.wait(inbox["token"], "dkim.0.cause=body_hash_mismatch", "spf=fail", "dmarc=fail", "dmarc.disposition=quarantine")
    assert code == 0, (out, err)


def test_failed_expectation_exits_1_and_says_what_was_there(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], MAIL)
    code, _, err = server.wait(inbox["token"], "dmarc=fail")
    assert code == 1 and "dmarc" in err and "pass" in err
    assert server.wait(inbox["token"], "dmarc=pass")[0] == 0
    assert server.wait(inbox["token"], "dmarc")[0] == 2


def test_events_are_gapless_and_resume(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    events = server.events(inbox["token"])
    numbers = [number for number, _, _ in events]
    assert numbers == list(range(1, len(events) + 1)) and len(events) > 20
    assert all(number == event["id"] for number, _, event in events)
    assert [kind for _, kind, _ in events[:-1]] == ["step"] * (len(events) - 1) and events[-1][1] == "verdict"
    assert all(event["parent"] is None or 0 < event["parent"] < event["id"] for _, _, event in events)

    resumed = server.events(inbox["token"], last_event_id=7)
    assert [number for number, _, _ in resumed] == numbers[7:]
    assert resumed == events[7:]
    # EventSource reconnects with its old query: the header wins.
    assert server.events(inbox["token"], last_event_id=7, after=2)[0][0] == 8
    assert server.events(inbox["token"], after=2)[0][0] == 3


def test_steps_form_the_tree_that_the_page_shows(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], signer.sign(MAIL))
    events = {event["id"]: event for _, _, event in server.events(inbox["token"])}
    phases = {event["phase"] for event in events.values()}
    assert {"connection", "smtp", "message", "iprev", "spf", "dkim", "dmarc", "verdict"} <= phases
    message = next(event for event in events.values() if event["kind"] == "message.started")
    assert events[message["parent"]]["phase"] == "connection"

    def ancestors(event):
        while event["parent"]:
            event = events[event["parent"]]
            yield event["id"]

    for event in events.values():
        if event["phase"] in ("spf", "dkim", "dmarc", "verdict"):
            assert message["id"] in ancestors(event), event


def test_loopback_source_is_said(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], MAIL)
    step = next(event for _, _, event in server.events(inbox["token"]) if event["kind"] == "advice.local_source")
    assert step["data"]["ip"] == "127.0.0.5"


def test_assumed_address_is_judged_and_the_socket_told(make_server, signer):
    zone = example_zone(signer.record).replace("ip4:127.0.0.5", "ip4:8.8.8.8")
    server = make_server(zone)
    inbox = server.new_inbox(assume_ip="8.8.8.8")
    server.send(inbox["address"], MAIL)
    report = server.report(inbox["token"])
    assert report["spf"]["result"] == "pass"
    assert report["connection"]["ip"] == "8.8.8.8" and report["connection"]["peer"] == "127.0.0.5"
    assert not [1 for _, _, event in server.events(inbox["token"]) if event["kind"] == "advice.local_source"]


def test_one_mail_to_two_inboxes_tells_neither_of_the_other(make_server, signer):
    server = make_server(example_zone(signer.record))
    first, second = server.new_inbox(), server.new_inbox()
    server.send([first["address"], second["address"]], signer.sign(MAIL))
    for own, other in ((first, second), (second, first)):
        assert server.report(own["token"])["connection"]["rcpt_to"] == [own["address"]]
        text = json.dumps(server.events(own["token"]))
        assert other["address"].split("@")[0] not in text


def test_raw_is_the_octets_of_data(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    mail = MAIL + b"..stuffed\r\n.\x80\xff\r\n"
    server.send(inbox["address"], mail)
    identifier = server.report(inbox["token"])["message"]["id"]
    status, raw, _ = server.get(f"/api/v1/inboxes/{inbox['token']}/messages/{identifier}/raw")
    assert status == 200 and raw == mail


def test_deleted_inbox_refuses_mail_and_forgets(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    server.send(inbox["address"], MAIL)
    server.report(inbox["token"])
    assert server.request("DELETE", f"/api/v1/inboxes/{inbox['token']}")[0] in (200, 204)
    assert server.get(f"/api/v1/inboxes/{inbox['token']}")[0] == 404
    import smtplib

    try:
        server.send(inbox["address"], MAIL)
        raise AssertionError("the mail was accepted")
    except smtplib.SMTPRecipientsRefused as refused:
        code, text = refused.recipients[inbox["address"]]
        assert code == 550 and text.startswith(b"5.1.1 ")


def test_sigterm_ends_the_server_with_a_viewer_there(make_server):
    import http.client
    import time

    server = make_server()
    inbox = server.new_inbox()
    viewer = http.client.HTTPConnection("127.0.0.1", server.http_port)
    viewer.request("GET", f"/api/v1/inboxes/{inbox['token']}/events")
    viewer.getresponse()
    server.process.send_signal(signal.SIGTERM)
    started = time.monotonic()
    assert server.process.wait(timeout=30) == 0
    assert time.monotonic() - started < 10, "the contract of SIGTERM"


def test_bad_usage_is_one_clear_line(tmp_path):
    for arguments, words in (
        (["serve", "--smtp", "nonsense"], "smtp.listen"),
        (["serve", "--zone", str(tmp_path / "absent")], "absent"),
        (["serve", "--config", str(tmp_path / "absent.toml")], "absent.toml"),
        (["check", str(tmp_path / "absent.eml"), "--ip", "192.0.2.1"], "absent.eml"),
        (["spf", "--ip", "192.0.2", "--helo", "a", "--mail-from", "b"], "--ip"),
        (["wait", "x", "--server", "127.0.0.1:1"], "--server"),
        (["nonsense"], "nonsense"),
        ([], "subcommand"),
    ):
        code, _, err = run(*arguments)
        assert code == 2 and words in err and len(err.strip().splitlines()) == 1, (arguments, code, err)
