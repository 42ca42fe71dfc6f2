"""What the window does with runs: asking for them, branching, the queue, the library, export and comparison."""
