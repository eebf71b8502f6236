"""Define the German and Dutch words of times."""

from domain.replies.time_words.vocabulary import Named, Part, TimeWords, Unit

DE = TimeWords(
    joins="und|dann",
    commits=(
        r"\b(?:wird|werden|melden uns|bekommst|bekommen sie|bekommt ihr|ihr bekommt|erhältst|erhalten sie|erhaltet ihr|ihr erhaltet|kommt|sie (?:erhalten|bekommen)|erstatten|schicken (?:dir|ihnen|euch)|rufen(?! sie\b)|antworten(?! sie\b)"
        r"|beheben|(?:geld|betrag|erstattung|gutschrift|paket|sendung|ersatz) (?:ist|erfolgt)(?![^.!?]{0,80}\b(?:angekommen|zugestellt|eingegangen|gegangen|raus|verschickt|versandt|überwiesen|worden)\b)|(?:ist|kommt) (?:der|die|ein|eine|unser\w*) (?:techniker\w*|monteur\w*|kollege|kollegin)|wir rufen|(?:gebe|schreibe|rufe|schicke|sage) ich (?:dir|dich|ihnen|sie|euch)|melde ich mich|(?:geben|schreiben|schicken|sagen) wir (?:dir|ihnen|euch)|(?:und |(?<!\S ))(?:geben|schreiben) (?:dir|ihnen|euch)|ich (?:rufe|schreibe|melde mich|gebe|schicke|sage|kümmere mich|schaue)|wir (?:geben|schreiben|klären|prüfen|schauen|kümmern uns|haben (?:das|es) (?=bis|spätestens))|(?:gebe|geben|gibt) (?:dir|ihnen|euch)(?=[^.!?,]{0,80} bescheid)|(?:schreibe|schreibt) (?:dir|ihnen|euch)|melde mich|meldet sich|hörst du|hören sie|weißt du|wissen sie|ist(?= (?:bis|spätestens)[^.!?,]{0,80} (?:behoben|gelöst|erledigt|fertig|repariert|da)\b)|sagen (?:dir|ihnen|euch)|du hast(?=[^.!?,]{0,80} (?:antwort|rückmeldung|bescheid|lösung)\b)(?![^.!?,]{0,80} (?:bekommen|erhalten)\b)|hast du(?! am)|haben sie(?! am)|habt ihr(?! am)|kommen(?! sie\b)|trifft|geht|liefern|ruft(?! uns\b))\b"
    ),
    unless=(
        r"\b(?:wenn|falls|sofern|sobald|solange|sonst|ob|nicht|kein\w*|nie|könn\w*|kann|sollten?|müss\w*|muss|dürf\w*|darf|möchte\w*|normalerweise|in der regel|meistens?|üblicherweise|vielleicht|wahrscheinlich|voraussichtlich|versuchen|hoffen|würde\w*|wurde\w*|schließ(?:en|t)|öffnen|geöffnet|geschlossen)\b"
    ),
    within=r"(?:innerhalb(?: von| der nächsten)?|binnen|in(?: den nächsten)?|spätestens in|in spätestens)",
    numbers={"ein(?:er|em|es)?\\b": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5},
    units={
        Unit.MINUTE: "minuten?|min",
        Unit.HOUR: "stunden?|std|h",
        Unit.WORKING_DAY: "(?:werk|arbeits)tage?n?s?\\b",
        Unit.DAY: "tage?n?s?\\b",
        Unit.WEEK: "wochen?",
        Unit.MONTH: "monate?n?s?\\b",
    },
    weekdays=tuple(f"(?:{day})(?:früh|vormittag|mittag|nachmittag|abend|)" for day in ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag|sonnabend", "sonntag")),
    months=("januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november", "dezember"),
    date=r"(?:zum )?(?P<day>\d{1,2})\.? ?(?P<month>{month}|(?:1[0-2]|0?[1-9])\.)",
    by=r"(?:bis(?: spätestens| zum| nächsten| kommenden| diesen)?|spätestens(?: am| bis)?)",
    on=r"(?:am(?: kommenden| nächsten)?|ab|nächsten|diesen|kommenden)",
    until=r"(?:seit|von|letzten|vergangenen|vorigen|jeden|vom)(?: dem)?\b",
    names={
        Named.DAY_AFTER: "(?:bis )?übermorgen",
        Named.TODAY: "bis heute abend|bis (?:zum )?(?:ende des (?:heutigen )?tages|tagesende|büroschluss)|(?:noch )?heute(?: noch)?\\b",
        Named.TOMORROW: r"(?:bis |spätestens )?(?<!guten )(?<!heute )(?<!diesen )\bmorgen\b(?! (?:ab|von|zwischen|geöffnet|geschlossen)\b)",
        Named.THIS_WEEK: "(?:bis )?(?:zum )?ende der woche|diese woche",
        Named.NEXT_WEEK: "(?:in der )?nächsten? woche|kommende woche",
    },
    parts={Part.MORNING: "früh|vormittag", Part.NOON: "mittag", Part.AFTERNOON: "nachmittag", Part.EVENING: "abend"},
    clock=r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?uhr(?P<half>)|(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)",
)  # fmt: skip

NL = TimeWords(
    joins="en|dan",
    commits=r"\b(?:zullen|zal|krijgt|krijg je|nemen|neemt|wordt|worden|hoort|hoor je|lossen|bellen|sturen|(?:je|u|jullie) (?:hebt|heeft|hebben)(?=[^.!?,]{0,80} (?:antwoord|reactie|bericht)\b)(?![^.!?,]{0,80} (?:gekregen|ontvangen)\b)|we (?:reageren|antwoorden|betalen|laten|herstellen|regelen|beloven)|antwoorden we|laten we|(?:en |(?<!\S ))(?:laten|mailen) (?:je|u|het)|ik (?:bel|laat|stuur|mail)|(?:laat|bel|stuur|mail) ik|(?:pakket|geld|bestelling|monteur|tegoedbon) (?:komt|staat|arriveert))\b",
    unless=(
        r"\b(?:als|wanneer|zodra|indien|tenzij|totdat|niet|geen|nooit|kun(?:t|nen)?|kan|moet\w*|mag|mogen|normaal|in de regel|gewoonlijk|meestal|doorgaans|misschien|proberen|hopen|zouden|niets|sluiten|openen|gesloten|geopend)\b"
    ),
    within=r"(?:binnen(?: de komende)?|over|in minder dan)",
    numbers={"een|één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5},
    units={
        Unit.MINUTE: "minuten|minuut",
        Unit.HOUR: "uur|uren",
        Unit.WORKING_DAY: "werkdag(?:en)?",
        Unit.DAY: "dag(?:en)?",
        Unit.WEEK: "we(?:ek|ken)",
        Unit.MONTH: "maand(?:en)?",
    },
    weekdays=("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    months=("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"),
    by=r"(?:voor|uiterlijk(?: op)?|vóór)(?: aanstaande)?\b",
    on=r"(?:op|aanstaande|komende)",
    bare_weekdays=True,
    until=r"(?:sinds|tot|vanaf|afgelopen|vorige|van|elke)(?: en met)?\b",
    names={
        Named.DAY_AFTER: "overmorgen",
        Named.TODAY: r"(?:voor|tegen) het einde van de dag|\bvandaag nog|nog vandaag|vandaag|vanavond|vanmiddag",
        Named.TOMORROW: r"(?:voor |uiterlijk )?(?<!goede )\bmorgen(?:ochtend|middag|avond)?\b",
        Named.THIS_WEEK: "(?:voor het )?einde? van (?:de|deze) week|deze week",
        Named.NEXT_WEEK: "volgende week",
    },
    parts={Part.MORNING: "ochtend|vroeg", Part.NOON: "tussen de middag", Part.AFTERNOON: "middag|vanmiddag", Part.EVENING: "avond|vanavond"},
    clock=r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? uur(?P<half>)|(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)",
)  # fmt: skip
