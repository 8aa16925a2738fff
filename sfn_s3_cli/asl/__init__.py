"""The Amazon States Language."""
