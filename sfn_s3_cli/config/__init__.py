"""The config file: read, interpolated, checked."""
