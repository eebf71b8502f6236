"""Define the Polish, Turkish, Japanese and Arabic words of times."""

from domain.replies.time_words.vocabulary import Named, Part, TimeWords, Unit

PL = TimeWords(
    joins="i|oraz",
    commits=(
        r"\b(?:odpowiemy|odpiszemy|wyślemy|prześlemy|skontaktuj\w+ się|odezwiemy się|zwrócimy|naprawimy|rozwiążemy|zadzwonimy|oddzwonimy|przekażemy|damy? (?:(?:ci|wam|pani|panu|państwu) )?znać|napiszemy|napiszę|odpowiem|odpiszę|odezwę się|zadzwonię|oddzwonię|wyślę|wrócą|będą|dotrą|otrzyma\w*|dostanie\w*|będzie\w*|zostanie|dotrze)\b"
    ),
    unless=r"\b(?:jeśli|jeżeli|gdy|kiedy|dopóki|chyba|nie|nigdy|może\w*|można|musi\w*|trzeba|zwykle|zazwyczaj|z reguły|promocj\w+|ważn\w+|postaramy|spróbujemy|zamyka\w+|zamkn\w+|zamknięt\w+|otwiera\w+|otwart\w+)\b",
    within=r"(?:w ciągu(?: najbliższych)?|w przeciągu|za|do)",
    numbers={"(?<=za )(?=minutę|godzinę|tydzień|miesiąc)|(?<=ciągu )(?=godziny|tygodnia|miesiąca)": 1, "jednej|jeden": 1, "dwóch|dwa|dwie": 2, "trzech|trzy": 3},
    units={
        Unit.MINUTE: "minut[ęy]?",
        Unit.HOUR: "godzin[ęy]?|godz",
        Unit.WORKING_DAY: "dni robocz\\w+",
        Unit.DAY: "dnia|dni|dzień",
        Unit.WEEK: "tygodni\\w*|tydzień",
        Unit.MONTH: "miesiąc\\w*|miesięcy",
    },
    weekdays=("poniedział\\w+", "wtor\\w+", "środ\\w+", "czwart\\w+", "piąt\\w+", "sobot\\w+", "niedziel\\w+"),
    months=("stycznia", "lutego", "marca", "kwietnia", "maja", "czerwca", "lipca", "sierpnia", "września", "października", "listopada", "grudnia"),
    by=r"(?:najpóźniej )?(?:do|przed)",
    on=r"(?:we?|najbliższy)",
    until=r"(?:od|zeszły|ubiegły|każdy)",
    names={
        Named.DAY_AFTER: "pojutrze",
        Named.TODAY: "do końca dnia|(?:jeszcze )?dzisiaj|(?:jeszcze )?dziś",
        Named.TOMORROW: "(?:do )?\\bjutr(?:o|a)",
        Named.THIS_WEEK: "do końca tygodnia|w tym tygodniu",
        Named.NEXT_WEEK: "w przyszłym tygodniu",
    },
    parts={Part.MORNING: "rano|rana", Part.NOON: "południ[ae]", Part.AFTERNOON: "po południu", Part.EVENING: "wieczor\\w+"},
    clock=r"(?:godziny |godz\. ?|o )(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?P<half>)",
)  # fmt: skip

TR = TimeWords(
    joins="ve",
    commits=r"\b\w+[ae]ca(?:ğ|k)\w*|\b\w+[ae]ce(?:ğ|k)\w*",
    unless=r"\b(?:eğer|\w+(?:rsa|rse|rsanız|rseniz|rsan|rsen)|\w+(?:may|mey)[ae]c\w+|değil|\w+(?:eme|ama|emi|amı)y\w+|\w+[dt][iıuü]ğ[iıuü]m[iıuü]z[iıuü]|genellikle|normalde|belki|kampanya|hizmet ver\w+|sona er\w+|dol(?:acak|du)\w*|\w+manız gerek\w*|\w+meniz gerek\w*|kapalı|kapan\w+|açık|aç[ıi]l\w+)\b",
    within=r"(?:en geç |önümüzdeki |yaklaşık )?\b",
    numbers={"bir": 1, "iki": 2, "üç": 3, "dört": 4, "beş": 5},
    units={
        Unit.MINUTE: r"dakika\w*",
        Unit.HOUR: r"saat\w*",
        Unit.WORKING_DAY: r"iş günü\w*",
        Unit.DAY: r"gün\w*",
        Unit.WEEK: r"hafta\w*",
        Unit.MONTH: r"ay\w*",
    },
    afterwards=r" (?:içinde|içerisinde)",
    weekdays=("pazartesi(?:ye)?", "salı(?:ya)?", "çarşamba(?:ya)?", "perşembe(?:ye)?", "cuma(?:ya)?", "cumartesi(?:ye)?", "pazar(?:a)?"),
    months=("ocak", "şubat", "mart", "nisan", "mayıs", "haziran", "temmuz", "ağustos", "eylül", "ekim", "kasım", "aralık"),
    bare_weekdays=True,
    until=r"(?:geçen|her)",
    names={
        Named.TODAY: r"\bgün sonuna kadar|\bbugün|bu akşam",
        Named.TOMORROW: r"\byarın",
        Named.THIS_WEEK: "hafta sonuna kadar|bu hafta",
        Named.NEXT_WEEK: "(?:gelecek|önümüzdeki) hafta",
    },
    parts={Part.MORNING: "sabah", Part.NOON: r"öğle(?!den sonra)\w*", Part.AFTERNOON: "öğleden sonra", Part.EVENING: "akşam"},
    clock=r"saat (?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?P<half>)(?!\d| saat)",
)  # fmt: skip

JA = TimeWords(
    joins="そして",
    commits=r"します|いたします|させていただきます|致します|なります|できます|れます|届きます",
    unless=r"場合|たら、|れば|ません|ください|でしょうか|ますか|予定は|お待ち|いただいた|頂いた|はずでした|ておりました|まで(?!に)|有効期限|終了|閉店|開店|営業時間|休業|定休",
    within="",
    numbers={},
    units={
        Unit.MINUTE: "分",
        Unit.HOUR: "時間",
        Unit.WORKING_DAY: "営業日",
        Unit.DAY: "日",
        Unit.WEEK: "週間",
        Unit.MONTH: "か月|ヶ月|カ月",
    },
    afterwards="以内",
    weekdays=("月曜日?", "火曜日?", "水曜日?", "木曜日?", "金曜日?", "土曜日?", "日曜日?"),
    date=r"(?P<month>1[0-2]|[1-9])月(?P<day>\d{1,2})日",
    bare_weekdays=True,
    names={
        Named.DAY_AFTER: "明後日",
        Named.TODAY: "(?:本日|今日)(?:中|)",
        Named.TOMORROW: "明日(?:中|まで|)",
        Named.THIS_WEEK: "今週中",
        Named.NEXT_WEEK: "来週中?",
    },
    parts={Part.MORNING: "午前中?", Part.NOON: "正午", Part.AFTERNOON: "午後", Part.EVENING: "夜|夕方"},
    clock=r"(?P<hour>\d{1,2})時(?:(?P<minute>\d\d)分)?(?P<half>)(?!間)",
    spaced=False,
)  # fmt: skip

AR = TimeWords(
    joins="ثم",
    commits=r"(?:^|\W)(?:س|سوف )\w+",
    unless=r"(?:^|\W)(?:إذا|اذا|عندما|بمجرد|لن|لا|يمكنك|يجب|عادة|عادةً|سينتهي|ستنتهي|عطلة|سنغلق|ستغلق|يغلق|سنفتح|مغلق\w*|ربما|هل)(?:\W|$)",
    within=r"(?:خلال|في غضون)(?: ال)?\b",
    numbers={"": 1},
    units={
        Unit.MINUTE: "دقيقة|دقائق",
        Unit.HOUR: "ساعتين|ساعة|ساعات",
        Unit.WORKING_DAY: "أيام عمل|يومي عمل|يوم عمل",
        Unit.DAY: "يومين|يومًا|يوما|يوم|أيام",
        Unit.WEEK: "أسابيع|أسبوع",
        Unit.MONTH: "أشهر|شهر",
    },
    weekdays=("الاثنين|الإثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    months=("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    by=r"(?:قبل|بحلول|حتى)(?: يوم)?\b",
    on=r"يوم",
    until=r"(?:منذ|من)(?: يوم)?\b",
    names={
        Named.DAY_AFTER: "بعد غد",
        Named.TODAY: "اليوم|الليلة",
        Named.TOMORROW: "غد[اً]ا?ً?\\b",
        Named.THIS_WEEK: "(?:قبل |بحلول )?نهاية (?:هذا )?الأسبوع|هذا الأسبوع",
        Named.NEXT_WEEK: "الأسبوع القادم|الأسبوع المقبل",
    },
    parts={Part.MORNING: "صباحا?ً?ا?|الصباح", Part.AFTERNOON: "بعد الظهر", Part.NOON: "ظهر\\w*|الظهر", Part.EVENING: "مساءً?ا?|المساء"},
    clock=r"الساعة (?P<hour>\d{1,2})(?::(?P<minute>\d\d))?(?P<half>)",
)  # fmt: skip
