"""What is said on social media: invented, harmless, and about nobody."""

FORCE = "DemoForcePolice"
ASKED = (
    "@{force} who do I tell about a car parked across the pavement?",
    "@{force} is the front counter open on Sunday \N{THINKING FACE}",
    "@{force} lost my keys near the station, anything handed in?\n\nBlue ribbon on them",
    "Loud music again &amp; it is past midnight @{force}",
    "@{force} how do I chase a report, I have the reference",
    "@{force} road closed by the bridge, which way round?",
    "@{force} thank you to the two officers at the fair today \N{CLAPPING HANDS SIGN}",
    "@{force} do you deal with fly-tipping, or is it the council?",
)
ANSWERED = (
    "@{to} Thanks for letting us know. Please report it here: https://example.org/report ^AB",
    "@{to} That is one for the council, and their page says how: https://example.org/council ^CD",
    "@{to} Sorry to hear that. Please send us a direct message, so that we can look into it. ^EF",
    "@{to} Opening hours are on our website. &gt; https://example.org/counters ^GH",
)
SECOND_PART = "@{to} If it is happening now, call 101; in an emergency always 999. 2/2 ^AB"
ADDED = (
    "@{force} done, thanks",
    "@{force} I did that last week and heard nothing",
    "@{force} ok.\nWhere do I find the reference?",
    "@{force} brilliant, cheers \N{THUMBS UP SIGN}",
)
ANNOUNCED = (
    "Did you know that you can report online, day and night? https://example.org/report",
    "Clocks, bikes, phones: mark it, register it, keep the number somewhere safe.",
    "The front counter is closed on the bank holiday. Online reporting is open as always.",
)


def phrase(phrases: tuple[str, ...], number: int) -> str:
    """One of some phrases."""
    return phrases[number % len(phrases)]
