"""Customer profiles that anyone can check: every field names the sentence or record it stands on."""

__version__ = "0.1.0"
