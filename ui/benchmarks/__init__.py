"""Benchmarks as the window shows them: exporting, scores and the gallery. They see plain values only."""
