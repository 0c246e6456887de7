"""What the comparisons share: the seed, our judges, and the tally of a run.

MAILASSAY_SEED chooses the cases (random without it), MAILASSAY_CASES how many (2000), MAILASSAY_CASE one alone.
"""
import collections
import dataclasses
import functools
import json
import multiprocessing
import os
import pathlib
import random
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUDGES = pathlib.Path(os.environ.get("MAILASSAY_BIN", ROOT / "build/mailassay")).parent / "tests/differential"
SEED = int(os.environ.get("MAILASSAY_SEED") or random.SystemRandom().randrange(1 << 32))
AT = 1_800_000_000  # every judge's clock
BLOCK = 100  # cases a process takes at once


@dataclasses.dataclass
class Compared:
    """One case: our result word, the known faults of the peer that explain a difference, or the difference."""
    number: int
    word: str
    faults: tuple = ()
    difference: str = ""


def numbers():
    if one := os.environ.get("MAILASSAY_CASE"):
        return [int(one)]
    return range(int(os.environ.get("MAILASSAY_CASES", 2000)))


def rng_of(kind, number):
    return random.Random(f"{SEED}/{kind}/{number}")


def ask(command, cases):
    """The answers of a judge, JSON lines in and out."""
    cases = list(cases)
    lines = "".join(json.dumps(case) + "\n" for case in cases)
    run = subprocess.run(command, input=lines, capture_output=True, encoding="utf-8", errors="replace")
    assert run.returncode == 0, f"{command[-1]} ended with {run.returncode}: {run.stderr}"
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert len(answers) == len(cases), f"{command[-1]} answered {len(answers)} of {len(cases)} cases"
    return answers


def compare_all(compare_block, *arguments):
    """compare_block takes the arguments and case numbers and returns a Compared for each; blocks run on every core."""
    wanted = list(numbers())
    blocks = [wanted[at:at + BLOCK] for at in range(0, len(wanted), BLOCK)]
    with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
        done = pool.imap(functools.partial(compare_block, *arguments), blocks)
        return [compared for block in done for compared in block]


def check_table(faults, mended):
    """Each fault names its section, and its lines are in the peer."""
    for name in faults:
        assert re.match(r"(RFC [0-9]+ )?[0-9.]+(, [0-9.]+)* ", name), f"no section: {name}"
        mended(frozenset([name]))
    mended(frozenset(faults))


def report(name, peer, compared):
    """Prints the tally; fails with the differences that nothing explains."""
    words = collections.Counter(each.word for each in compared)
    faults = collections.Counter(fault for each in compared for fault in each.faults)
    different = [each for each in compared if each.difference]
    explained = sum(1 for each in compared if each.faults)
    agree = len(compared) - explained - len(different)
    print(f"\n{name} differential: seed {SEED}, {len(compared)} cases: {agree} as {peer} says, "
          f"{explained} where it is known to be wrong, {len(different)} different")
    print(f"  {shown(words)}")
    for fault, count in faults.most_common():
        print(f"  {count:5} {fault}")
    told = "\n".join(each.difference for each in different[:10])
    assert not different, f"{len(different)} of {len(compared)} differ; MAILASSAY_SEED={SEED}\n{told}"


def shown(counts):
    return ", ".join(f"{key} {count}" for key, count in counts.most_common())
