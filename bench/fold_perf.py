"""
Stacks of `perf script -F comm,tid,pid,ip,sym,dso`, read from standard input, in the form that plot_flame.py draws: one line each, from the thread's name
to where it was, and how often. Frames without a name are left out, as those of compiled Java.
"""
import re
import sys
from collections import Counter

THREAD = re.compile(r"(\S.*?)\s+\d+")
FRAME = re.compile(r"\s+[0-9a-f]+ (.+?)(?:\+0x[0-9a-f]+)? \((.*)\)$")


def name_of(line):
    frame = FRAME.match(line)
    if not frame or frame[1] == "[unknown]":
        return None
    return frame[1] + ("_[k]" if "kernel" in frame[2] else "")


def stacks(lines):
    for sample in "".join(lines).split("\n\n"):
        thread, *frames = sample.strip("\n").split("\n")
        named = [name for name in map(name_of, frames) if name]
        if named:
            yield ";".join([f"[{THREAD.match(thread)[1]}]", *reversed(named)])


for stack, times in Counter(stacks(sys.stdin)).items():
    print(stack, times)
