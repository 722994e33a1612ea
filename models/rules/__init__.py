"""Rules of the trade as pure functions; knows no database, no documents and no screen."""
