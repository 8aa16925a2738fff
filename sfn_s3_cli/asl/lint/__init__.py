"""Offline checks of a definition."""
