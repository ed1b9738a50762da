"""What gcov says of the frontend, judged: report.py BUILD-FOLDER EXPLANATIONS

A branch is one way out of a condition. It must have been taken by some test, or be explained. The objects of all programs
in the build folder count together: what one has not taken, another may have.

The one exclusion: gcov marks branches that only an exception would take ("throw"). C has none; they are left out.

EXPLANATIONS has entries of three lines or more, between empty lines; # begins a comment:
    FILE FUNCTION
    the line as it stands in the file, without the space around it
    N: why N of its branches cannot be taken     (or "at most N: ...", for what depends on chance)
A line is found by its text, not its number. An entry that no longer fits (no such line, another number of branches) fails.
"""
import collections
import json
import os
import re
import subprocess
import sys

# The frontend, and the families that every system has.
SOURCES = ("src/address_text.h", "src/common/", "src/family/inet", "src/family/unix")


def objects_of(build):
    """The notes that gcc made, one file for each object."""
    for folder, _, names in os.walk(build):
        for name in names:
            if name.endswith(".gcno"):
                yield os.path.abspath(os.path.join(folder, name))


def gcov(notes):
    """The records of many objects."""
    command = ["gcov", "--json-format", "--stdout", "--branch-probabilities", *notes]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


class Coverage:
    def __init__(self, root):
        self.root = root
        self.lines = {}  # (file, function, line, number of branches) -> times each branch was taken
        self.functions = collections.Counter()  # (file, function) -> calls

    def add(self, record):
        made = os.path.getmtime(re.sub(r"\.gc..$", ".gcno", record["data_file"]))
        for file in record["files"]:
            path = os.path.normpath(os.path.join(record["current_working_directory"], file["file"]))
            name = os.path.relpath(path, self.root)
            if not name.startswith(SOURCES):
                continue
            # The object of a suite that was not built this time may know other lines.
            if os.path.getmtime(path) > made:
                continue
            for function in file["functions"]:
                self.functions[name, function["name"]] += function["execution_count"]
            for line in file["lines"]:
                self.add_line(name, line)

    def add_line(self, name, line):
        counts = [branch["count"] for branch in line["branches"] if not branch["throw"]]
        if not counts:
            return
        key = (name, line.get("function_name", ""), line["line_number"], len(counts))
        before = self.lines.get(key, [0] * len(counts))
        self.lines[key] = [a + b for a, b in zip(before, counts)]


Entry = collections.namedtuple("Entry", "file function text least most where")


def read_explanations(path):
    entries = []
    blocks = re.split(r"\n\s*\n", re.sub(r"(?m)^#.*\n?", "", open(path, encoding="utf-8").read()))
    for block in filter(None, (block.strip() for block in blocks)):
        head, text, reason = (block.split("\n", 2) + ["", ""])[:3]
        match = re.match(r"\s*(at most )?(\d+): \S", reason)
        if len(head.split()) != 2 or not match:
            sys.exit(f"{path}: not an entry:\n{block}")
        most = int(match.group(2))
        entries.append(Entry(*head.split(), text.strip(), 0 if match.group(1) else most, most, head))
    return entries


def judge(coverage, entries):
    """Prints what is wrong; returns whether anything is."""
    wrong = False
    unused = {(e.file, e.function, e.text): e for e in entries}
    texts = {}
    for (name, function, number, _), counts in sorted(coverage.lines.items(), key=lambda item: (item[0][0], item[0][2])):
        if name not in texts:
            texts[name] = open(os.path.join(coverage.root, name), encoding="utf-8").read().split("\n")
        text = texts[name][number - 1].strip()
        missing = [i for i, count in enumerate(counts) if count == 0]
        entry = unused.get((name, function, text))
        if entry and entry.least <= len(missing) <= entry.most:
            del unused[name, function, text]
        elif missing:
            wrong = True
            print(f"{name}:{number}: {function}: {len(missing)} of {len(counts)} branches not taken "
                  f"({', '.join(str(i) for i in missing)}): {text}")
    for (name, function), calls in sorted(coverage.functions.items()):
        if calls == 0:
            wrong = True
            print(f"{name}: {function} is never called")
    for entry in unused.values():
        wrong = True
        print(f"explained, but not so: {entry.file} {entry.function}: {entry.text}")
    return wrong


def table(coverage, entries):
    total = collections.Counter()
    taken = collections.Counter()
    for (name, *_), counts in coverage.lines.items():
        total[name] += len(counts)
        taken[name] += sum(count > 0 for count in counts)
    explained = collections.Counter()
    for entry in entries:
        explained[entry.file] += entry.most
    print(f"{'branches':>10} {'taken':>7} {'explained':>10}")
    for name in sorted(total):
        print(f"{total[name]:>10} {taken[name]:>7} {explained[name]:>10}  {name}")
    percent = 100 * sum(taken.values()) / max(1, sum(total.values()))
    print(f"{sum(total.values()):>10} {sum(taken.values()):>7} {sum(explained.values()):>10}  {percent:.2f} % taken")


def main():
    build, explanations = sys.argv[1:]
    coverage = Coverage(os.getcwd())
    for record in gcov(list(objects_of(build))):
        coverage.add(record)
    if not coverage.lines:
        sys.exit("there is no coverage data")
    entries = read_explanations(explanations)
    table(coverage, entries)
    sys.exit(judge(coverage, entries))


main()
