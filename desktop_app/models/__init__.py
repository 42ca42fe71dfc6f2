"""The model manager in the window."""
