"""English: the words of the border post (``pratique scan``).

Keys below ``desk.text.`` are guidance that an authority can replace with a file of its own
(``cli.post.texts``); the others are fixed. ``{…}`` are filled in by the program.
"""

from collections.abc import Mapping

DESK_WORDS: Mapping[str, str] = {
    # The outcome, as large as the screen allows: short, and of letters that can be drawn large.
    "desk.big.meets_rules": "IN ORDER",
    "desk.big.authentic": "AUTHENTIC",
    "desk.big.does_not_meet_rules": "RULE NOT MET",
    "desk.big.not_authentic": "NOT AUTHENTIC",
    "desk.big.refer": "REFER",
    # What it means, and where the traveller goes.
    "desk.say.meets_rules": "Document in order for this journey.",
    "desk.say.authentic": "Document is genuine. No entry rules were asked for.",
    "desk.say.does_not_meet_rules": "Genuine, but does not meet what is asked. Send to port "
    "health.",
    "desk.say.not_authentic": "The seal does not belong to this document. Send to port health "
    "with the document.",
    "desk.say.refer": "This desk cannot tell. Try again, or send to port health.",
    # What the officer may say to the traveller; shown in the traveller's language.
    "desk.tell.meets_rules": "Thank you. Your document is in order.",
    "desk.tell.authentic": "Thank you. Your document is genuine.",
    "desk.tell.does_not_meet_rules": "Your document is genuine. Something is still missing. My "
    "colleagues of port health will help you.",
    "desk.tell.not_authentic": "We cannot confirm your document here. Please show it to my "
    "colleagues of port health.",
    "desk.tell.refer": "This machine cannot read your document. It is not your fault. My "
    "colleagues will look at it.",
    # While nobody is served.
    "desk.ready": "Ready. Scan the code.",
    "desk.reading": "Reading …",
    "desk.parts": "{have} of {of} codes of this certificate. Scan the next one.",
    "desk.by_hand": "That was typed by hand and is no certificate. Scan the code.",
    "desk.again": "The same traveller again: this scan does not count anew.",
    "desk.specimen": "DRILL — SPECIMEN KEYS — NOT FOR TRAVELLERS",
    "desk.test_keys": "TEST KEYS — NOT FOR TRAVELLERS",
    "desk.at": "Judged for {instant}, not for now.",
    "desk.store_new": "A new trust list is in use.",
    "desk.store_lost": "The trust store was taken away or damaged. This desk goes on with the "
    "one that it had; tell support.",
    "desk.device_lost": "The scanner is not there. Plug it in; the desk goes on by itself.",
    "desk.crashed": "INT-000. This scan could not be finished. Scan again; if it stays so, use "
    "the paper procedure and tell support the code.",
    "desk.tally_failed": "The tally cannot be written (disk full?). Verification goes on.",
    "desk.incomplete": "The card before was not complete. Scan all of its codes after this.",
    "desk.undone": "This keyboard is set for: {layout}. It was undone. Set scanner and computer "
    "to the same keyboard.",
    "desk.layout": "It looks like this keyboard: {layout}. Set the scanner's country to it, or "
    "use the scanner's serial mode.",
    "desk.again_ends": "Press {digit} once more to end the shift.",
    "desk.passport_ask": "Scan or type the lines at the bottom of the passport. Escape goes back.",
    "desk.passport_heard": "{count} characters",
    # The keys.
    "desk.key.no_certificate": "none shown",
    "desk.key.waiver": "waiver",
    "desk.key.protection": "protection",
    "desk.key.ill": "ill",
    "desk.key.again": "again",
    "desk.key.slip": "slip",
    "desk.key.passport": "passport",
    "desk.key.help": "help",
    "desk.key.end": "end",
    "desk.key.any": "any other key: clear",
    # Guidance; an authority may replace each.
    "desk.text.station": "",
    "desk.text.no_certificate": "NO CERTIFICATE SHOWN. A missing certificate says nothing about "
    "the person. Paper counts as much as a code: ask for the yellow booklet. Otherwise send to "
    "port health, who decide. Nothing here is a ground to turn anybody back.",
    "desk.text.waiver": "PAPER WAIVER. A doctor's statement in writing, in English or French, "
    "that a vaccination is not advisable. This desk does not judge it. Send to port health with "
    "the paper; they decide.",
    "desk.text.protection": "PROTECTION FIRST. Whoever fears to go back, asks for asylum, may be "
    "trafficked, or is a child alone: call the protection officer now. No set words are needed to "
    "ask. Access to the territory and to the asylum procedure does not depend on a certificate. "
    "Health measures come afterwards, by port health. Nothing was recorded.",
    "desk.text.ill": "ILL TRAVELLER. Stop checking papers. Keep a distance, offer a mask and a "
    "seat. Call port health: {number}. Care comes first, whatever a certificate says.",
    "desk.text.ill_number": "the number on your duty card",
    "desk.text.slip_title": "Please see port health",
    "desk.text.slip_hand": "Hand this to port health. It holds no name.",
    "desk.text.slip_reason": "Reason",
    "desk.text.slip_station": "Station",
    "desk.text.slip_none": "no certificate was checked",
    "desk.text.help": "SCAN A CODE and wait for the word. COMPARE name and birth date with the "
    "passport. The sign ✔: go on. Any other sign: do what the arrow says; it always ends at a "
    "person. CANNOT READ: clean and flatten the code, make the phone brighter, try twice, then "
    "paper procedure. FAMILY: each document with its own passport; a guardian's name is not the "
    "child's. NOTHING HAPPENS: click into this window; check the scanner's cable. Power or "
    "computer lost: the paper card.",
    # The start of a shift.
    "desk.start.title": "START OF SHIFT",
    "desk.start.go": "Scan a code, or press a key, to begin.",
    "desk.start.clock_good": "Clock: {day}, and no list is from later.",
    "desk.start.clock_bad": "Clock: {day}, but a list is from {floor}. Set the clock; until then "
    "every document is referred.",
    "desk.start.clock_at": "Clock: not asked, because of --at.",
    "desk.start.rules": "Entry rules {name}: signed.",
    "desk.start.rules_too_old": "Entry rules {name}: of {day}, too old to rely on.",
    "desk.start.list": "List {name}: of {day}, {age}, {keys} keys.",
    "desk.start.list_stale": "List {name}: of {day}, {age}, {keys} keys. STALE: a newer one is "
    "due.",
    "desk.start.list_too_old": "List {name}: of {day}, {age}, {keys} keys. TOO OLD: its documents "
    "are referred.",
    "desk.start.list_unvouched": "List {name}: nobody vouches for it; its documents are referred.",
    "desk.start.days": "{count} days old",
    "desk.start.day": "1 day old",
    "desk.start.today": "from today",
    "desk.start.store_good": "Trust store: whole.",
    "desk.start.store_bad": "Trust store: damaged. Get a new one from the office.",
    "desk.start.no_lists": "Trust store: no list in it.",
    "desk.start.language": "Language: {officer}; for travellers: {traveller}.",
    "desk.start.terminal": "Terminal: {columns} columns, {rows} rows, keys unseen.",
    "desk.start.terminal_small": "Terminal: {columns} columns, {rows} rows. Small: 40 by 16 or "
    "more is better.",
    "desk.start.no_keys": "No keyboard: scans come through a pipe, and the desk keys do not work.",
    "desk.start.device": "Scanner: {device}.",
    "desk.start.device_lost": "Scanner: {device} is not there. Plug it in.",
    "desk.start.counted": "Tally: on. It counts outcomes, never people.",
    "desk.start.uncounted": "Tally: off.",
    "desk.start.drill": "DRILL: this store holds specimen keys. Real documents are referred.",
}
