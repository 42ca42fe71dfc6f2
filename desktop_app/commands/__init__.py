"""One module per command of ``boxpaint``."""
