"""The window's log: written to a file for each start, shown by *Help › Log…*, and copied for a bug report."""
