"""What people write when they want no more messages, or something else: collected by hand, not from the code."""

from __future__ import annotations

from smskit.models.keywords import Keyword

MEANT = {
    Keyword.STOP: [
        # with signs, as keyboards and people add them
        "stop.", "Stop!", "STOP!!!", "STOP...", "Stop\u2026", "stop,", "Stop?", "STOP?!", "stop;", ": stop", "- stop",
        "stop -", "(stop)", "[STOP]", "<STOP>", "*STOP*", "_stop_", "~stop~", "#STOP", "/stop", "=STOP=", "STOP+",
        "stop^^", "stop :)",
        # as the instruction said it: "reply 'STOP'"
        "'STOP'", '"STOP"', "\u201cSTOP\u201d", "\u2018stop\u2019", "\u00abSTOP\u00bb", "\u201eSTOP\u201c", "`stop`",
        "\u00b4stop\u00b4", "'stop.'", '"Stop".', "\u02bcstop\u02bc",
        # with feeling
        "STOP \U0001f6d1", "\U0001f6d1STOP\U0001f6d1", "stop \U0001f64f\U0001f3fe", "Stop \u270b\ufe0f",
        "stop \u2764\ufe0f", "STOP \U0001f1f0\U0001f1ea", "stop \U0001f937\U0001f3fd\u200d\u2640\ufe0f", "stop \ufffd",
        "stop \ud83d", "STOP \ue022", "stop \U0001faff", "stop *\ufe0f\u20e3",
        # in other scripts' forms
        "\uff33\uff34\uff2f\uff30\uff01", "\u300cSTOP\u300d", "STOP\u3002", "\u00a1STOP!", "STOP\u061f", "STOP\u0964",
        # several times
        "STOP STOP", "stop stop stop!", "STOP! STOP!", "Stop, stop.", "stop\nstop", "stop ... stop", "Acha, acha!",
        "opt-out opt-out",
        # the other words
        "Unsubscribe.", "cancel!", "End.", "QUIT.", "Arret!", "Opt-out.", "OPT\u2011OUT", "opt\u00adout", "'Opt-Out'",
        "Acha!", "ACHA.", "Sitisha.", "\u201csitisha\u201d", "Ondoa!!",
    ],
    Keyword.START: [
        "Start.", "START!", "\u201cSTART\u201d", "unstop.",
    ],
    Keyword.YES: [
        "Yes!", "yes.", "YES \U0001f44d",
    ],
    Keyword.HELP: [
        "help?", "HELP!", "Info.", "info??",
    ],
}  # fmt: skip
NOT_MEANT = [
    "", " ", "...", "?", "\U0001f6d1", "\U0001f44d\U0001f3fe", "\u200b", "don't stop", "Don\u2019t stop!",
    "DON'T STOP", "dont stop", "'don't stop'", "STOP it", "Stop it!", "stop this", "stop now", "please stop",
    "STOP please.", "STOP me", "nonstop", "non-stop", "stop-over", "stopp", "stops", "st\u00f6p", "sto p", "S T O P",
    "S.T.O.P.", "s-t-o-p", "stop.it", "stop!it", "stop/start", "stop.stop", "STOP start", "stop cancel", "OPT OUT",
    "opt.out", "opt--out", "STOP 1", "1. STOP", "stop2", "STOP 1\ufe0f\u20e3", "stop xx", "stop :D", "Re: STOP",
    "please \u200bSTOP", "STOP\u200bSTOP", "st\u200bop by", "ST\u200b OP", "STOP\x00it", "STOP" + " " * 20 + "me",
    "stop\n\nSent from my phone", "the bus stop", "bus-stop", "\u24c8", "acha hiyo", "usiache", "sitisha sasa hivi",
    "ondoa namba yangu", "ach\u00e1", "START now", "start start", "yes sir", "yes yes", "Yes, stop", "helpme",
    "help help", "help me!", "no help", "1", "stop!? why", "end of month", "The End",
]  # fmt: skip
# White space, what nobody sees, signs of many scripts, and emoji; each stands around words in the tests.
AROUND = [
    *" \t\r\n\x0b\x0c\x1f\x85\u00a0\u1680\u2000\u2007\u2009\u200a\u2028\u2029\u202f\u205f\u3000",
    *"\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2066",
    *"\u2067\u2068\u2069\u206f\u3164\ufe00\ufe0e\ufe0f\ufeff\uffa0\ufff9\x00\x1a\x7f\U000e0001\U000e0020\U000e0100",
    *".,;:!?-_'\"()[]{}<>/\\|@#$%&*+=~^`\u00a1\u00bf\u00a7\u00b6\u00b7\u00b4\u00a8\u00ab\u00bb\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e",
    *"\u2022\u2026\u2039\u203a\u2032\u2033\u3001\u3002\u300a\u300c\u300d\uff01\uff0c\uff0e\uff1f\u060c\u061f\u06d4\u0964\u02bb\u02bc",
    *"\u20ac\u00a9\u00ae\u00b0\u2190\u2713\u2715\u2605\u2639\u263a\u2800\U0001f6d1\U0001f3fe\U0001f1f0\ue000\ufffd\uffff\ud83d\U0001fbff",
    "\u270b\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f44e\U0001f3ff", "#\ufe0f\u20e3", "!\u0301",
]  # fmt: skip
