"""A benchmark's figures as files: one HTML page, CSV and LaTeX tables, COCO files."""
