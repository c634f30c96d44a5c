"""Candidate statements: code turns tool results into short sentences in the question's language, each with evidence."""
