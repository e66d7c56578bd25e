"""What is said in a chat: invented, harmless, and about nobody."""

GREETING = "Hi there. Got a question? I'm here to help."
PLEASE_WAIT = "Thanks. Let me connect you with somebody in the contact centre."
QUESTIONS = (
    "I want to ask about something I found in the park",
    "Who deals with noise at night, you or the council?",
    "How do I get an update on my report?",
    'The form says "reference not found", what now?',
    "Is the front counter open today?",
    "Where do I report a road sign that fell over?",
)
AGENT_SAYS = (
    "Hello, thanks for waiting. I am reading what you wrote.",
    "That is one for the council; the page is called Noise, dogs and parking.",
    "You can do that with the form on our website, and it will give you a reference.",
    "Thank you. I have made a note and the team will be in touch.",
    "Is there anything else that I can help with?",
)
VISITOR_SAYS = (
    "ok thanks",
    "Right, I will try the form",
    "That is what I needed, thank you",
    "I did try that yesterday",
    "No, that is all",
)


def question(number: int) -> str:
    """What a visitor asks first."""
    return QUESTIONS[number % len(QUESTIONS)]


def said(number: int, *, by_agent: bool) -> str:
    """What an agent or a visitor says in the course of a chat."""
    words = AGENT_SAYS if by_agent else VISITOR_SAYS
    return words[number % len(words)]
