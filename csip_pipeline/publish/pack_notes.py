"""The notes of a pack: what a reader must know of a heading, in a sentence or two each."""

from csip_pipeline.publish.workbook import Note

NOTES = (
    Note(
        "contact",
        "A contact is one call, one online form, one web chat or one conversation on social media. "
        "A call that is passed on is still one contact.",
    ),
    Note(
        "offered", "Offered is everybody who reached a queue: those answered and those who gave up."
    ),
    Note(
        "service_level",
        "Service level = answered within the standard, out of everybody offered. Somebody who "
        "gives up before the standard has passed therefore counts against it.",
    ),
    Note(
        "variants",
        "With A answered, Aw of them in time, B who gave up, Bw of them before the standard had "
        "passed, Bs of them within the short time allowed for wrong numbers, and Q = A + B: "
        "Aw / Q; Aw / A; (Aw + Bw) / Q; Aw / (Q - Bw); Aw / (Q - Bs).",
    ),
    Note(
        "interval",
        "At least and At most bound the share with 95 % confidence (Wilson): chance alone could "
        "have put it anywhere between them. It takes callers to be independent, so it is a guide.",
    ),
    Note(
        "boundary",
        "Under 10 seconds leaves out a wait of exactly 10; within 10 minutes counts one of exactly "
        "10. Each standard says which it is. Blank where two standards applied in the month.",
    ),
    Note("median", "Half waited less than the median, and half longer."),
    Note(
        "abandoned",
        "Gave up counts callers who hung up in a queue, and those whom the system cut off after "
        "its longest wait, out of everybody offered.",
    ),
    Note(
        "excluded",
        "Not judged: the caller gave up before the standard had passed or chose a callback, nobody "
        "wrote again, or the supplier does not say how long they waited or when it was due.",
    ),
    Note(
        "digital_share",
        "Digital share = web forms, web chats and social media, out of all contact.",
    ),
    Note(
        "people",
        "One person is told once for each kind of promise in a panel cycle, however often it was "
        "missed. Breaches of standards that promise no explanation have nobody to tell.",
    ),
    Note(
        "held",
        "Held: a call could put them at risk, or too little is recorded to know. A named "
        "reviewer decides.",
    ),
    Note(
        "explanation",
        "One person is owed one explanation for each kind of promise missed in a panel cycle, "
        "counted in its first month. Those withdrawn before anybody was told are owed no longer.",
    ),
    Note(
        "attempts",
        "Tried: called, and not reached. Unsafe: whoever called judged that going on could do "
        "harm. Not contactable: the number does not lead to them. Waiting: to be called, or being "
        "called. Ran out: it was too late to call.",
    ),
    Note(
        "late",
        "Late: not explained by the end of the day promised. In time: the share of those whose "
        "day is past. Nobody is judged before their day, not even whoever was told early.",
    ),
    Note("withheld", "The caller withheld their number, or the channel names no contact point."),
    Note(
        "intake",
        "Each row received meets exactly one end. Duplicate: delivered again unchanged. "
        "Superseded: corrected by a later delivery. Unusable: broke a promise, and is kept apart "
        "for the supplier. Out of scope: not contact from the public, or of no panel cycle.",
    ),
    Note(
        "arrivals",
        "Late: the first extract that brought a row for the month was made after the day it was "
        "due. Refused: too much of it was unusable, or a file could not be read; figures then rest "
        "on the files used before, if there were any.",
    ),
    Note(
        "missing_hours",
        "What is usual is the mean of the same hours on the month's other days, weekdays with "
        "weekdays and weekends with weekends. A stretch is listed where chance alone would leave "
        "it empty less often than once in 100,000 times.",
    ),
    Note(
        "median_interval",
        "Of a median too, At least and At most say how far chance alone could have moved it, with "
        "95 % confidence. There is none for fewer than 6 callers.",
    ),
    Note(
        "kaplan_meier",
        "Median of all offered: by then half would have been answered, had nobody given up. Those "
        "who did count for as long as they held on, so it does not improve when people give up.",
    ),
    Note(
        "hidden_wait",
        "Hidden: what a caller waits beyond the first queue, after being passed on. A switch does "
        "not count it in its own reports.",
    ),
    Note(
        "lost",
        "Lost: not heard of again by any channel within 24 hours of giving up. Whoever withheld "
        "their number, or rang from a telephone that many share, cannot be followed.",
    ),
    Note(
        "net",
        "Called back: at their own wish within 24 hours of giving up, or to be told why the "
        "promise to answer was missed, before the third month after. Nobody counts as both.",
    ),
    Note(
        "provisional",
        "Provisional: what happened after the end of the month is not in yet, so the figure may "
        "still change.",
    ),
    Note(
        "change",
        "A change is clear where its 95 % interval (Newcombe) does not span nought; else chance "
        "alone may have made it. A point is one in a hundred.",
    ),
    Note(
        "takeup",
        "Take-up = completed online, out of all completed: forms received, and answered calls "
        "about what the same service does. Calls whose reason nobody recorded are not counted.",
    ),
    Note(
        "completion",
        "Finished out of started, as the website counts them.",
    ),
    Note(
        "leaked",
        "Came off: the person telephoned within 72 hours of trying online. Whoever left no "
        "telephone number cannot be followed, and is taken not to have telephoned.",
    ),
    Note(
        "savings",
        "Net shift times what a telephone contact costs more than one online, at the lowest and "
        "the highest published costs. At least also takes off those who cannot be followed, as "
        "far as chance allows. It is staff time for other calls: no budget falls by it.",
    ),
    Note(
        "avoidable",
        "Avoidable by better information, by another agency or by the Force itself; nobody who "
        "rang is to blame. Reasons are those that staff recorded.",
    ),
    Note(
        "repeat",
        "A repeat: the same person was in touch on any channel in the days before. Withheld "
        "numbers, and telephones that many people share, are not judged.",
    ),
    Note(
        "limits",
        "Chance alone keeps a month between the limits (XmR, as in NHS Making Data Count). Outside "
        "them, or in a run that chance makes unlikely, ask what happened; inside, do not.",
    ),
    Note(
        "markers",
        "In a chart with limits a diamond is an improvement, a triangle a concern, a square a "
        "change for neither better nor worse, and a circle common cause: a month's usual ups and "
        "downs. Its table says the same in words.",
    ),
    Note(
        "effects",
        "Levels are means of up to 12 whole months on either side; the change is bounded with 95 % "
        "confidence, allowing for months that resemble their neighbours. An event with fewer than "
        "6 months on a side is not listed.",
    ),
    Note(
        "bridge",
        "The same contacts, judged by the old standard and by the new. Due to the rule: what the "
        "figure changes though nothing else does. Real change: what changes under either rule.",
    ),
    Note(
        "cause",
        "Late data: more came in for the month. Correction: a supplier replaced or withdrew what "
        "had come in. Rule: a standard or another definition is a different one now.",
    ),
    Note(
        "staffing",
        "Agents on the telephone at once for which the model answers the target share in time. "
        "Calls are taken to come at random and evenly within the hour.",
    ),
    Note(
        "lot",
        "By the chair's dice, after the hash of all calls was published: nobody could choose a "
        "call, and anybody can check.",
    ),
    Note(
        "withdrawn",
        "A call that could not be heard. The next reserve, drawn with the others, took its place.",
    ),
    Note(
        "targeted",
        "Calls that somebody chose, because of a complaint for example. They are heard apart and "
        "speak for no others.",
    ),
    Note(
        "panel",
        "Of the calls to which the question applies. A call that two panellists heard counts once, "
        "with the answer of one of them by lot.",
    ),
    Note(
        "agreement",
        "Gwet's AC1: 1 where two panellists always give the same answer, 0 where they do so as "
        "often as chance would have it. N/A is an answer too.",
    ),
    Note(
        "corrected",
        "Calls by how staff coded them (as avoidable, as a police matter, not at all), each times "
        "the share that the panel found to be no matter for the police among those it heard.",
    ),
)
