"""The faces of the program: the window (the only place that knows Qt) and the command line."""
