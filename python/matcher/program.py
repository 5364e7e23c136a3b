"""Runs the program and returns its JSON."""
from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Union

Flag = Union[str, int, float, bool, Path, list, tuple, None]

_log = logging.getLogger("matcher")
# Commands that print a line, not JSON.
_WITHOUT_JSON = {"completion", "embed", "export", "import", "index", "manual"}
_KINDS = {2: "usage", 3: "input", 4: "mismatch", 5: "resource"}
_GATES = (6, 7)  # a gate failed, or cannot decide: the result says so


class MatcherError(RuntimeError):
    """The program ended with an error.

    `code` is the exit code: 1 unexpected, 2 usage, 3 input, 4 mismatch, 5 resource. `kind` is its name, `error` the JSON
    of the program (schema matcher.error/1), or an empty dict if it printed none.
    """

    def __init__(self, code: int, error: dict[str, Any], message: str):
        super().__init__(message)
        self.code, self.error, self.kind = code, error, _KINDS.get(code, "unexpected")


def find_program() -> str:
    """Returns the path of the program: $MATCHER, that of this package, or the first `matcher` in $PATH.

    Raises FileNotFoundError if there is none.
    """
    own = Path(__file__).parent / "native" / "bin" / "matcher"
    named = os.environ.get("MATCHER")
    found = shutil.which(named) if named else str(own) if own.exists() else shutil.which("matcher")
    if not found:
        raise FileNotFoundError(f'the program "{named or "matcher"}" is missing. Install it, or set $MATCHER to its path')
    return found


def run(command: str, *arguments: Union[str, Path], progress: bool = False, **flags: Flag) -> dict[str, Any]:
    """Runs `matcher COMMAND ARGUMENTS FLAGS` and returns its JSON.

    A command that prints no JSON, such as embed, returns {"text": what it printed}. A flag with a list is repeated;
    True is a flag without a value; None and False leave it out. `progress` shows messages and progress on stderr;
    otherwise messages go to the logger "matcher". A gate that failed is no exception: its verdict is in the result.
    Raises MatcherError.
    """
    words = [find_program(), *_global_flags(flags), command, *map(str, arguments), *_flag_words(flags)]
    has_json = command not in _WITHOUT_JSON
    if has_json:
        words += ["--format", "json"]
    with tempfile.TemporaryFile() as out:
        code, messages = _wait(words, out, progress)
        out.seek(0)
        text = out.read().decode("utf-8", "replace")
    error = _take_error(messages)
    for message in messages:
        _log.info("%s", message)
    result = _parse(text) if has_json else {"text": text.strip()}
    has_result = has_json and bool(result)  # of query, also if some photos could not be read
    if not has_result and (error or (code != 0 and code not in _GATES)):
        text = "\n".join(message.removeprefix("matcher: error: ") for message in messages)
        raise MatcherError(code, error, error.get("message") or text or f"matcher ended with {code}")
    return result


def eval(*, model: str | None = None, dataset: Union[str, Path, None] = None, progress: bool = False,
         **flags: Flag) -> dict[str, Any]:
    """Measures how often a model finds the correct product: `matcher eval`, schema matcher.report/1."""
    return run("eval", progress=progress, model=model, dataset=dataset, **flags)


def compare(*runs: Union[str, Path], models: Union[list[str], str, None] = None,
            dataset: Union[str, Path, None] = None, progress: bool = False, **flags: Flag) -> dict[str, Any]:
    """Compares models on a dataset, or stored runs, query by query: `matcher compare`, schema matcher.comparison/1."""
    return run("compare", *runs, progress=progress, models=models, dataset=dataset, **flags)


def query(*images: Union[str, Path], index: Union[str, Path], progress: bool = False, **flags: Flag) -> dict[str, Any]:
    """Finds the products on photos, or by `text="red apple"`: `matcher query`, schema matcher.answers/1.

    A photo that cannot be read has an `error` in the result.
    """
    return run("query", *images, progress=progress, index=index, **flags)


def _global_flags(flags: dict[str, Flag]) -> list[str]:
    return _flag_words({name: flags.pop(name) for name in ("config", "workdir", "log_level", "quiet") if name in flags})


def _flag_words(flags: dict[str, Flag]) -> list[str]:
    words: list[str] = []
    for name, value in flags.items():
        flag = "--" + name.replace("_", "-")
        if value is True:
            words.append(flag)
        elif value is not None and value is not False:
            for one in value if isinstance(value, (list, tuple)) else [value]:
                words += [flag, str(one)]
    return words


def _wait(words: list[str], out: Any, progress: bool) -> tuple[int, list[str]]:
    """Returns the exit code and the lines of stderr. An interrupt stops the program after its batch."""
    messages: list[str] = []
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE) as process:
        try:
            for line in process.stderr:
                messages.append(line.decode("utf-8", "replace").rstrip("\n"))
                if progress:
                    print(messages[-1], file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise
    if process.returncode == -signal.SIGINT:
        raise KeyboardInterrupt
    return process.returncode, messages


def _parse(text: str) -> dict[str, Any]:
    try:
        return json.loads(text)
    except ValueError:
        return {}


def _take_error(messages: list[str]) -> dict[str, Any]:
    """Removes the error, which is the last line, from the messages, and returns it."""
    error = _parse(messages[-1]) if messages and messages[-1].startswith("{") else {}
    if error.get("schema", "").startswith("matcher.error/"):
        messages.pop()
        return error
    return {}
