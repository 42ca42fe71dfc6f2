"""The engine: layouts, formats, painting, scoring. Imports no Qt."""
