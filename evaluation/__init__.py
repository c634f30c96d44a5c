"""Scripted suites of questions with exact checks. A suite is data; a scorer is a pure function with a version."""
