#!/usr/bin/env python3
"""Prints each link and each file name in the Markdown files that leads nowhere.

usage: paths.py, in the root of the sources
"""
import pathlib
import re

TOP = "(?:bench|cmake|docs|examples|include|src|tests|tools)"
LINK = re.compile(r"\]\(([^)\s]+)\)")
# A path from the root anywhere in the text; "*" stands for names.
PATH = re.compile(rf"(?<![\w./$-]){TOP}/[\w./*-]*[\w/*]")
# A file name between backquotes: the end of the path of a file.
NAME = re.compile(r"`([\w./-]+\.(?:c|h|sh|py|md|def|cmake))`")
# What examples in the text are called.
INVENTED = {"src/capture/protocol/sctp.c", "src/common/example.c"}


def anchors(document):
    """The anchors of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ +(.*)$", document.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-")
            for heading in headings}


def is_broken(document, link):
    if re.match(r"[a-z]+:", link):
        return False
    path, _, anchor = link.partition("#")
    target = document.parent / path if path else document
    return not target.exists() or bool(anchor and anchor not in anchors(target))


def faults(document, files):
    text = document.read_text(encoding="utf-8")
    for link in LINK.findall(text):
        if is_broken(document, link):
            yield link
    for path in PATH.findall(text):
        if path not in INVENTED and not any(pathlib.Path().glob(path)):
            yield path
    for name in NAME.findall(text):
        made = name.startswith("build/") or name in INVENTED
        if not made and not any(file.endswith("/" + name) for file in files):
            yield name


def main():
    files = ["/" + str(path) for path in pathlib.Path().iterdir() if path.is_file()]
    for directory in pathlib.Path().iterdir():  # not what other tests build and remove meanwhile
        if directory.is_dir() and directory.name not in (".git", "build"):
            files += ["/" + str(path) for path in directory.rglob("*") if path.is_file()]
    for file in sorted(files):
        if file.endswith(".md"):
            for fault in sorted(set(faults(pathlib.Path(file[1:]), files))):
                print(f"{file[1:]}: {fault}")


if __name__ == "__main__":
    main()
