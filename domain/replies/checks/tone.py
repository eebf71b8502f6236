"""Check the tone of a reply: blame, sarcasm and insults."""

import re

from domain.replies.checks.reply import Reply, normalize

_BLAME = re.compile(
    r"\b(?:your own (?:fault|mistake|doing)|(?:it's|it is|that's|that is|this is|was) your (?:fault|mistake|error|problem)|user error"
    r"|you (?:really |clearly )?should(?:n't| not)? have (?:checked|read|called|told|asked|known|waited|paid|looked|contacted|followed|noticed|thought|tried|come|done|kept|posted|bought|ordered)"
    r"|if you had (?:only |actually |just )?(?:read|checked|followed|paid attention|looked|asked|listened)"
    r"|you (?:clearly|obviously) (?:did|didn't|don't|have|haven't|can't|cannot)|you didn't (?:bother|even|read|follow|pay attention)"
    r"|you failed to|you neglected to|as (?:we|i) (?:have )?(?:already|repeatedly) (?:told|said|explained)|you are to blame"
    r"|es (?:tu|su) (?:propia )?culpa|culpa (?:tuya|suya)|(?:deberías|debería|tendrías que|tendría que) haber (?:leído|mirado|llamado|comprobado|avisado|esperado|preguntado|sabido)"
    r"|no (?:has|ha) leído|como ya (?:te|le) (?:hemos dicho|dijimos|explicamos)|error (?:tuyo|suyo)"
    r"|(?:de )?votre (?:propre )?faute|(?:vous auriez|tu aurais|il aurait) (?:dû|fallu) (?:lire|vérifier|appeler|regarder|attendre|demander|prévenir|savoir|faire|suivre)"
    r"|vous n'avez pas (?:lu|suivi|fait attention)|vous avez mal lu|il fallait (?:lire|vérifier|appeler)|comme nous vous l'avons déjà (?:dit|expliqué)"
    r"|(?:deine|ihre|eure) (?:eigene )?schuld|selbst schuld|(?:lesen|prüfen|nachsehen|anrufen|aufpassen|wissen|fragen|beachten|warten|kontrollieren) (?:müssen|sollen)"
    r"|(?:du hast|sie haben) (?:\w+ ){0,3}(?:nicht gelesen|falsch gemacht|versäumt|nicht beachtet)|bedienfehler"
    r"|wie (?:wir )?(?:dir |ihnen )?(?:bereits|schon) (?:mehrfach )?(?:gesagt|erklärt|mitgeteilt)"
    r"|culpa (?:é )?sua|deveria ter (?:lido|verificado|ligado|avisado|esperado|perguntado|sabido)|(?:você )?não leu|como já (?:dissemos|explicamos|falamos)|erro seu"
    r"|colpa (?:sua|tua|vostra)|(?:avrebbe|avresti) dovuto (?:leggere|controllare|chiamare|avvisare|aspettare|chiedere|sapere)|non ha letto|come (?:le |ti )?abbiamo già (?:detto|spiegato)"
    r"|eigen schuld|(?:je|u) had (?:\w+ ){0,4}moeten (?:lezen|kijken|bellen|controleren|weten|vragen|wachten)|zoals (?:we )?al (?:eerder )?(?:gezegd|uitgelegd)"
    r"|sizin (?:hatanız|suçunuz)|(?:okumalıydınız|bilmeliydiniz|kontrol etmeliydiniz))\b"
    r"|お客様の(?:ミス|責任|過失|せい|落ち度)|自己責任|خطؤك|الخطأ منك|أنت السبب",
    re.IGNORECASE,
)
_NO_BLAME_BEFORE = re.compile(
    r"\b(?:not|isn't|wasn't|never|nicht|keine?(?:swegs)?|no (?:es|fue)|no|n'est pas|n'était pas|pas|não|nao|non|niet)\s(?:\w+\s){0,4}$",
    re.IGNORECASE,
)
_NO_BLAME_AFTER = re.compile(r"^(?:では|じゃ)", re.IGNORECASE)
_SARCASM = re.compile(
    r"\b(?:good luck with that|whatever you say|boo[- ]?hoo|cry me a river|chill out|get over it"
    r"|news ?flash|poor (?:you|thing|baby)|nice try|thanks for (?:nothing|yelling|shouting)|your (?:majesty|highness)|what a tragedy|oh,? boo"
    r"|how (?:terribly )?(?:tragic|awful) for you|did you even|have you tried (?:reading|thinking)|bless your heart|well,? duh|no kidding"
    r"|cálm(?:ate|ese)|tranquilit[oa]|qué pena me da|menuda novedad|pobrecit[oa]|buena suerte con eso|vaya drama|qué drama"
    r"|calmez[- ]vous|calme[- ]toi|pauvre (?:petite?|chou)|bonne chance avec ça|on se calme|quel drame"
    r"|beruhig(?:e|en sie)? (?:dich|sich)|ach,? wirklich|na dann viel (?:glück|spaß)|du armer?|heul doch|komm(?:en sie)? mal runter|was für ein drama"
    r"|calma aí|acalme-se|se acalma|coitadinh[oa]|boa sorte com isso|que drama"
    r"|si calmi|calmati|poverin[oa]|buona fortuna con|che dramma"
    r"|doe (?:eens )?normaal|succes ermee|rustig aan|wat een drama|arme jij"
    r"|sakin ol(?:un)?|zavallı)\b|🙄|🤡|🥱|ｗｗ|\(笑\)|اهدأ",
    re.IGNORECASE,
)
#: Tells the customer how to feel or to speak. "Once things calm down" and "you can relax" do not.
_CONDESCENSION = re.compile(
    r"(?:\b(?:please|just|you (?:really )?(?:need|have) to|you should|you must|(?:would|could|can) you(?: please)?|kindly|let's all|try to|i need you to) |(?:^|[.!?,;:…\-–—] ?)(?:\w+, |ok(?:ay)? |hey )?)(?:calm|settle|cool|simmer) down\b|\b(?:calm|settle|cool|simmer) down[,.!]? (?:please|and)\b"
    r"|\b(?:(?:please|just|you (?:need|have) to|you should) (?:relax|chill|take it easy)|relax[,.!]? (?:please|mate|dude|man)|take a (?:deep )?breath"
    r"|(?:no|without) (?:need|reason) (?:to|for) (?:shout|yell|swear|scream|be rude|get (?:angry|upset|mad|worked up)|overreact|use (?:caps|that language))\w*"
    r"|stop (?:shouting|yelling|whining|complaining|swearing|ranting|moaning|overreacting|being (?:rude|so|dramatic))|don't (?:be (?:so )?(?:rude|dramatic|silly|ridiculous)|overreact|shout|yell)"
    r"|(?:watch|mind) your (?:tone|language|mouth|manners|words)|you(?:'re| are) (?:over-?reacting|exaggerating)|(?:it's|it is) (?:really )?not (?:that (?:hard|difficult|complicated)|rocket science)"
    r"|as (?:you should|anyone would|everyone) knows?"
    r"|cálm(?:ate|ese|aos|ense)|cálmese|relája(?:te|se)|relájese|(?:no hace falta|no es necesario|deja de|deje de) (?:gritar|insultar)|no (?:grites|grite|exageres|exagere)"
    r"|(?:cuida|cuide|modera|modere) (?:tu|su) (?:lenguaje|tono)|estás exagerando|está exagerando|respir[ae] hondo"
    r"|calmez-vous|calmez vous|calme-toi|du calme|(?:détendez|relaxez)-vous|détends-toi|(?:inutile|pas besoin) de (?:crier|hurler|s'énerver|vous énerver|insulter)|ne (?:criez|crie|vous énervez|t'énerve) pas"
    r"|surveillez (?:votre|vos) \w+|restez (?:poli|correct)e?s?|vous exagérez|tu exagères|n'exagérez pas"
    r"|immer mit der ruhe|ruhig blut|reg(?:en sie)? (?:dich|sich) (?:mal |bitte |doch )?(?:ab|nicht (?:so )?auf)|entspann(?:en sie)? (?:dich|sich)|komm(?:en sie)? (?:mal )?runter"
    r"|kein grund,? (?:zu schreien|laut zu werden|sich aufzuregen|dich aufzuregen)|schrei(?:en sie)? (?:\w+ )?nicht|(?:achte|achten sie) (?:\w+ )?auf (?:deinen|ihren) ton|(?:über)treib(?:en sie)? (?:\w+ )?nicht"
    r"|mäßigen sie sich|(?:bleib|bleiben sie)(?: \w+)? sachlich"
    r"|acalme-se|fi(?:ca|que) calm[oa]|relax[ae]|não (?:precisa|é preciso) gritar|par[ae] de (?:gritar|reclamar)|não exager[ae]|modere (?:o|seu|a) \w+|olha o tom|tenha calma"
    r"|st(?:ia|ai) calm[oa]|rilassati|si rilassi|(?:non c'è bisogno|non serve) di urlare|non (?:urli|urlare|esageri|esagerare)|moderi (?:i|il) \w+"
    r"|kalmeer|rustig maar|ontspan(?: je)?|niet zo schreeuwen|schreeuw niet|overdrijf niet|let op (?:uw|je) (?:toon|woorden)"
    r"|sakinleş\w*|abartma(?:yın)?|bağırma(?:yın)?)\b"
    r"|落ち着いて(?:下さい|ください|くれ)|冷静になって|大げさで|اهدئي|اهدؤوا|لا تصرخ|لا تبالغ|هدّ?ئ من روعك",
    re.IGNORECASE | re.MULTILINE,
)

#: Which no company calls a customer, nor itself; "stupid" alone may be our own mistake.
_INSULT = re.compile(
    r"\b(?:idiots?|morons?|imbeciles?|losers?|liars?|assholes?|arseholes?|bastards?|bitch(?:es)?|dumbass(?:es)?|fuck|shut up|screw you"
    r"|(?:we|i) hate you|go to hell|you(?:'re| are) (?:(?:so|just|really|an?|being) ){0,2}(?:stupid|dumb|pathetic|fools?|ridiculous|crazy)"
    r"|idiotas?|imbécil(?:es)?|gilipollas|(?:eres|es usted) (?:un[ao]? )?(?:tont[oa]|estúpid[oa]|mentiros[oa])"
    r"|idiot(?:e|es|en|i)|imbéciles?|connards?|crétins?|(?:tu es|vous êtes) (?:stupide|ridicule|un menteur|une menteuse)"
    r"|arschl(?:och|öcher)|trottel|blödm(?:ann|änner)|dummkopf|dummköpfe|vollidiot(?:en)?|(?:du bist|sie sind) (?:\w+ )?(?:dumm|blöd|ein lügner)"
    r"|otári[oa]s?|imbecil|(?:você é|vocês são) (?:\w+ )?(?:burr[oa]s?|mentiros[oa]s?)|imbecill[ei]|cretin[oi]|(?:sei|lei è) (?:\w+ )?(?:stupid[oa]|bugiard[oa])"
    r"|idioot|idioten|sukkels?|leugenaars?|aptal(?:sın\w*)?|salak(?:sın\w*)?|gerizekalı)\b"
    r"|馬鹿|バカ(?!ンス|ラ)|アホ|うそつき|嘘つき|غبي|أحمق|كاذب",
    re.IGNORECASE,
)


def is_insulting(reply: Reply) -> bool:
    """Return whether the text calls somebody names."""
    return bool(_INSULT.search(normalize(reply.text)))


def blames_customer(reply: Reply) -> bool:
    """Return whether the text says that it is the customer's fault."""
    text = normalize(reply.text)
    return any(
        not _NO_BLAME_BEFORE.search(text[max(0, found.start() - 40) : found.start()])
        and not _NO_BLAME_AFTER.search(text[found.end() :])
        for found in _BLAME.finditer(text)
    )


def is_sarcastic(reply: Reply) -> bool:
    """Return whether the text mocks the customer, or tells them how to feel or to speak."""
    text = normalize(reply.text)
    return bool(_SARCASM.search(text) or _CONDESCENSION.search(text))
