"""`sfnctl test`: cases for a workflow, and the fixtures for pytest."""
