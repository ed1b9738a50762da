#!/usr/bin/env python3
"""Prints what is wrong with the workflows of GitHub Actions, without a network: they run elsewhere,
and a mistake would be seen there only.

usage: workflows.py FILE..., in the root of the sources

A job says where it runs and how long at most, an action is pinned to a commit, nothing may write to
the repository, and the commands of a step are tools that its machine has, with files, presets,
targets, options and suites of this tree.
"""
import json
import pathlib
import re
import shlex
import sys

import yaml

TOOLS = {"apt-get", "brew", "cmake", "ctest", "git", "pkg", "set", "sh", "tar"}
PINNED = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{40}")
OUTPUTS = ("build/", "portsock-windows-check-")  # what a step makes
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")


def cmake_texts():
    """Not of what is built, where other tests make and remove directories meanwhile."""
    directories = [path for path in pathlib.Path().iterdir()
                   if path.is_dir() and not path.name.startswith(("build", "."))]
    paths = [pathlib.Path("CMakeLists.txt"), *pathlib.Path("tests").rglob("*.cmake")]
    for directory in directories:
        paths += directory.rglob("CMakeLists.txt")
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


class Tree:
    """What a command can name."""

    def __init__(self):
        text = cmake_texts()
        presets = json.loads(pathlib.Path("CMakePresets.json").read_text(encoding="utf-8"))
        self.presets = {one["name"] for one in presets["configurePresets"] if not one.get("hidden")}
        self.options = set(re.findall(r"^option\((\w+)", text, re.M))
        self.suites = set(re.findall(r"portsock_add_suite\((\w+)", text))
        made = r"add_(?:executable|library|custom_target)\(([\w-]+)"
        self.targets = set(re.findall(made, text)) | self.suites


# ---- commands ------------------------------------------------------------------------------------


def named_after(words, option):
    return [words[i + 1] for i, word in enumerate(words[:-1]) if word == option]


def suite_faults(words, tree):
    """Suites are listed in a variable, for the lines not to be too long."""
    for suite in set(re.findall(r"(?<!\$)\b\w+", words[0].removeprefix("suites="))) - tree.suites:
        yield f"there is no suite {suite}"


def command_faults(words, tree):
    if words[0].startswith("suites="):
        yield from suite_faults(words, tree)
        return
    tool = words[0].replace("\\", "/")
    if tool not in TOOLS and not tool.startswith(OUTPUTS):
        yield f"{words[0]} is no tool that the machine has"
    for preset in set(named_after(words, "--preset")) - tree.presets:
        yield f"there is no preset {preset}"
    for target in set(named_after(words, "--target")) - tree.targets:
        yield f"there is no target {target}"
    for word in words[1:]:
        option = re.match(r"-D(PORTSOCK_\w+)=", word)
        if option and option[1] not in tree.options:
            yield f"there is no option {option[1]}"
        is_path = "/" in word and word[0] not in "-^/$" and not word.startswith(OUTPUTS)
        if is_path and not pathlib.Path(word).exists():
            yield f"there is no {word}"


def script_faults(script, tree):
    text = EXPRESSION.sub("EXPRESSION", script).replace("\\\n", " ")
    is_windows = text.startswith("portsock-windows-check-")
    for line in text.splitlines():
        words = shlex.split(line.replace("\\", "/") if is_windows else line, comments=True)
        if words:
            yield from command_faults(words, tree)


# ---- jobs ----------------------------------------------------------------------------------------


def step_faults(step, tree):
    if ("uses" in step) == ("run" in step):
        yield "a step either uses an action or runs a command"
    if not PINNED.fullmatch(step.get("uses", "a/b@" + "0" * 40)):
        yield f"{step['uses']} is not pinned to a commit"
    with_ = step.get("with", {})
    for script in (step.get("run"), with_.get("run"), with_.get("prepare")):
        yield from script_faults(script or "", tree)


def job_faults(job, tree):
    if not job.get("runs-on"):
        yield "it does not say where it runs"
    if not isinstance(job.get("timeout-minutes"), int):
        yield "it has no timeout-minutes"
    if "permissions" in job:
        yield "it has permissions of its own"
    if not job.get("steps"):
        yield "it has no steps"
    for step in job.get("steps", []):
        yield from step_faults(step, tree)


def faults(text, tree):
    try:
        workflow = yaml.safe_load(text)
    except yaml.YAMLError as error:
        yield str(error)
        return
    if workflow.get("permissions") != {"contents": "read"}:
        yield "its permissions are not those to read alone"
    if re.search(r"\bsecrets\b", text):
        yield "it uses secrets"
    for line in re.findall(r"^.*\buses: .*$", text, re.M):
        if not re.search(r" # v\d+\.\d+\.\d+$", line):
            yield f"no version behind the commit: {line.strip()}"
    jobs = workflow.get("jobs") or {}
    if not jobs:
        yield "it has no jobs"
    for name, job in jobs.items():
        needs = job.get("needs", [])
        for other in [needs] if isinstance(needs, str) else needs:
            if other not in jobs:
                yield f"{name}: it needs {other}, which does not exist"
        for fault in job_faults(job, tree):
            yield f"{name}: {fault}"


def main():
    tree = Tree()
    for path in sys.argv[1:]:
        for fault in faults(pathlib.Path(path).read_text(encoding="utf-8"), tree):
            print(f"{path}: {fault}")


if __name__ == "__main__":
    main()
