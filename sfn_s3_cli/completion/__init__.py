"""Completes the words of a command line for bash, zsh and fish."""
