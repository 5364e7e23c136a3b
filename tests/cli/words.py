#!/usr/bin/env python3
"""Checks the words of comments, messages, pages and help texts (CONTRIBUTING.md, "How to write").

usage: words.py ROOT [--matcher BINARY]

--matcher BINARY  also check `BINARY --help` and the help of each subcommand

Prints FILE:LINE: "WORDS": NEXT STEP, and ends with 1 if there is any.
"""
import argparse
import pathlib
import re
import subprocess
import sys

FORBIDDEN = [
    (r"is told|are told", "prints, reports, contains"),
    (r"(?<!there )is no", "is not a"),
    (r"is not there", "does not exist, is missing"),
    (r"mends?", "fix, repair"),
    (r"goes forth", "again"),
    (r"without a word", "silently"),
    (r"so many", "this many, at least N"),
    (r"that cannot be", "invalid"),
    (r"has still", "remaining, still"),
    (r"pictures?", "image; in guides photo"),
]
# American spelling and frequent typing errors.
SPELLING = [
    (r"(?:color|behavior|favor|neighbor)\w*", "-our"),
    (r"(?:normal|optim|organ|quant|initial|serial|synchron|summar|minim|maxim|recogn|tokenis?|general|real)iz(?:e|es|ed|ing|er|ers|ation)",
     "-ise"),
    (r"analyz\w+", "-yse"),
    (r"centered|centers?(?=[ .,])", "centre"),
    (r"catalogs?", "catalogue"),
    (r"canceled|labeled|modeled|labeling|modeling", "-ll-"),
    (r"occured|seperate\w*|recieve\w*|neccessary|wich|teh|existant|independant", "the dictionary"),
]
# A comment, or an explanation in a help text, that starts with one of these hides its subject.
START = [(r"(?-i:(?:(?<=//)|(?<=///<)|(?<=#)|(?<=  )) ?(?:Of|Those of|What|Where|Whether)|(?<=///<) (?:of|what|where))",
          "start with a verb, or name the subject")]
# Titles and names that other people chose, and the text of exported networks: its bytes are part of fingerprints.
EXCEPTIONS = {("docs/reference/metrics.md", "maximized"), ("lib/matcher/model/bundle/builtin.cpp", "color")} | {
    (f"lib/matcher/model/{file}", word) for word in ("picture", "pictures")
    for file in ("bundle/builtin.cpp",)}
COMMENT = {".hpp": "//", ".cpp": "//", ".cu": "//", ".in": "//", ".html": "//", ".txt": "#", ".cmake": "#", ".py": "#", "": "#"}


def check(place, text, words):
    return [f'{place}: "{match[0]}": write plain English: {better}'
            for pattern, better in words for match in re.finditer(rf"(?<!\w)(?:{pattern})\b", text, re.IGNORECASE)]


def check_file(root, path):
    """Searches forbidden words in whole lines, and spelling in pages and comments outside `code`."""
    name, problems, code = path.relative_to(root).as_posix(), [], False
    for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        prose = re.sub(r"`[^`]*`", "", "".join(re.findall(rf"(?:^|\s){COMMENT.get(path.suffix)}.*", text)))
        if path.suffix == ".md":
            code = code != text.lstrip().startswith("```")
            text = text if code else re.sub(r"`[^`]*`", "", text)
            prose = "" if code else text
        words = SPELLING if path.suffix == ".md" else SPELLING + START
        problems += check(f"{name}:{number}", text, FORBIDDEN) + check(f"{name}:{number}", prose, words)
    return [p for p in problems if not any(p.startswith(f"{file}:") and f'"{word}"' in p for file, word in EXCEPTIONS)]


def files_of(root):
    yield from (path for top in ("lib", "apps", "benchmarks", "cmake", "scripts") for path in sorted((root / top).rglob("*"))
                if path.is_file() and path.suffix in COMMENT)
    yield from sorted((root / "docs").rglob("*.md"))
    yield from sorted(root.glob("*.md"))


def check_help(binary):
    def help_of(*words):
        return subprocess.run([binary, *words, "--help"], capture_output=True, text=True, check=True).stdout

    general = help_of()
    names = re.findall(r"(?m)^  ([a-z]+) ", re.split(r"[Ss]ubcommands:", general)[1].split("\n\n")[0])
    problems = []
    for words, text in [((), general), *(((name,), help_of(name)) for name in names)]:
        for number, line in enumerate(text.splitlines(), 1):
            problems += check(f"{' '.join(['matcher', *words, '--help'])}:{number}", line, FORBIDDEN + SPELLING + START)
    return problems


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--matcher", metavar="BINARY")
    options = parser.parse_args()
    problems = [problem for path in files_of(options.root) for problem in check_file(options.root, path)]
    if options.matcher:
        problems += check_help(options.matcher)
    print("\n".join(problems) or "words: no problems")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
