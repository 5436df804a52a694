"""The stages of a request, in their order. `cloud.py` tells the story."""
