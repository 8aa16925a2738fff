"""Executions: reads them from AWS, and watches for new ones and for changes."""
