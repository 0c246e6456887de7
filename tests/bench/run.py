"""Ratios, in one run: the evaluation beside OpenSSL's floor, the whole way beside Postfix's smtp-sink."""

import json
import os
import pathlib
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

BUILD = pathlib.Path(sys.argv[1]).resolve()
ROUNDS = 5
MAILS, OCTETS, SESSIONS = 20000, 4096, 8


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def evaluation():
    """Median microseconds of each benchmark, and the ratio to the floor."""
    out = subprocess.run(
        [BUILD / "tests/bench/evaluate_bench", f"--benchmark_repetitions={ROUNDS}", "--benchmark_report_aggregates_only=true",
         "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.3", "--benchmark_format=json"],
        check=True, capture_output=True,
    ).stdout  # fmt: skip
    medians = {row["run_name"]: row["cpu_time"] for row in json.loads(out)["benchmarks"] if row["aggregate_name"] == "median"}
    print(f"{'evaluation alone (rsa-2048, answers cached, steps recorded)':62} {'floor':>9} {'ours':>9} {'ratio':>6}")
    for octets in (4096, 51200):
        floor, ours = medians[f"floor_of_openssl/{octets}"], medians[f"evaluation_alone/{octets}"]
        print(f"  {octets:>6} octets; floor: OpenSSL verifying and hashing the same {'':6} {floor:7.1f}µs {ours:7.1f}µs {ours / floor:6.2f}")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def wait_for(port):
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit("the server does not listen")


def pour(port, recipient):
    subprocess.run(
        ["smtp-source", "-d", "-s", str(SESSIONS), "-m", str(MAILS), "-l", str(OCTETS), "-M", "client.example.com",
         "-f", "bounce@example.com", "-t", recipient, f"127.0.0.1:{port}"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def sink_rate():
    """Mails per CPU second of smtp-sink, which judges and keeps nothing."""
    port = free_port()
    sink = subprocess.Popen(["smtp-sink", "-c", f"127.0.0.1:{port}", "1000"], stdout=subprocess.DEVNULL)
    try:
        wait_for(port)
        before = cpu_seconds(sink.pid)
        pour(port, "you@example.net")
        return MAILS / (cpu_seconds(sink.pid) - before)
    finally:
        sink.terminate()
        sink.wait()


def our_rate(folder):
    """Mails per CPU second of the server: received, durable, judged and journalled, all of it."""
    smtp, http = free_port(), free_port()
    zone = folder / "zone.txt"
    zone.write_text('example.com TXT "v=spf1 ip4:127.0.0.1 -all"\nclient.example.com A 127.0.0.1\n'
                    '1.0.0.127.in-addr.arpa PTR client.example.com\n_dmarc.example.com TXT "v=DMARC1; p=reject"\n')  # fmt: skip
    server = subprocess.Popen(
        [BUILD / "mailassay", "serve", "--smtp", f"127.0.0.1:{smtp}", "--http", f"127.0.0.1:{http}", "--data", folder / "data", "--zone", zone],
        env={**os.environ, "MAILASSAY_INBOX_MAX_MAILS": "1000000"}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_for(http)
        base = f"http://127.0.0.1:{http}"
        inbox = json.load(urllib.request.urlopen(urllib.request.Request(f"{base}/api/v1/inboxes", b"{}", {"Content-Type": "application/json"})))
        before = cpu_seconds(server.pid)
        pour(smtp, inbox["address"])
        while True:
            metrics = urllib.request.urlopen(f"{base}/metrics").read().decode()
            values = {line.split()[0]: float(line.split()[-1]) for line in metrics.splitlines() if line.startswith("mailassay_")}
            if values["mailassay_smtp_mails_total"] >= MAILS and values["mailassay_evaluations_running"] == 0:
                return MAILS / (cpu_seconds(server.pid) - before)
            time.sleep(0.1)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()


def whole_way():
    if not shutil.which("smtp-source"):
        print("the whole way: skipped, Postfix's smtp-source is not here")
        return
    ratios, sinks, ours = [], [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            sinks.append(sink_rate())
            ours.append(our_rate(pathlib.Path(folder)))
            ratios.append(ours[-1] / sinks[-1])
    print(f"{'the whole way (SMTP in, durable, judged, journalled)':62} {'smtp-sink':>9} {'ours':>9} {'ratio':>6}")
    print(f"  {MAILS} mails of {OCTETS} octets, {SESSIONS} connections; mails per CPU second  "
          f"{statistics.median(sinks):9.0f} {statistics.median(ours):9.0f} {statistics.median(ratios):6.2f}")  # fmt: skip


evaluation()
whole_way()
