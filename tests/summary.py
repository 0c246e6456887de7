"""Adds up the JUnit files of a test run and closes with one line: N passed, N failed, N skipped."""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def count(path):
    """Passed, failed, skipped of one file, and the names that failed."""
    passed, skipped, failed = 0, 0, []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{path.stem}: {case.get('classname') or ''} {case.get('name')}")
        elif case.find("skipped") is not None or case.get("status") in ("notrun", "disabled"):
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def main():
    folder, failed_layers = pathlib.Path(sys.argv[1]), sys.argv[2:]
    passed, failed, skipped = 0, [], 0
    for path in sorted(folder.glob("*.xml")):
        try:
            layer = count(path)
        except ElementTree.ParseError as error:
            layer = (0, [f"{path.stem}: unreadable results: {error}"], 0)
        print(f"{path.stem:14} {layer[0]} passed, {len(layer[1])} failed, {layer[2]} skipped".replace(", 0 skipped", ""))
        passed, failed, skipped = passed + layer[0], failed + layer[1], skipped + layer[2]
    for name in failed:
        print("failed:", name)
    broken = [layer for layer in failed_layers if not any(name.startswith(layer) for name in failed)]
    for layer in broken:
        print(f"failed: layer {layer} ended early; its output is above")
    print(f"{passed} passed, {len(failed) + len(broken)} failed, {skipped} skipped")
    sys.exit(1 if failed or broken or passed == 0 else 0)


main()
