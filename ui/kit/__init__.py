"""Building blocks of the window: they know Qt and the declarations of `models`, never one register in particular."""
