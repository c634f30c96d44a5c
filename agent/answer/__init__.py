"""From a question understood to sentences checked: gathering, choosing, leaving out, saying no."""
