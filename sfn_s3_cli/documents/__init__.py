"""YAML and JSON files, read with the line and column of every value."""
