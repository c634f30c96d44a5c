"""What to offer a customer, with the reason and the customer's own records behind it."""

from huaxiang.recommend.model import Recommendation, Recommender, fit, load, open_recommender

__all__ = ["Recommendation", "Recommender", "fit", "load", "open_recommender"]
