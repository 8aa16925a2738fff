"""The embedded cloud: an AWS emulator on this machine, with what it lacks added."""
