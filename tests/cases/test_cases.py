"""One folder a case: mail.eml, zone.txt, case.toml (arguments, expectations, steps in order), README.md."""

import json
import os
import pathlib
import subprocess
import tomllib

import pytest

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("MAILASSAY_BIN", str(HERE.parents[1] / "build/mailassay"))
CASES = sorted(path.parent for path in HERE.glob("*/case.toml"))


def check(folder, case, *more):
    return subprocess.run(
        [BINARY, "check", folder / "mail.eml", "--zone", folder / "zone.txt", *case["arguments"], *more],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def matches(event, step):
    return event["kind"] == step["kind"] and all(event["data"].get(key) == value for key, value in step.get("data", {}).items())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_case(folder):
    case = tomllib.loads((folder / "case.toml").read_text())
    assert (folder / "README.md").read_text().strip(), "a case says what it is about"
    assert case["expect"] and case["step"], "a case expects results and steps"

    expectations = [word for line in case["expect"] for word in ("--expect", line)]
    judged = check(folder, case, "--format", "json", *expectations)
    assert judged.returncode == 0, judged.stderr + judged.stdout

    events = [json.loads(line) for line in check(folder, case, "--format", "events").stdout.splitlines()]
    at = 0
    for step in case["step"]:
        found = next((index for index in range(at, len(events)) if matches(events[index], step)), None)
        assert found is not None, f"no step {step} after {at} of {json.dumps(events, indent=1)}"
        at = found + 1


def test_there_are_cases():
    assert len(CASES) >= 10
