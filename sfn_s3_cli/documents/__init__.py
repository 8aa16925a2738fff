"""YAML and JSON: files, with the line and column of every value, and the shape of values."""
