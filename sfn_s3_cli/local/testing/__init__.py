"""The embedded cloud's interpreter for workflow tests: a process that runs one case after another.

`interpreter.py` is the process. The other modules change what the emulator does in it.
"""
