"""Pictures of a pipeline and its state machine."""
