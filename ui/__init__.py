"""Widgets that show a model and emit intentions; none starts work itself."""
