"""The channels that contact comes by."""

CHANNELS = ["telephone", "web_form", "web_chat", "social", "email"]
