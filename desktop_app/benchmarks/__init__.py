"""What the window does with benchmarks: it runs the commands in processes of their own and shows what they leave."""
