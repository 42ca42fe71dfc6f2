"""The list of models: what is here, what can be fetched, and what is on its way."""
