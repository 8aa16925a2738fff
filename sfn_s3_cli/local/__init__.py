"""The embedded cloud: an AWS emulator on this machine, completed and repaired for sfnctl."""
