#!/usr/bin/env python3
"""What `cargo check` of the SDK costs when the API is ten times as large.

    python3 tests/scale.py [--copies N] [--schemas]

Needs PyYAML. In a folder of its own, makes a document in which every operation stands N times (10 unless
given), generates the SDK from it, and checks that crate alone, with its dependencies built beforehand.
Prints the CPU time per operation and the peak of memory. With --schemas, every copy of the operations
also has types of its own; otherwise all copies share theirs.
"""

import argparse
import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
OVERLAYS = ["corrections", "tools"]
METHODS = {"get", "put", "post", "delete", "patch"}
TOOL_NAME, SHORT_NAME = 64, 21  # the longest that the generator allows
REFERENCE = "#/components/schemas/"


class Loader(yaml.SafeLoader):
    """Leaves dates as text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def multiplied(document, copies, schemas):
    """The document with every operation `copies` times, and the number of operations."""
    paths = list(document["paths"].items())
    groups = list(document["x-billsby-resources"].items())
    components = document["components"]["schemas"]
    originals = list(components.items())
    for number in range(2, copies + 1):
        for group, text in groups:
            document["x-billsby-resources"][f"{group}{number}"] = text
        for path, item in paths:
            item = copy.deepcopy(item)
            for method in METHODS & item.keys():
                rename(item[method], number)
            if schemas:
                point_to_copies(item, number)
            document["paths"][f"/v2copy{number}{path}"] = item
        if schemas:
            for name, schema in originals:
                schema = copy.deepcopy(schema)
                point_to_copies(schema, number)
                if "title" in schema:
                    schema["title"] += f"V{number}"
                properties = schema.get("properties", {})
                if properties and "currentPage" not in properties:
                    # Types of the same form would be merged; pages have to have theirs.
                    schema["properties"][f"copy{number}"] = {"type": "string", "description": "A copy."}
                components[f"{name}V{number}"] = schema
    return sum(len(METHODS & item.keys()) for item in document["paths"].values())


def rename(operation, number):
    group, method = operation["operationId"].split(".")
    operation["operationId"] = f"{group}{number}.{method}"
    tool = operation["x-billsby-tool"]
    tool["name"] = f"{tool['name'][: TOOL_NAME - 3]}_{number}"
    tool["short"] = f"{tool['short'][: SHORT_NAME - 3]}_{number}"
    tool.pop("aliases", None)


def point_to_copies(node, number):
    if isinstance(node, dict):
        target = node.get("$ref", "")
        if isinstance(target, str) and target.startswith(REFERENCE):
            node["$ref"] = f"{target}V{number}"
        for value in node.values():
            point_to_copies(value, number)
    elif isinstance(node, list):
        for value in node:
            point_to_copies(value, number)


def prepare(work, document):
    """A workspace that has the document and a copy of the SDK's crate, without what is generated."""
    (work / "openapi").mkdir()
    (work / "openapi/upstream.yaml").write_text(json.dumps(document))
    for overlay in OVERLAYS:
        # The document is corrected already, and an overlay has to change something.
        action = {"target": "$.info", "description": "D0: marks the document.", "update": {f"x-{overlay}": True}}
        text = {"overlay": "1.0.0", "info": {"title": "None", "version": "1"}, "actions": [action]}
        (work / f"openapi/{overlay}.overlay.yaml").write_text(json.dumps(text))
    shutil.copytree(
        REPOSITORY / "billsby-sdk",
        work / "billsby-sdk",
        ignore=shutil.ignore_patterns("generated", "target"),
    )
    manifest = (REPOSITORY / "Cargo.toml").read_text()
    manifest, count = re.subn(r"(?m)^members = .*$", 'members = ["billsby-sdk"]', manifest)
    assert count == 1, "the workspace's manifest has no line with all its members"
    (work / "Cargo.toml").write_text(manifest)
    shutil.copy(REPOSITORY / "Cargo.lock", work)


def run(command, work):
    """CPU seconds and GiB of a command and of all that it starts."""
    child = subprocess.Popen(command, cwd=work, env={**os.environ, "CARGO_INCREMENTAL": "0"})
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"this failed: {' '.join(map(str, command))}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 2**20


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--schemas", action="store_true")
    arguments = parser.parse_args()

    target = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")).resolve()
    document = yaml.load((REPOSITORY / "openapi/billsby.yaml").read_text(), Loader)
    operations = multiplied(document, arguments.copies, arguments.schemas)
    with tempfile.TemporaryDirectory(prefix="billsby-scale-") as work:
        work = Path(work)
        prepare(work, document)
        target_directory = ["--target-dir", target]
        run(
            ["cargo", "run", "--quiet", "--package", "xtask", *target_directory]
            + ["--manifest-path", REPOSITORY / "Cargo.toml", "--", "--repository", work, "regen"],
            REPOSITORY,
        )
        check = ["cargo", "check", "--quiet", "--package", "billsby-sdk", *target_directory]
        run(check, work)
        measurements = []
        for _ in range(3):
            (work / "billsby-sdk/src/lib.rs").touch()
            measurements.append(run(check, work))
    cpu, memory = min(measurements)
    print(f"{operations} operations: cargo check takes {cpu:.2f} CPU seconds and {memory:.2f} GiB at its peak")
    print(f"{cpu / operations * 1000:.1f} ms per operation")


if __name__ == "__main__":
    main()
