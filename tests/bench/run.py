"""Ratios, in one run: the evaluation beside OpenSSL's floor, the whole way beside Postfix's smtp-sink.

run.py BUILD [ROUNDS]: other load changes seconds, but hardly a ratio of CPU times taken in turns.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

import dkim

BUILD = pathlib.Path(sys.argv[1]).resolve()
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 5
MAILS, OCTETS, SESSIONS = 20000, 4096, 8
ENVIRONMENT = {**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"}


def row(label, *cells):
    print(f"  {label:66}" + "".join(f"{cell:>11}" for cell in cells), flush=True)


def evaluation():
    """Median microseconds of each benchmark, and the ratio to the floor."""
    out = subprocess.run(
        [BUILD / "tests/bench/evaluate_bench", f"--benchmark_repetitions={max(ROUNDS, 9)}", "--benchmark_report_aggregates_only=true",
         "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.1", "--benchmark_format=json"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    rows = json.loads(out)["benchmarks"]
    if failed := [f"{row['name']}: {row['error_message']}" for row in rows if row.get("error_occurred")]:
        raise SystemExit("\n".join(failed))
    medians = {row["run_name"]: row["cpu_time"] for row in rows if row["aggregate_name"] == "median"}
    print("Evaluation alone: rsa-2048, DNS answers cached, every step recorded. Floor: OpenSSL verifies the same signature and hashes the same octets.")
    row("microseconds a mail", "floor", "mailassay", "ratio")
    for octets in (4096, 51200):
        floor, ours = medians[f"floor_of_openssl/{octets}"], medians[f"evaluation_alone/{octets}"]
        row(f"{octets} octets", f"{floor:.1f}", f"{ours:.1f}", f"{ours / floor:.2f}")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def running(command, port, **options):
    """A server that listens on `port`, for as long as the block takes."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            if time.monotonic() > deadline or process.poll() is not None:
                raise SystemExit(f"{command[0]} does not listen")
            time.sleep(0.05)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def pour(port, recipient, mail):
    """smtp-source: each session keeps its connection and sends one mail after the other."""
    subprocess.run(
        ["smtp-source", "-d", "-s", str(SESSIONS), "-m", str(MAILS), "-F", mail, "-M", "client.example.com",
         "-f", "bounce@example.com", "-t", recipient, f"127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT,
    )  # fmt: skip


def sink_rate(mail):
    """Mails per CPU second of smtp-sink, which judges and keeps nothing."""
    port = free_port()
    drop_root = ["-u", "nobody"] if os.geteuid() == 0 else []
    with running(["smtp-sink", *drop_root, f"127.0.0.1:{port}", "1000"], port, env=ENVIRONMENT) as pid:
        before = cpu_seconds(pid)
        pour(port, "you@example.net", mail)
        return MAILS / (cpu_seconds(pid) - before)


def wait_until_judged(database):
    """Asks the file, not the server, which is being measured: every mail is committed with its verdict."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            states = connection.execute("SELECT state, dmarc, count(*) FROM messages GROUP BY 1, 2").fetchall()
        if states == [(2, "pass", MAILS)]:
            return
        time.sleep(0.2)
    raise SystemExit(f"not every mail was judged as it should be: {states}")


def our_rate(folder, zone, mail):
    """Mails per CPU second of the server: received, durable, judged and journalled, all of it."""
    smtp, http = free_port(), free_port()
    command = [BUILD / "mailassay", "serve", "--smtp", f"127.0.0.1:{smtp}", "--http", f"127.0.0.1:{http}", "--data", folder, "--zone", zone]
    with running(command, http, env={**ENVIRONMENT, "MAILASSAY_INBOX_MAX_MAILS": "1000000"}) as pid:
        request = urllib.request.Request(f"http://127.0.0.1:{http}/api/v1/inboxes", b"{}", {"Content-Type": "application/json"})
        address = json.load(urllib.request.urlopen(request))["address"]
        before = cpu_seconds(pid)
        pour(smtp, address, mail)
        wait_until_judged(folder / "mailassay.db")
        return MAILS / (cpu_seconds(pid) - before)


def make_mails(folder):
    """A signed mail and the same without its signature, as files with bare LF, and the zone that lets both pass."""
    key = subprocess.run(["openssl", "genrsa", "2048"], check=True, capture_output=True).stdout
    public = subprocess.run(["openssl", "rsa", "-pubout"], input=key, check=True, capture_output=True).stdout.decode()
    text = "v=DKIM1; k=rsa; p=" + "".join(public.splitlines()[1:-1])
    zone = folder / "zone.txt"
    zone.write_text('example.com TXT "v=spf1 ip4:127.0.0.1 -all"\nclient.example.com A 127.0.0.1\n'
                    'client.example.com TXT "v=spf1 a -all"\n1.0.0.127.in-addr.arpa PTR client.example.com\n'
                    '_dmarc.example.com TXT "v=DMARC1; p=reject"\n'
                    f's1._domainkey.example.com TXT "{text[:250]}" "{text[250:]}"\n')  # fmt: skip
    mail = (b"From: Shop <shop@example.com>\r\nTo: you@mailassay.test\r\nSubject: Your order\r\nMessage-ID: <1@example.com>\r\n"
            b"Date: Tue, 24 Nov 2026 02:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n")  # fmt: skip
    while len(mail) < OCTETS:
        mail += b"The quick brown fox jumps over the lazy dog, and nobody is surprised.\r\n"
    signature = dkim.sign(mail, b"s1", b"example.com", key, canonicalize=(b"relaxed", b"relaxed"))
    for name, octets in (("signed", signature + mail), ("unsigned", mail)):
        (folder / name).write_bytes(octets.replace(b"\r\n", b"\n"))
    return zone


def whole_way():
    if not shutil.which("smtp-source", path=ENVIRONMENT["PATH"]):
        print("The whole way: skipped, Postfix's smtp-source is not here")
        return
    rates = {"unsigned": [], "signed": []}
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        zone = make_mails(folder)
        for turn in range(ROUNDS):
            for kind, pairs in rates.items():
                data = folder / f"{kind}{turn}"
                pairs.append((sink_rate(folder / kind), our_rate(data, zone, folder / kind)))
                shutil.rmtree(data)
    print(f"\nThe whole way: SMTP in, durable, judged, journalled. {MAILS} mails of {OCTETS} octets over {SESSIONS} connections, medians of {ROUNDS} rounds.")
    row("mails per CPU second of the server's process", "smtp-sink", "mailassay", "ratio")
    for kind, pairs in rates.items():
        sink, ours = (statistics.median(rate) for rate in zip(*pairs))
        ratio = statistics.median(ours / sink for sink, ours in pairs)
        row(f"{kind} mail", f"{sink:.0f}", f"{ours:.0f}", f"{ratio:.3f}")


def page():
    """The page in Chromium while a mail of 5,000 steps comes in."""
    here = pathlib.Path(__file__).parent
    if not shutil.which("node") or not (here.parent / "browser/node_modules").is_dir():
        print("The page: skipped, Chromium or Node.js is not here")
        return
    runs = []
    for _ in range(ROUNDS):
        out = subprocess.run(["node", here / "page.mjs"], check=True, capture_output=True, text=True,
                             env={**ENVIRONMENT, "MAILASSAY_BIN": str(BUILD / "mailassay")}).stdout  # fmt: skip
        runs.append([float(number) for number in out.split()])
    longest, total, floor = (statistics.median(numbers) for numbers in zip(*runs))
    print(f"\nThe page: 5,000 steps as they come, long tasks by the browser's observer, medians of {ROUNDS} rounds. Floor: a bare list of as many lines, drawn at once.")
    row("milliseconds", "floor", "mailassay", "ratio")
    row("longest task", f"{floor:.1f}", f"{longest:.1f}", f"{statistics.median(run[0] / run[2] for run in runs):.2f}")
    row("all long tasks together", f"{floor:.1f}", f"{total:.1f}", f"{statistics.median(run[1] / run[2] for run in runs):.2f}")


evaluation()
whole_way()
page()
