"""Define the English words of times."""

from domain.replies.time_words.vocabulary import Named, Part, TimeWords, Unit

EN = TimeWords(
    joins="and|then",
    commits=(
        r"\b(?:(?:we'll|we will)(?! be (?:at|open|closed|live|here))|(?:we|i)(?:'re|'m| are| am) (?:going to|sending|shipping|calling|refunding|replacing)|we promise|we guarantee|you'll|you will|it'll|it will|i'll|i will|will be(?! (?:at|open|closed|live|here))"
        r"|(?:it|parcel|package|order|refund|money) (?:arrives|ships|lands)|should (?:be (?:fixed|back|there|with you|working|resolved|sorted)|arrive|reach you)"
        r"|(?:refund|money|credit|parcel|package|order|replacement|answer|reply|payment|delivery) will(?! (?:only |first )?(?:be cancell?ed|end|expire|close|open|start))|(?:team|colleagues?|someone|somebody|they|manager|specialist|engineer|technician|courier|driver|department)(?: (?:from|in|at|of) (?:\w+ )?\w+)? will|give (?:us|me)(?= until)|they'll|(?:and |then |(?<!\S ))will(?! (?:only |first )?(?:be (?:cancell?ed|charged|billed|at|open|closed|live|here)|end|expire|close|open|start)\b)|(?:you can )?expect (?:a|an|our|your) (?:\w+ )?(?:reply|answer|call|email|update|refund|response))\b"
    ),
    unless=(
        r"\b(?:if|whether|unless|once|when(?:ever)?|(?<!give us )(?<!give me )until|provided|in case|should|may|might|could|would|usually|normally|typically|generally|probably|hopefully|try|aim|hope|cannot|can't|won't|not|never|unable"
        r"|(?:you'll|you will) (?:need|have to|want|be able|be asked|be charged|pay)|be (?:closed|open|offline|off|away|busy|unavailable|available|on holiday)|see you|(?:we'll|we will) be back(?! (?:(?:to|with) you|in (?:touch|contact))\b)|(?:we're|we are) (?:open|closed|here))\b"
    ),
    within=r"(?:(?:with)?in(?: the next)?|within the(?= hour\b)|in (?:less|no more) than|(?:with)?in (?:up to|about|around)|(?:no|not) later than)",
    numbers={r"(?<=the next )(?=(?:hour|day|week|month)\b)|(?<=within the )(?=hour\b)": 1, "an?": 1, "one": 1, "a couple of|two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "ten": 10},
    units={
        Unit.MINUTE: r"minutes?|mins?",
        Unit.WORKING_HOUR: r"(?:business|working|office) hours?\b",
        Unit.HOUR: r"hours?|hrs?|h",
        Unit.WORKING_DAY: r"(?:business|working|work) ?days?\b",
        Unit.DAY: r"days?",
        Unit.WEEK: r"weeks?",
        Unit.MONTH: r"months?",
    },
    weekdays=("monday|mon", "tuesday|tues?", "wednesday|weds?", "thursday|thu(?:rs)?\\b", "friday|fri", "saturday", "sunday"),
    months=("january|jan", "february|feb", "march", "april|apr", "may", "june", "july", "august|aug", "september|sept?", "october|oct", "november|nov", "december|dec"),
    date=r"(?:the )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th|)(?: of | )(?P<month>{month})|(?P<month2>{month}) (?P<day2>\d{1,2})(?:st|nd|rd|th|))",
    by=r"(?:(?:by|before) (?:the )?(?:end|close) of (?:business|play|(?:the )?(?:business )?day)(?: on)?|(?:(?:by|before) )?(?:eod|cob)(?: on)?|(?:by|before) (?:the )?end of|by|before|no later than|not later than|latest(?: by)?|at the latest(?: by)?|(?<=give us )until|(?<=give me )until)(?: this| next| the)?\b",
    on=r"(?:on|this|next|this coming|the coming)",
    until=r"(?:since|(?<!give us )(?<!give me )until|till|from|last|past|of|for|every|through|between)",
    names={
        Named.TOMORROW: r"(?:(?:by |before )?(?:(?:the )?(?:end|close) of (?:business|play|(?:the )?day) )?)?tomorrow",
        Named.TODAY: r"(?:by|before) (?:noon|midday)(?! (?:on|tomorrow)\b)|(?:by |before )?(?:(?:the )?end of (?:the |this )?(?:business )?day|eod|cob|close of (?:business|play)|midnight)|(?:by )?(?:later )?today|(?:by )?tonight|this (?:morning|afternoon|evening)",
        Named.THIS_WEEK: r"(?:by |before )?(?:the )?end of (?:(?:the|this) )?week|(?:by|before) the weekend|(?:later )?this week",
        Named.NEXT_WEEK: r"(?:by )?(?:the )?end of next week|next week",
        Named.THIS_MONTH: r"(?:by )?(?:the )?end of (?:the|this) month",
    },
    parts={Part.MORNING: "morning", Part.NOON: "noon|midday|lunch(?:time)?\\b", Part.AFTERNOON: "afternoon", Part.EVENING: "evening|night|tonight"},
    clock=r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b|(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)",
)  # fmt: skip
