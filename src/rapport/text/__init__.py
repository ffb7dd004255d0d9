"""Language, emotion and intent as a pure library. Filled by the issues that need it."""
