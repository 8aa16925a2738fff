"""The kinds of resources that make up a pipeline: one module each, and the table in kinds.py."""
