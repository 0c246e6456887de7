"""Judges the mail of each case folder with the real binary and compares with the folder's case.toml.

A case is a folder NN-name with
  mail.eml   the octets of DATA (make_signed.py signs them)
  zone.txt   the whole DNS
  case.toml  arguments = [flags of `mailassay check`], expect = ["KEY=VALUE" of the report], and [[step]] tables: a
             kind and some of its data, each to be found in the events after the one before
  README.md  what it shows, and which section or which verifier's bug it comes from
"""
import json
import os
import pathlib
import re
import subprocess
import tomllib

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("MAILASSAY_BIN", str(FOLDER.parents[1] / "build" / "mailassay"))
CASES = sorted(entry for entry in FOLDER.iterdir() if entry.is_dir() and entry.name[:1].isdigit())
FILES = ["README.md", "case.toml", "mail.eml", "zone.txt"]
RUNNERS_FLAGS = {"--zone", "--overlay", "--dns", "--format", "--expect"}


def refuse_unknown(table, known, place):
    assert set(table) <= known, f"{place}: unknown key {sorted(set(table) - known)}"


def load(text):
    case = tomllib.loads(text)
    refuse_unknown(case, {"arguments", "expect", "step"}, "case.toml")
    for step in case.get("step", []):
        refuse_unknown(step, {"kind", "data"}, "[[step]]")
        assert "kind" in step, "a [[step]] has a kind"
    assert case.get("expect"), "a case expects something"
    assert "--at" in case.get("arguments", []), "a case names its time with --at"
    assert not RUNNERS_FLAGS & set(case["arguments"]), f"the runner gives {sorted(RUNNERS_FLAGS)} itself"
    return case


def check(folder, case, output, *more):
    command = [BINARY, "check", "mail.eml", "--zone", "zone.txt", "--format", output, *case["arguments"], *more]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=False)
    return done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")


def value_at(report, path):
    """What stands at "spf.domain", "dkim.0.cause" or "dkim[example.com].key_bits"; of an object, its result."""
    value = report
    for domain, name in re.findall(r"\[([^]]*)\]|([^.[]+)", path):
        if domain:
            [value] = [element for element in value if element["domain"] == domain]
        else:
            value = value[int(name)] if isinstance(value, list) else value[name]
    if isinstance(value, list) and value:
        raise TypeError("a list: name one of its elements")
    return value["result"] if isinstance(value, dict) else value


def text_of(value):
    return value if isinstance(value, str) else json.dumps(value)


def unmet(report, expectation):
    """A line about it, or nothing if it holds."""
    path, wanted = expectation.split("=", 1)
    try:
        found = text_of(value_at(report, path))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        return f"{path}: the report has no such value ({error!r})"
    return None if found == wanted else f"{path}: expected {wanted!r}, is {found!r}"


def fits(event, step):
    data = step.get("data", {})
    return event["kind"] == step["kind"] and all(key in event["data"] and event["data"][key] == value
                                                 for key, value in data.items())


def missing_step(events, steps):
    """The first of the steps that does not appear after the one before it, or nothing."""
    at = 0
    for step in steps:
        while at < len(events) and not fits(events[at], step):
            at += 1
        if at == len(events):
            return step
        at += 1
    return None


def parts(report):
    return [f"  {name} {json.dumps(part, ensure_ascii=False)}" for name, part in report.items()]


def story(events, kind):
    """The steps that were there, those of the kind with their data."""
    return "\n".join(f"  {event['kind']} {json.dumps(event['data'], ensure_ascii=False) if event['kind'] == kind else ''}"
                     for event in events)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder):
    assert sorted(entry.name for entry in folder.iterdir()) == FILES
    case = load((folder / "case.toml").read_text(encoding="utf-8"))
    bare_lf = re.search(rb"(?<!\r)\n", (folder / "mail.eml").read_bytes()) is not None
    assert bare_lf == ("message.bare_lf=true" in case["expect"]), "line ends are CRLF, but where a case is about them"
    status, output, errors = check(folder, case, "json")
    assert (status, errors) == (0, "")
    report = json.loads(output)
    wrong = [line for line in (unmet(report, text) for text in case["expect"]) if line]
    assert not wrong, "\n".join([*wrong, "the report:", *parts(report)])
    # The command's own --expect reads the same paths, and must come to the same.
    flags = [flag for text in case["expect"] for flag in ("--expect", text)]
    assert check(folder, case, "json", *flags) == (0, output, "")

    status, output, errors = check(folder, case, "events")
    assert (status, errors) == (0, "")
    events = [json.loads(line) for line in output.splitlines()]
    step = missing_step(events, case.get("step", []))
    assert step is None, f"no such step (in this order): {step}\nthe steps were\n{story(events, step['kind'])}"
    assert [event["kind"] for event in events].count("verdict") == 1 and events[-1]["kind"] == "verdict"


def test_cases_are_there_and_numbered_apart():
    numbers = [folder.name.split("-")[0] for folder in CASES]
    assert len(CASES) >= 24 and len(set(numbers)) == len(numbers)


@pytest.mark.parametrize("text, complaint", [
    ("arguments = ['--at', '0']\nexpect = ['spf=pass']\nexpects = []", "unknown key"),
    ("arguments = ['--at', '0']\nexpect = ['spf=pass']\n[[step]]\nkind = 'verdict'\nfacts = {}", "unknown key"),
    ("arguments = ['--at', '0']\nexpect = ['spf=pass']\n[[step]]\ndata = {}", "has a kind"),
    ("arguments = ['--at', '0']", "expects something"),
    ("arguments = []\nexpect = ['spf=pass']", "--at"),
    ("arguments = ['--at', '0', '--format', 'text']\nexpect = ['spf=pass']", "itself"),
])
def test_a_bad_case_is_refused(text, complaint):
    with pytest.raises(AssertionError, match=complaint):
        load(text)


def test_the_comparison_can_fail():
    report = {"spf": {"result": "pass", "lookups": 2, "cause": None}, "dkim": [{"domain": "a.example", "result": "fail"}]}
    assert [text for text in ["spf=pass", "spf.lookups=2", "spf.cause=null", "dkim[a.example]=fail", "dkim.0.result=fail",
                              "spf=fail", "spf.lookups=3", "spf.void=0", "dkim[b.example]=fail", "dkim.1=fail"]
            if unmet(report, text)] == ["spf=fail", "spf.lookups=3", "spf.void=0", "dkim[b.example]=fail", "dkim.1=fail"]
    events = [{"kind": kind, "data": {"n": n, "m": n}} for kind, n in [("a", 1), ("b", 2), ("a", 3)]]
    assert missing_step(events, [{"kind": "a"}, {"kind": "a", "data": {"n": 3}}]) is None
    assert missing_step(events, [{"kind": "b"}, {"kind": "a", "data": {"n": 1}}]) == {"kind": "a", "data": {"n": 1}}
    assert missing_step(events, [{"kind": "b", "data": {"x": None}}]) == {"kind": "b", "data": {"x": None}}
