"""Executions: what starts, what ends, and which object caused it."""
