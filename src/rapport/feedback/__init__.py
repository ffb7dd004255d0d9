"""How customers feel about it, asked at the right moment and counted honestly."""
