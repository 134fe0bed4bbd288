"""Runs the shell steps of the GitHub Action as a runner does, on a stack in a sub-folder: `lint` and `check`, in step and not.

    python3 action.py ACTION_YML WHEEL REPOSITORY
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

action = yaml.safe_load(Path(sys.argv[1]).read_text())
wheel, repository = sys.argv[2], Path(sys.argv[3])


def run(inputs: dict[str, str], directory: Path, temporary: Path):
    """The exit code and what was printed, and the outputs by step."""
    given = {name: str(spec.get("default", "")) for name, spec in action["inputs"].items()} | inputs
    outputs: dict[str, dict[str, str]] = {}
    printed, status = "", 0

    def expand(text: str) -> str:
        def value(match: re.Match) -> str:
            path = match[1].split(".")
            if path[0] == "inputs":
                return given[path[1]]
            if path[0] == "steps":
                return outputs.get(path[1], {}).get(path[3], "")
            sys.exit(f"an expression that is not known here: {match[0]}")

        return re.sub(r"\$\{\{\s*([\w.-]+)\s*\}\}", value, text)

    for step in action["runs"]["steps"]:
        if "run" not in step or status:
            continue
        if "!= 'none'" in step.get("if", "") and given["command"] == "none":
            continue
        out = temporary / "output"
        out.write_text("")
        environment = os.environ | {name: expand(text) for name, text in step.get("env", {}).items()}
        environment |= {"RUNNER_TEMP": str(temporary), "GITHUB_OUTPUT": str(out), "BUCKETBOOK_WHEEL": wheel}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", expand(step["run"])],
            cwd=directory, env=environment, capture_output=True, text=True,
        )
        printed += done.stdout + done.stderr
        status = done.returncode
        lines = [line.split("=", 1) for line in out.read_text().splitlines()]
        outputs[step.get("id", step["name"])] = {name: value for name, value in lines}
    return status, printed, outputs


def expect(condition: bool, what: str, printed: str) -> None:
    if not condition:
        sys.exit(f"{what}\n{printed}")


with tempfile.TemporaryDirectory() as name:
    temporary = Path(name)
    root = temporary / "repository"
    stack = root / "services" / "files"
    stack.mkdir(parents=True)
    (stack / "bucketbook.yaml").write_text("{}\n")

    status, printed, outputs = run({"command": "none"}, root, temporary)
    expect(status == 0, "the installation fails", printed)
    binary = outputs["install"]["binary"]
    subprocess.run([binary, "generate"], cwd=stack, check=True, stdout=subprocess.DEVNULL)

    status, printed, _ = run({"command": "check", "path": "services/files"}, root, temporary)
    expect(status == 0, "a stack in step is not in step", printed)
    status, printed, outputs = run({"command": "lint"}, root, temporary)
    expect(status == 0, "a sound stack has findings", printed)

    template = stack / "out" / "template.yaml"
    template.write_text(template.read_text().replace("BillingMode: PAY_PER_REQUEST", "BillingMode: PAY_PER_REQUESTS"))
    definition = next((stack / "out" / "definitions").iterdir())
    definition.write_text(re.sub(r'"StartAt": "\w+"', '"StartAt": "Nowhere"', definition.read_text()))
    status, printed, _ = run({"command": "check", "path": "services/files"}, root, temporary)
    expect(status == 1 and "file=services/files/out/" in printed, "drift is no annotation", printed)
    status, printed, outputs = run({"command": "lint"}, root, temporary)
    expect(status == 1 and "::error" in printed, "a broken definition is no annotation", printed)
    found = json.loads(Path(outputs["run"]["sarif"]).read_text())["runs"][0]["results"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in found}
    expect(any(uri.startswith("services/files/out/") for uri in uris), f"paths are not the repository's: {uris}", printed)
    status, printed, _ = run({"command": "nonsense"}, root, temporary)
    expect(status == 2, "an unknown command is taken", printed)
print("the action lints, checks, annotates and reports")
