"""The index engine: pure functions on data frames, without Django, database, clock or global random state."""
