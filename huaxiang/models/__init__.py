"""Model files: what they are (cards), where they lie (cache), how they get there (resolve), and the encoders."""
