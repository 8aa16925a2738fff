"""The engine: desired, observed, their difference as a plan, and the plan applied."""
