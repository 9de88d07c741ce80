"""Invented documents in five languages for tests and measurements of search; the same for the same seed."""

import random
from datetime import UTC, datetime, timedelta

WORDS = {
    "de": """Bank Sitzbank Spielplatz Kinderspielplatz Straße Straßenlaterne Fußweg Radweg Kita Schule
        Schulhof Park Stadtpark Grünfläche Bäume Baum Brunnen Trinkbrunnen Müll Mülleimer
        Café Nachbarschaftscafé Treffpunkt Jugendtreff Bücherschrank Garten
        Gemeinschaftsgarten Hochbeet Ampel Zebrastreifen Tempo 30 Bus Bushaltestelle
        Schatten Sonnensegel Hunde Hundewiese Werkstatt Fahrradwerkstatt Sprachkurs Fest
        Straßenfest Licht Beleuchtung für ohne mit vor hinter neben der die das und am im
        zum neue mehr weniger bessere sichere schöne Übergang Größe Öffnungszeiten Ärztehaus
        Sonnenweg Lindenhof Marktplatz Bahnhof Nordstadt Südring""",
    "tr": """bank oyun alanı çocuk parkı sokak lambası kaldırım bisiklet yolu okul kreş ağaç ağaçlar
        çeşme çöp kutusu kahve komşu buluşma gençlik kitap dolabı bahçe topluluk bahçesi
        trafik ışığı yaya geçidi otobüs durağı gölge köpek atölye dil kursu şenlik ışık için
        ve ile yeni daha güvenli güzel İzmir Iğdır istasyon meydan çocuklar yaşlılar görüş
        öneri""",
    "ar": """مقعد حديقة ملعب أطفال شارع إنارة رصيف دراجة طريق مدرسة روضة شجرة أشجار نافورة ماء سلة مهملات
        مقهى جيران لقاء شباب مكتبة كتب إشارة مرور حافلة محطة ظل كلب ورشة دورة لغة احتفال ضوء
        من إلى في على مع جديد جديدة أكثر آمن جميل أحمد الساحة القديمة مساحة خضراء اقتراح""",
    "uk": """лавка дитячий майданчик вулиця ліхтар тротуар велодоріжка школа садок дерево дерева фонтан
        вода смітник кав'ярня сусіди зустріч молодь книги шафа город світлофор перехід
        автобус зупинка тінь собака майстерня курс мови свято світло для і з на біля новий
        нова більше безпечний гарний їжа ґанок під'їзд площа вокзал""",
    "en": """bench playground street light pavement cycle path school nursery tree trees fountain water
        bin cafe neighbours meeting youth book shelf garden allotment traffic crossing bus
        stop shade dog workshop language course festival for and with at the new more safer
        nice square station don't people's résumé""",
}
KINDS = ("proposal", "comment", "page")
BEGINNING = datetime(2024, 1, 1, 12, 0, tzinfo=UTC)


def documents(count, seed=1):
    """(kind, id, language, title, body, date) tuples."""
    chance = random.Random(seed)
    words = {language: text.split() for language, text in WORDS.items()}
    # As in a living town: some words everywhere, most of them rare.
    weights = {language: [1 / (n + 1) ** 0.7 for n in range(len(text))] for language, text in words.items()}
    for text in words.values():
        chance.shuffle(text)
    for number in range(1, count + 1):
        language = chance.choices(list(WORDS), (55, 12, 12, 11, 10))[0]
        pick = chance.choices(words[language], weights[language], k=6 + chance.randint(10, 60))
        date = None if number % 11 == 0 else BEGINNING + timedelta(hours=chance.randint(0, 20_000))
        kind = chance.choices(KINDS, (6, 3, 1))[0]
        title = " ".join(pick[: chance.randint(2, 6)])
        yield kind, number, language, title, " ".join(pick[6:]) + f". {number * 7 % 1000} €", date


QUESTIONS = [
    "spielplatz", "Spielplatz", "SPIELPLÄTZE", "kinderspiel", "bank", "bank kita", "kita sonnenweg", "straße",
    "STRASSE", "strasse fest", "grunflache", "größe", "cafe", "café", "müll eimer", "tempo 30", "30", "70",
    "die", "d", "am", "für und", "öffnungs", "park", "platz", "weg", "laterne",
    "çocuk", "cocuk parkı", "ağaç", "izmir", "İZMİR", "Iğdır", "ışık", "bahçe",
    "مقعد", "مَقعَد", "شجرة", "شجره", "احمد", "أحمد", "إلى الساحة", "القديمه", "ماء",
    "лавка", "Дитячий майданчик", "кавярня", "кав’ярня", "їжа", "іжа", "ганок", "під'їзд",
    "playground", "people's", "dont", "resume", "street light", "tree",
    "spilplatz", "spielplaz", "sizbank", "лафка", "майданчк", "playgrond", "bushaltstelle",
    "hundewise", "مقعدد",
    "", "%", "_", "*", "a*", "NEAR(a b)", 'bank" OR "kita', "bank' --", "bank & !kita", "bank | kita", ":*",
    "title:bank", "{title}:bank", "-bank", "^bank", "\x00", "\\", "%bank%", "b_nk", "bank\nkita", "xyzzy",
]  # fmt: skip
