"""Two pictures beside each other."""
