"""Excel and csv in and out of every register, by the shared field declarations alone. Knows no screen and no topic."""
