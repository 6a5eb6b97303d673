"""The vocabulary of the made-up lines."""

from train.course import Recipe

WORDS = {
    "river": "नदी", "bridge": "पुल", "minister": "मंत्री", "vote": "मत", "rain": "बारिश", "school": "विद्यालय",
    "king": "राजा", "road": "सड़क", "moon": "चंद्रमा", "water": "पानी", "farmer": "किसान", "bank": "बैंक",
}  # fmt: skip
RECIPE = Recipe(size=400, whole=60, dimension=32, batch=32, steps=60, rate=0.03)
