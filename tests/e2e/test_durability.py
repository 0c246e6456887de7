"""What was answered 250 is there after kill -9, and is judged."""

import json
import re
import resource
import smtplib
import subprocess
import threading
import time

import pytest
from conftest import BINARY, MAIL, Server, example_zone, run

DELIVERIES = 50


def test_kill_9_loses_no_accepted_mail(tmp_path, signer):
    server = Server(tmp_path, example_zone(signer.record)).start()
    inbox = server.new_inbox()
    accepted = []

    def deliver():
        for number in range(DELIVERIES):
            subject = f"delivery {number}"
            mail = signer.sign(MAIL.replace(b"Your order", subject.encode()))
            try:
                server.send(inbox["address"], mail)
                accepted.append(subject)
            except OSError:  # smtplib's errors are OSErrors: the server died, nothing was promised
                time.sleep(0.05)

    kills = 0
    client = threading.Thread(target=deliver)
    client.start()
    while client.is_alive() and kills < 12:
        time.sleep(0.15 + 0.03 * kills)
        server.kill()
        kills += 1
        server.start()
    client.join()
    assert accepted and kills > 2

    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        messages = server.json(f"/api/v1/inboxes/{inbox['token']}")["messages"]
        if all(message["state"] in ("judged", "aborted") for message in messages):
            break
        time.sleep(0.1)
    judged = [message["subject"] for message in messages if message["state"] == "judged"]
    assert sorted(set(accepted) - set(judged)) == []
    assert all(message["dmarc"] == "pass" for message in messages if message["state"] == "judged")
    # The journal stayed gapless through every kill, with one last event a message.
    ends = {message["id"]: 0 for message in messages}

    def all_ended(kind, event):
        if kind == "verdict" or event["kind"] == "message.aborted":
            ends[event["message"]] += 1
        return all(ends.values())

    numbers = [number for number, _, _ in server.events(inbox["token"], until=all_ended)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert set(ends.values()) == {1}
    assert server.stop() == 0


def test_second_server_on_the_same_folder_or_port_is_refused(make_server, tmp_path):
    server = make_server()
    for flags, words in (
        (["--smtp", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", str(server.folder / "data")], "data"),
        (["--smtp", f"127.0.0.1:{server.smtp_port}", "--http", "127.0.0.1:0", "--data", str(tmp_path / "other1")], str(server.smtp_port)),
        (["--smtp", "127.0.0.1:0", "--http", f"127.0.0.1:{server.http_port}", "--data", str(tmp_path / "other2")], str(server.http_port)),
    ):
        code, _, err = run("serve", *flags, timeout=30)
        assert code == 2 and words in err, (flags, code, err)
        assert "in use" in err or "already" in err, err
        assert len([line for line in err.splitlines() if re.search("mailassay:", line)]) == 1, err
    assert server.get("/healthz")[0] == 200


def test_demo_tells_the_four_verdicts_without_a_network():
    """In a network namespace of its own there is loopback and nothing else."""
    script = f"ip link set lo up && exec {BINARY} demo"
    done = subprocess.run(["unshare", "--net", "sh", "-c", script], capture_output=True, timeout=50, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    verdicts = {line.split()[0]: line for line in done.stdout.splitlines() if " dmarc=" in line}
    assert "spf=pass" in verdicts["ses-default"] and "spf_aligned=no dkim_aligned=yes" in verdicts["ses-default"]
    assert "dmarc=pass" in verdicts["ses-default"]
    assert "spf_aligned=yes dkim_aligned=yes" in verdicts["ses-custom-mail-from"] and "dmarc=pass" in verdicts["ses-custom-mail-from"]
    assert "dmarc=fail" in verdicts["ses-email-identity"] and "disposition=quarantine" in verdicts["ses-email-identity"]
    assert "dmarc=pass" in verdicts["ses-fallback"] and "spf_aligned=no" in verdicts["ses-fallback"]


def ready(server):
    status, body, _ = server.get("/readyz")
    return status if status == 200 else (status, json.loads(body)["detail"])


def test_a_disk_that_takes_nothing_refuses_the_mail_and_is_found_again(make_server, signer):
    server = make_server(example_zone(signer.record))
    inbox = server.new_inbox()
    unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    with pytest.raises(smtplib.SMTPDataError) as refused:
        server.send(inbox["address"], signer.sign(MAIL))
    assert refused.value.smtp_code == 452
    assert ready(server) == (503, "the store cannot write: see the server's log, and whether its disk is full")
    assert server.get("/healthz")[0] == 200

    resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
    deadline = time.monotonic() + 60
    while ready(server) != 200:  # no mail has to be lost to find that out
        assert time.monotonic() < deadline
        time.sleep(0.5)
    server.send(inbox["address"], signer.sign(MAIL))
    assert server.report(inbox["token"])["dmarc"]["result"] == "pass"
