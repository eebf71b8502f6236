"""Define the Spanish, French, Portuguese and Italian words of times."""

from domain.replies.time_words.vocabulary import Named, Part, TimeWords, Unit

ES = TimeWords(
    joins="y|luego",
    commits=(
        r"\b(?!estaremos|abriremos|cerraremos|terminará|acabará|finalizará|empezará|comenzará|caducará|vencerá|renovará)\w+(?:remos|ré|rán?|rás)\b|\b(?:vamos|va|vas) a\b|\b(?:te|le|lo|os|les) (?:contestamos|respondemos|llamamos|escribimos|decimos|damos|contesto|respondo|llamo|escribo|digo|doy|aviso|solucionamos|resolvemos|arreglamos|devolvemos|devuelvo|reembolsamos)\b"
        r"|\b(?:llegan?|sale|recibes?|reciben|lo (?:tienes|tiene|tenéis)|(?:te|le|os) (?:llama|llaman|escriben|enviamos|mandamos))\b"
    ),
    unless=(
        r"\b(?:si|cuando|en cuanto|una vez|siempre que|hasta que|salvo|a menos que|no|nunca|podr\w+|puede\w*|deber\w+|debes?|tendr(?:á|ás|éis) que|necesitar\w+|hará falta|normalmente|habitualmente|(?:por lo|en) general|suele\w*|quizás?|tal vez|intentar\w*|esperamos|será posible|cerr\w+|abri(?:mos|rá|rán)|atend\w+|estar(?:á|án|emos) (?:cerrad|abiert)\w+)\b"
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
    by=r"(?:antes de(?:l)?|para el|a más tardar(?: el)?|como tarde(?: el)?|antes del? próximo)",
    on=r"(?:el(?: próximo)?|este)",
    until=r"(?:desde|hasta|del|pasado(?! mañana)|cada)(?: el)?\b",
    names={
        Named.DAY_AFTER: "pasado mañana",
        Named.TODAY: "(?:antes de que acabe el día|(?:antes del|al|para el) (?:fin|final) del? día|antes del mediodía(?! de)|(?:a lo largo del? )?(?:día de )?hoy(?: mismo)?|esta (?:mañana|tarde|noche))",
        Named.TOMORROW: "(?<!esta )(?<!la )mañana",
        Named.THIS_WEEK: "(?:antes de que (?:acabe|termine) la|(?:antes del|para el|a) (?:fin|final|finales) de (?:la )?|esta) ?semana",
        Named.NEXT_WEEK: "la próxima semana|la semana que viene",
    },
    parts={Part.MORNING: "por la mañana|a primera hora|esta mañana", Part.NOON: "(?:al?|del) mediodía", Part.AFTERNOON: "(?:por|esta|de) (?:la )?tarde", Part.EVENING: "(?:por|esta|de) (?:la )?noche"},
    clock=r"las (?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?(?P<half>)(?! horas)",
)  # fmt: skip

FR = TimeWords(
    joins="et|puis",
    commits=(
        r"\b(?!serons|ouvrir|rouvrir|fermer|terminer|finira|expirer|commencer|débuter|durer|renouveller|vrai\b|opéra\b|caméra|extra\b)\w+(?:rons|rez|ront|rai|ra)\b|\b(?:sera|seras|recevra|arrivera|reviendra|rappellera|répondra)\b|\b(?:allons|allez|va) \w+(?:er|ir|re)\b"
        r"|\b(?:arrive(?:nt)?|(?<!notre )(?<!votre )(?<!nulle )part|repart|recevez|reçois|rappelle|rappelons|répondons|(?:nous|on|je) (?:(?:vous|te|en|le|la|les|l'|t')[ ]?){0,2}(?:revenons|reviens|écris|écrit|écrivons|envoie|envoyons|expédions|rappelle|appelle|donne|donnons|réponds|répond|remboursons|rembourse|(?:re)?contactons|(?:re)?contacte|confirmons|confirme|(?:tiens|tenons) (?:au courant|informée?s?))|l'(?:avez(?! [\w']+(?:é|ée|és|u|ue|is|it)\b)|aurez|auras)|contactera|tiendra|aurez|auras)\b"
    ),
    unless=(
        r"\b(?:si|s'il|quand|lorsque|dès que|une fois|tant que|sauf|sinon|pas|jamais|pourr\w+|peut|devr\w+|devez|faudra|normalement|généralement|en général|habituellement|d'habitude|peut-être|essaie\w*|espér\w+|sans (?:nouvelles?|réponse|retour)|ferm\w+|serons (?:fermés|ouverts)|sera (?:fermé|ouvert)e?)\b"
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
        Named.TODAY: "(?:d'ici|avant|en|pour) (?:la )?fin de (?:la )?journée|aujourd'hui|avant midi|dans la journée|ce soir|cet après-midi|ce matin",
        Named.TOMORROW: "(?:d'ici |dès )?(?<!après-)demain",
        Named.THIS_WEEK: "(?:d'ici )?(?:la )?fin de (?:la )?semaine|cette semaine",
        Named.NEXT_WEEK: "(?:la |en début de |début de )?semaine prochaine",
    },
    parts={Part.MORNING: "matin", Part.NOON: "midi", Part.AFTERNOON: "après-midi", Part.EVENING: "soir"},
    clock=r"(?P<hour>\d{1,2}) ?(?:h|:|heures?)(?P<minute>\d\d)?(?P<half>)",
)  # fmt: skip

PT = TimeWords(
    joins="e|depois(?! de)",
    commits=r"\b(?!estaremos|abriremos|fecharemos|terminará|acabará|encerrará|começará|expirará|vencerá)\w+(?:remos|rá|rão|rei)\b|\bvamos\b|\bvai\b(?! (?:terminar|acabar|encerrar|fechar|começar|expirar|vencer|renovar))|\b(?:chegam?|recebe|sai|ligamos|respondemos|enviamos|damos|dou|respondo|ligo|retorno|retornamos|(?:entramos|entro) em contac?to)\b",
    unless=(
        r"\b(?:se|quando|assim que|caso|desde que|até que|salvo|não|nunca|poder\w+|pode|dever\w+|deve|precisar\w+|terá (?:que|de)|normalmente|geralmente|em geral|costum\w+|talvez|tentar\w*|esperamos|fech\w+|atend\w+|estar(?:á|emos) (?:fechad|abert)\w+)\b"
    ),
    within=r"(?:em(?: até| menos de)?|dentro de|daqui a|no prazo de|até|nas próximas)",
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
    by=r"(?:até(?: à| a| o| ao| dia| o dia)?|no máximo(?: até)?|(?:o|ao) mais tardar|antes d[eoa](?: dia)?)",
    on=r"(?:na(?: próxima)?|no(?: próximo| dia)?|nesta|neste|próxim[ao]|em|dia)",
    until=r"(?:desde|passad[ao]|da|de|cada)(?: a| o)?\b",
    names={
        Named.DAY_AFTER: "depois de amanhã",
        Named.TODAY: "antes do meio-dia(?! de)|(?:até |ainda )?hoje(?: mesmo)?|(?:até )?a?o (?:fim|final) do dia",
        Named.TOMORROW: "(?:até )?(?<!depois de )amanhã",
        Named.THIS_WEEK: "(?:até )?o (?:fim|final) da semana|n?esta semana",
        Named.NEXT_WEEK: "(?:na )?próxima semana|semana que vem",
    },
    parts={Part.MORNING: "(?:de|pela) manhã", Part.NOON: "(?:ao )?meio-dia", Part.AFTERNOON: "(?:à|de) tarde", Part.EVENING: "(?:à|de) noite"},
    clock=r"(?:às|as|à) (?P<hour>\d{1,2})(?: ?[:h](?P<minute>\d\d)?)?(?P<half>)(?! horas de)",
)  # fmt: skip

IT = TimeWords(
    joins="e|poi",
    commits=r"\b(?!saremo|apriremo|chiuderemo|terminerà|finirà|scadrà|inizierà|rinnoverà)(?!però\b)\w+(?:remo|rà|rò|rai|ranno|rete)\b|\b(?:ti|la|le|vi) (?:richiamiamo|richiamo|ricontattiamo|ricontatto)\b|\b(?:ti|le|vi) (?:diciamo|dico|diamo|do|scriviamo|scrivo|chiamo|rispondo|facciamo sapere|faccio sapere|aggiorno|aggiorniamo|rimborsiamo|restituiamo|mandiamo|mando|inviamo|contattiamo|confermiamo)\b|\b(?:arrivano|arriva|ricevi|riceve|parte|chiamiamo|rispondiamo|inviamo)\b",
    unless=(
        r"\b(?:se|quando|appena|una volta|purché|finché|salvo|non|mai|potr\w+|può|puoi|dovr\w+|deve|devi|bisogner\w+|servirà|normalmente|di solito|generalmente|in genere|di norma|forse|cercheremo|proveremo|speriamo|chiud\w+|saremo (?:chius|apert)\w+|sarà (?:chius|apert)\w+)\b"
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
    until=r"(?:dal|da|fino(?: a(?:l|lle)?)?|scors[oa]|ogni|del)(?: il)?\b",
    names={
        Named.DAY_AFTER: "(?:entro )?dopodomani",
        Named.TODAY: "prima di mezzogiorno(?! di)|(?:entro )?oggi|(?:entro )?stasera|entro (?:la )?(?:fine (?:della )?)?giornata",
        Named.TOMORROW: "(?:entro )?domani",
        Named.THIS_WEEK: "(?:entro )?(?:la )?fine (?:della )?settimana|(?:entro )?questa settimana",
        Named.NEXT_WEEK: "la prossima settimana|la settimana prossima",
    },
    parts={Part.MORNING: "mattina|mattino", Part.NOON: "mezzogiorno", Part.AFTERNOON: "pomeriggio", Part.EVENING: "sera"},
    clock=r"(?:le|alle) (?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?P<half>)(?! ore)",
)  # fmt: skip
