"""Steps of the schema, frozen one by one; each imports nothing of the program."""
