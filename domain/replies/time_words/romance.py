"""Define the Spanish, French, Portuguese and Italian words of times."""

from domain.replies.time_words.vocabulary import Named, Part, TimeWords, Unit

ES = TimeWords(
    joins="y|luego",
    commits=(
        r"\b(?!estaremos|abriremos)\w+(?:remos|ré|rán?|rás)\b|\b(?:vamos|va|vas) a\b|\b(?:te|le|lo|os) (?:contestamos|respondemos|llamamos|escribimos)\b"
        r"|\b(?:llegan?|sale|recibes?|reciben|lo (?:tienes|tiene|tenéis)|(?:te|le|os) (?:llama|llaman|escriben|enviamos|mandamos))\b"
    ),
    unless=(
        r"\b(?:si|cuando|en cuanto|una vez|siempre que|hasta que|salvo|a menos que|no|nunca|podr\w+|puede\w*|deber\w+|debes?|tendr(?:á|ás|éis) que|necesitar\w+|hará falta|normalmente|suele\w*|quizás?|tal vez|intentar\w*|esperamos|será posible|estar(?:á|án|emos) (?:cerrad|abiert)\w+)\b"
    ),
    within=r"(?:en(?: un plazo de| un máximo de| menos de)?|dentro de|antes de) (?:las |los )?(?:próxim[ao]s )?\b",
    numbers={"un[ao]?": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5},
    units={
        Unit.MINUTE: "minutos?",
        Unit.HOUR: "horas?|h",
        Unit.WORKING_DAY: "días? (?:hábiles|hábil|laborables?)",
        Unit.DAY: "días?",
        Unit.WEEK: "semanas?",
        Unit.MONTH: "mes(?:es)?",
    },
    weekdays=("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    date=r"(?P<day>\d{1,2}) de (?P<month>{month})",
    by=r"(?:antes de(?:l)?|para el|a más tardar el|como tarde el|antes del? próximo)",
    on=r"(?:el(?: próximo)?|este)",
    until=r"(?:desde|hasta|del|pasado|cada)(?: el)?\b",
    names={
        Named.DAY_AFTER: "pasado mañana",
        Named.TODAY: "(?:antes de que acabe el día|(?:a lo largo del? )?(?:día de )?hoy(?: mismo)?|esta (?:mañana|tarde|noche))",
        Named.TOMORROW: "(?<!esta )(?<!la )mañana",
        Named.THIS_WEEK: "esta semana",
        Named.NEXT_WEEK: "la próxima semana|la semana que viene",
    },
    parts={Part.MORNING: "por la mañana|a primera hora|esta mañana", Part.NOON: "al? mediodía", Part.AFTERNOON: "(?:por|esta|de) (?:la )?tarde", Part.EVENING: "(?:por|esta|de) (?:la )?noche"},
    clock=r"las (?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?(?P<half>)(?! horas)",
)  # fmt: skip

FR = TimeWords(
    joins="et|puis",
    commits=(
        r"\b(?!serons|ouvrirons)\w+(?:rons|rez|ront)\b|\b(?:sera|seras|recevra|arrivera|reviendra|rappellera|répondra)\b|\b(?:allons|allez|va) \w+(?:er|ir|re)\b"
        r"|\b(?:arrive(?:nt)?|part|repart|recevez|reçois|rappelle|rappelons|répondons|l'(?:avez|aurez|auras)|contactera|tiendra|aurez|auras)\b"
    ),
    unless=(
        r"\b(?:si|s'il|quand|lorsque|dès que|une fois|tant que|sauf|sinon|pas|jamais|pourr\w+|peut|devr\w+|devez|faudra|normalement|généralement|habituellement|peut-être|essaie\w*|espér\w+|serons (?:fermés|ouverts)|sera (?:fermé|ouvert)e?)\b"
    ),
    within=r"(?:dans|sous|d'ici|en moins de|en|dans un délai de) (?:les |moins de )?\b",
    numbers={"une?": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5},
    units={
        Unit.MINUTE: "minutes?|min",
        Unit.HOUR: "heures?|h",
        Unit.WORKING_DAY: "jours? (?:ouvrés?|ouvrables?)",
        Unit.DAY: "jours?",
        Unit.WEEK: "semaines?",
        Unit.MONTH: "mois",
    },
    weekdays=("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    date=r"(?P<day>\d{1,2})(?:er)? (?P<month>{month})",
    by=r"(?:avant(?: le)?|d'ici(?: à| le| au)?|au plus tard(?: le)?|pour(?: le)?)",
    on=r"(?:le|ce|au)",
    bare_weekdays=True,
    until=r"(?:depuis|jusqu'(?:à|au)|après|dernier|du|dès)(?: le)?\b",
    names={
        Named.DAY_AFTER: "après-demain",
        Named.TODAY: "aujourd'hui|dans la journée|ce soir|cet après-midi|ce matin",
        Named.TOMORROW: "(?:d'ici |dès )?(?<!après-)demain",
        Named.THIS_WEEK: "(?:d'ici )?(?:la )?fin de (?:la )?semaine|cette semaine",
        Named.NEXT_WEEK: "la semaine prochaine",
    },
    parts={Part.MORNING: "matin", Part.NOON: "midi", Part.AFTERNOON: "après-midi", Part.EVENING: "soir"},
    clock=r"(?P<hour>\d{1,2}) ?(?:h|:|heures?)(?P<minute>\d\d)?(?P<half>)",
)  # fmt: skip

PT = TimeWords(
    joins="e|depois",
    commits=r"\b(?!estaremos|abriremos)\w+(?:remos|rá|rão)\b|\bvamos\b|\bvai\b|\b(?:chegam?|recebe|sai|ligamos|respondemos|enviamos)\b",
    unless=(
        r"\b(?:se|quando|assim que|caso|desde que|até que|salvo|não|nunca|poder\w+|pode|dever\w+|deve|precisar\w+|terá (?:que|de)|normalmente|geralmente|talvez|tentar\w*|esperamos|estar(?:á|emos) (?:fechad|abert)\w+)\b"
    ),
    within=r"(?:em(?: até| menos de)?|dentro de|no prazo de|até|nas próximas)",
    numbers={"uma?": 1, "dois|duas": 2, "três": 3, "quatro": 4, "cinco": 5},
    units={
        Unit.MINUTE: "minutos?",
        Unit.HOUR: "horas?|h",
        Unit.WORKING_DAY: "dias? (?:úteis|útil)",
        Unit.DAY: "dias?",
        Unit.WEEK: "semanas?",
        Unit.MONTH: "m[eê]s(?:es)?\\b",
    },
    weekdays=("segunda(?:[- ]feira)?", "terça(?:[- ]feira)?", "quarta(?:[- ]feira)?", "quinta(?:[- ]feira)?", "sexta(?:[- ]feira)?", "sábado", "domingo"),
    months=("janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
    date=r"(?P<day>\d{1,2}) de (?P<month>{month})",
    by=r"(?:até(?: à| a| o| ao| dia| o dia)?|antes d[eoa](?: dia)?)",
    on=r"(?:na(?: próxima)?|no(?: próximo| dia)?|nesta|neste|próxim[ao]|em|dia)",
    until=r"(?:desde|passad[ao]|da|de|cada)(?: a| o)?\b",
    names={
        Named.DAY_AFTER: "depois de amanhã",
        Named.TODAY: "(?:até |ainda )?hoje(?: mesmo)?|(?:até )?o (?:fim|final) do dia",
        Named.TOMORROW: "(?:até )?(?<!depois de )amanhã",
        Named.THIS_WEEK: "(?:até )?o (?:fim|final) da semana|n?esta semana",
        Named.NEXT_WEEK: "(?:na )?próxima semana|semana que vem",
    },
    parts={Part.MORNING: "(?:de|pela) manhã", Part.NOON: "(?:ao )?meio-dia", Part.AFTERNOON: "(?:à|de) tarde", Part.EVENING: "(?:à|de) noite"},
    clock=r"(?:às|as|à) (?P<hour>\d{1,2})(?: ?[:h](?P<minute>\d\d)?)?(?P<half>)(?! horas de)",
)  # fmt: skip

IT = TimeWords(
    joins="e|poi",
    commits=r"\b(?!saremo|apriremo)\w+(?:remo|rà|rai|ranno|rete)\b|\b(?:arrivano|arriva|ricevi|riceve|parte|chiamiamo|rispondiamo|inviamo)\b",
    unless=(
        r"\b(?:se|quando|appena|una volta|purché|finché|salvo|non|mai|potr\w+|può|puoi|dovr\w+|deve|devi|bisogner\w+|servirà|normalmente|di solito|generalmente|forse|cercheremo|proveremo|speriamo|saremo (?:chius|apert)\w+|sarà (?:chius|apert)\w+)\b"
    ),
    within=r"(?:entro(?: le prossime| i prossimi)?|tra|fra|in meno di|nel giro di|in|nelle prossime)",
    numbers={"un[ao']?": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5},
    units={
        Unit.MINUTE: "minut[oi]",
        Unit.HOUR: "or[ae]",
        Unit.WORKING_DAY: "giorn[oi] lavorativ[oi]",
        Unit.DAY: "giorn[oi]",
        Unit.WEEK: "settiman[ae]",
        Unit.MONTH: "mes[ei]",
    },
    weekdays=("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
    months=("gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"),
    by=r"(?:entro(?: il| la)?|prima d[ie]l?|al più tardi)",
    on=r"(?:il|la|questo|questa)",
    bare_weekdays=True,
    until=r"(?:dal|da|fino a|scors[oa]|ogni|del)(?: il)?\b",
    names={
        Named.DAY_AFTER: "(?:entro )?dopodomani",
        Named.TODAY: "(?:entro )?oggi|(?:entro )?stasera|entro (?:la )?(?:fine della )?giornata",
        Named.TOMORROW: "(?:entro )?domani",
        Named.THIS_WEEK: "(?:entro )?(?:la )?fine (?:della )?settimana|(?:entro )?questa settimana",
        Named.NEXT_WEEK: "la prossima settimana|la settimana prossima",
    },
    parts={Part.MORNING: "mattina|mattino", Part.NOON: "mezzogiorno", Part.AFTERNOON: "pomeriggio", Part.EVENING: "sera"},
    clock=r"(?:le|alle) (?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?P<half>)(?! ore)",
)  # fmt: skip
