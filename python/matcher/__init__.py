"""Runs the program matcher from Python, and reads what it writes.

    import matcher
    report = matcher.eval(model="colour-layout", dataset="demo")
    print(report["metrics"]["top1"]["value"])

Every function runs the program in a process of its own. Flags are keyword arguments: `--hold-out 20%` is
`hold_out="20%"`, `--no-cache` is `no_cache=True`.
"""
from matcher.export import export_module, export_open_clip, export_timm
from matcher.program import MatcherError, compare, eval, find_program, query, run
from matcher.vectors import read_items, read_vectors

__all__ = ["MatcherError", "compare", "eval", "export_module", "export_open_clip", "export_timm", "find_program", "query",
           "read_items", "read_vectors", "run"]
